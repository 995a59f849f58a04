import { PermissionFlagsBits } from 'discord.js';

/** What the bot lacks in a channel to post a video there; the names are keys of texts. */
export type Missing = 'view' | 'send' | 'sendInThreads' | 'attach';

/** By `app_permissions` of the interaction, which Discord computes for its channel. */
export function missingPermissions(appPermissions: bigint, inThread: boolean): Missing[] {
  const has = (flag: bigint) => (appPermissions & (flag | PermissionFlagsBits.Administrator)) !== 0n;
  const needed: [Missing, bigint][] = [
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
