import type { Clock } from './clock.ts';
import type { Channel, Guild, GuildMember, Overwrite, Role, User } from './entities.ts';
import type { EventHub } from './events.ts';
import { defaultAttachmentSizeLimitBytes } from './numbers.ts';
import { allPermissions, everyonePermissions, type PermissionName, permissionSet } from './permissions.ts';
import type { NextId } from './snowflake.ts';

export interface WorldDeps {
  clock: Clock;
  nextId: NextId;
  events: EventHub;
}

export type World = ReturnType<typeof createWorld>;

const moderatorPermissions = permissionSet(['ManageMessages', 'KickMembers', 'BanMembers', 'ModerateMembers']);

/** Guilds, channels, members and the bot's own user: the one state behind REST, gateway and members' actions. */
export function createWorld(deps: WorldDeps) {
  const { clock, nextId, events } = deps;
  const users = new Map<string, User>();
  const guilds = new Map<string, Guild>();
  const channels = new Map<string, Channel>();
  const changed = (change: Parameters<typeof events.emit<'world-changed'>>[1]['change']) =>
    events.emit('world-changed', { change });

  function addUser(options: Partial<Omit<User, 'id'>> & { username: string }): User {
    const { username } = options;
    const displayName = username.charAt(0).toUpperCase() + username.slice(1);
    const user: User = { id: nextId(), displayName, bot: false, locale: 'en-US', acceptsDirectMessages: true, ...options };
    users.set(user.id, user);
    changed({ kind: 'user-added', userId: user.id });
    return user;
  }

  const bot = addUser({ username: 'hallo', displayName: 'Hallo', bot: true });

  function makeChannel(guildId: string, name: string, ageRestricted: boolean, overwrites: Overwrite[]): Channel {
    const channel: Channel = {
      id: nextId(),
      guildId,
      name,
      ageRestricted,
      overwrites,
      appPermissions: null,
      recipientId: null,
    };
    channels.set(channel.id, channel);
    return channel;
  }

  /** Adds a guild with the roles moderator and administrator and the given channels (one `general` if none are named). */
  function addGuild(options: {
    name: string;
    ownerId?: string;
    memberIds?: string[];
    channels?: string[];
    locale?: string;
  }): Guild {
    const id = nextId();
    const role = (name: string, permissions: bigint, roleId = nextId()): [string, Role] => [
      roleId,
      { id: roleId, name, permissions },
    ];
    const guild: Guild = {
      id,
      name: options.name,
      ownerId: options.ownerId ?? '0',
      locale: options.locale ?? 'en-US',
      roles: new Map([
        role('@everyone', everyonePermissions, id),
        role('moderator', moderatorPermissions),
        role('administrator', allPermissions),
      ]),
      members: new Map(),
      channelIds: [],
      attachmentSizeLimitBytes: defaultAttachmentSizeLimitBytes,
      joinedAt: clock.now(),
    };
    for (const userId of [bot.id, ...(options.memberIds ?? [])]) {
      guild.members.set(userId, { userId, roleIds: [], joinedAt: clock.now() });
    }
    guild.channelIds = (options.channels ?? ['general']).map(name => makeChannel(id, name, false, []).id);
    guilds.set(id, guild);
    changed({ kind: 'guild-added', guildId: id });
    return guild;
  }

  function removeGuild(guildId: string): void {
    const guild = guilds.get(guildId);
    if (!guild) return;
    guilds.delete(guildId);
    for (const channelId of guild.channelIds) channels.delete(channelId);
    changed({ kind: 'guild-removed', guildId });
  }

  function guild(guildId: string): Guild {
    const found = guilds.get(guildId);
    if (!found) throw new Error(`the sandbox has no guild ${guildId}`);
    return found;
  }

  function channel(channelId: string): Channel {
    const found = channels.get(channelId);
    if (!found) throw new Error(`the sandbox has no channel ${channelId}`);
    return found;
  }

  function user(userId: string): User {
    const found = users.get(userId);
    if (!found) throw new Error(`the sandbox has no user ${userId}`);
    return found;
  }

  function roleNamed(guildId: string, name: string): Role {
    const found = [...guild(guildId).roles.values()].find(each => each.name === name);
    if (!found) throw new Error(`guild ${guildId} has no role ${name}`);
    return found;
  }

  function addChannel(guildId: string, options: { name: string; ageRestricted?: boolean; onlyModerators?: boolean }): Channel {
    const view = permissionSet(['ViewChannel']);
    const overwrites: Overwrite[] = options.onlyModerators
      ? [
          { id: guildId, kind: 'role', allow: 0n, deny: view },
          { id: roleNamed(guildId, 'moderator').id, kind: 'role', allow: view, deny: 0n },
          { id: bot.id, kind: 'member', allow: view, deny: 0n },
        ]
      : [];
    const added = makeChannel(guildId, options.name, options.ageRestricted ?? false, overwrites);
    guild(guildId).channelIds.push(added.id);
    changed({ kind: 'channel-added', guildId, channelId: added.id });
    return added;
  }

  function removeChannel(channelId: string): void {
    const { guildId } = channel(channelId);
    if (guildId === null) throw new Error('a direct-message channel cannot be removed');
    const owner = guild(guildId);
    owner.channelIds = owner.channelIds.filter(id => id !== channelId);
    channels.delete(channelId);
    changed({ kind: 'channel-removed', guildId, channelId });
  }

  /** Puts a user into a guild, with roles by name. */
  function addMember(guildId: string, userId: string, options: { roles?: string[] } = {}): GuildMember {
    const roleIds = (options.roles ?? []).map(name => roleNamed(guildId, name).id);
    const member: GuildMember = { userId: user(userId).id, roleIds, joinedAt: clock.now() };
    guild(guildId).members.set(userId, member);
    changed({ kind: 'guild-changed', guildId });
    return member;
  }

  /** What the app may do in a channel from now on; null: as its roles say. */
  function setAppPermissions(channelId: string, names: readonly PermissionName[] | null): void {
    const target = channel(channelId);
    target.appPermissions = names === null ? null : permissionSet(names);
    if (target.guildId !== null) changed({ kind: 'channel-changed', guildId: target.guildId, channelId });
  }

  function setAttachmentSizeLimit(guildId: string, sizeBytes: number): void {
    guild(guildId).attachmentSizeLimitBytes = sizeBytes;
    changed({ kind: 'guild-changed', guildId });
  }

  function setDirectMessages(userId: string, open: boolean): void {
    user(userId).acceptsDirectMessages = open;
    changed({ kind: 'user-changed', userId });
  }

  /** The language that a user chose; the bot learns of it with the next interaction. */
  function setLocale(userId: string, locale: string): void {
    user(userId).locale = locale;
    changed({ kind: 'user-changed', userId });
  }

  /** The direct-message channel of the bot with a user; made on first use. */
  function directChannel(userId: string): Channel {
    const existing = [...channels.values()].find(each => each.recipientId === userId);
    if (existing) return existing;
    const made: Channel = { ...makeChannel('', '', false, []), guildId: null, recipientId: user(userId).id };
    channels.set(made.id, made);
    return made;
  }

  return {
    ...{ users, guilds, channels, bot, addUser, addGuild, removeGuild, guild, channel, user, roleNamed, addChannel },
    ...{ removeChannel, addMember, setAppPermissions, setAttachmentSizeLimit, setDirectMessages, setLocale, directChannel },
  };
}
