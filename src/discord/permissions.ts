import { PermissionFlagsBits } from 'discord.js';
import type { MissingPermission } from '../core/guards/guard.ts';

/** What the install link asks for: enough for a video in any channel or thread, and no more. docs/discord-application.md says why each. */
export const INVITED_PERMISSIONS =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.AttachFiles;

/** By `app_permissions` of the interaction, which Discord computes for its channel. */
export function missingPermissions(appPermissions: bigint, inThread: boolean): MissingPermission[] {
  const has = (flag: bigint) => (appPermissions & (flag | PermissionFlagsBits.Administrator)) !== 0n;
  const needed: [MissingPermission, bigint][] = [
    ['view', PermissionFlagsBits.ViewChannel],
    inThread ? ['sendInThreads', PermissionFlagsBits.SendMessagesInThreads] : ['send', PermissionFlagsBits.SendMessages],
    ['attach', PermissionFlagsBits.AttachFiles],
  ];
  return needed.filter(([, flag]) => !has(flag)).map(([name]) => name);
}

/** Members who may press other members' buttons. */
export function isModerator(memberPermissions: bigint | undefined): boolean {
  const wanted = PermissionFlagsBits.ManageMessages | PermissionFlagsBits.Administrator;
  return memberPermissions !== undefined && (memberPermissions & wanted) !== 0n;
}

/** Members who may act on other members. https://docs.discord.com/developers/topics/permissions */
export function mayModerate(memberPermissions: bigint | undefined): boolean {
  const wanted = PermissionFlagsBits.ModerateMembers | PermissionFlagsBits.Administrator;
  return memberPermissions !== undefined && (memberPermissions & wanted) !== 0n;
}
