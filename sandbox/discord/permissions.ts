import type { Channel, Guild } from './entities.ts';

/** The permission bits that the stand-in knows (topics/permissions). */
export const permissionBits = {
  KickMembers: 1n << 1n,
  BanMembers: 1n << 2n,
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseApplicationCommands: 1n << 31n,
  ModerateMembers: 1n << 40n,
} as const;

export type PermissionName = keyof typeof permissionBits;

export function permissionSet(names: readonly PermissionName[]): bigint {
  return names.reduce((set, name) => set | permissionBits[name], 0n);
}

export const allPermissions = Object.values(permissionBits).reduce((set, bit) => set | bit, 0n);

export const everyonePermissions = permissionSet([
  'AddReactions',
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'UseApplicationCommands',
]);

/** What a user may do in a guild's channel: owner, roles, then the channel's overwrites, as Discord computes them. */
export function permissionsIn(guild: Guild, channel: Channel, userId: string): bigint {
  const member = guild.members.get(userId);
  if (!member) return 0n;
  if (guild.ownerId === userId) return allPermissions;
  const roleIds = [guild.id, ...member.roleIds];
  let set = roleIds.reduce((sum, id) => sum | (guild.roles.get(id)?.permissions ?? 0n), 0n);
  if (set & permissionBits.Administrator) return allPermissions;
  const everyone = channel.overwrites.find(each => each.id === guild.id);
  if (everyone) set = (set & ~everyone.deny) | everyone.allow;
  const roles = channel.overwrites.filter(each => each.id !== guild.id && member.roleIds.includes(each.id));
  set &= ~roles.reduce((sum, each) => sum | each.deny, 0n);
  set |= roles.reduce((sum, each) => sum | each.allow, 0n);
  const own = channel.overwrites.find(each => each.id === userId);
  return own ? (set & ~own.deny) | own.allow : set;
}

/** What a user may do in a direct-message channel. */
export const directMessagePermissions = permissionSet([
  'AddReactions',
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
]);

/** What the app may do in a channel: the channel's setting if it has one, else computed from the bot's roles. */
export function appPermissionsIn(guild: Guild | undefined, channel: Channel, appId: string): bigint {
  if (channel.appPermissions !== null) return channel.appPermissions;
  return guild ? permissionsIn(guild, channel, appId) : directMessagePermissions;
}
