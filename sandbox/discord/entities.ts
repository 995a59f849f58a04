/** What the stand-in's world is made of. */

export interface User {
  id: string;
  username: string;
  displayName: string;
  bot: boolean;
  locale: string;
  /** False: a direct message to this user is refused (50007). */
  acceptsDirectMessages: boolean;
}

export interface Role {
  id: string;
  name: string;
  permissions: bigint;
}

export interface GuildMember {
  userId: string;
  roleIds: string[];
  joinedAt: number;
}

export interface Overwrite {
  /** A role's id (the guild's own id is everyone) or a user's. */
  id: string;
  kind: 'role' | 'member';
  allow: bigint;
  deny: bigint;
}

export interface Channel {
  id: string;
  /** Null for a direct-message channel. */
  guildId: string | null;
  name: string;
  ageRestricted: boolean;
  overwrites: Overwrite[];
  /** What the app may do here; null: computed from its roles. */
  appPermissions: bigint | null;
  /** The user at the other end of a direct-message channel. */
  recipientId: string | null;
}

export interface Guild {
  id: string;
  name: string;
  ownerId: string;
  locale: string;
  roles: Map<string, Role>;
  members: Map<string, GuildMember>;
  channelIds: string[];
  attachmentSizeLimitBytes: number;
  joinedAt: number;
}
