import type { Channel, Guild, GuildMember, User } from './entities.ts';
import { allPermissions, appPermissionsIn } from './permissions.ts';
import type { World } from './world.ts';

/** The shapes in which Discord's API speaks of users, guilds, channels and messages. */

export function userPayload(user: User) {
  return {
    id: user.id,
    username: user.username,
    discriminator: user.bot ? '0001' : '0',
    global_name: user.bot ? null : user.displayName,
    avatar: null,
    bot: user.bot,
    public_flags: 0,
  };
}

export function memberPayload(member: GuildMember) {
  return {
    nick: null,
    avatar: null,
    roles: member.roleIds,
    joined_at: new Date(member.joinedAt).toISOString(),
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    communication_disabled_until: null,
  };
}

export function channelPayload(channel: Channel, world: World) {
  if (channel.guildId === null) {
    const recipient = channel.recipientId === null ? undefined : world.users.get(channel.recipientId);
    return { id: channel.id, type: 1, last_message_id: null, flags: 0, recipients: recipient ? [userPayload(recipient)] : [] };
  }
  return {
    id: channel.id,
    type: 0,
    guild_id: channel.guildId,
    name: channel.name,
    nsfw: channel.ageRestricted,
    position: 0,
    parent_id: null,
    topic: null,
    rate_limit_per_user: 0,
    last_message_id: null,
    flags: 0,
    permission_overwrites: overwritesPayload(channel, world),
  };
}

/** The channel's overwrites; an app's permissions that were set stand as the bot's own overwrite, so a cache computes the same. */
function overwritesPayload(channel: Channel, world: World) {
  const set = channel.appPermissions;
  const overwrites = channel.overwrites.filter(each => set === null || each.id !== world.bot.id);
  const own = set === null ? [] : [{ id: world.bot.id, kind: 'member' as const, allow: set, deny: allPermissions & ~set }];
  return [...overwrites, ...own].map(each => ({
    id: each.id,
    type: each.kind === 'role' ? 0 : 1,
    allow: each.allow.toString(),
    deny: each.deny.toString(),
  }));
}

export function rolesPayload(guild: Guild) {
  return [...guild.roles.values()].map((role, position) => ({
    id: role.id,
    name: role.name,
    permissions: role.permissions.toString(),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    flags: 0,
  }));
}

export function guildPayload(guild: Guild) {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    owner_id: guild.ownerId,
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    roles: rolesPayload(guild),
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: guild.locale,
    public_updates_channel_id: null,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    safety_alerts_channel_id: null,
  };
}

/** The GUILD_CREATE event: of the members only the bot, as without the members' intent. */
export function guildCreatePayload(guild: Guild, world: World) {
  const own = guild.members.get(world.bot.id);
  return {
    ...guildPayload(guild),
    joined_at: new Date(guild.joinedAt).toISOString(),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: own ? [{ ...memberPayload(own), user: userPayload(world.bot) }] : [],
    channels: guild.channelIds.map(id => channelPayload(world.channel(id), world)),
    threads: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** What the app may do in a channel, as interactions state it. */
export function appPermissionsText(channel: Channel, world: World): string {
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  return appPermissionsIn(guild, channel, world.bot.id).toString();
}
