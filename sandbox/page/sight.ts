import type { Channel, Guild } from '../discord/entities.ts';
import type { Discord, SandboxMessage } from '../discord/index.ts';
import { directMessagePermissions, permissionBits, permissionsIn } from '../discord/permissions.ts';
import type { PageChannel, PageCommand, PageGuild, PageMessage, Sight } from './protocol.ts';

/** Everything that a member sees now. */
export function sightOf(discord: Discord, memberId: string): Sight {
  const { world } = discord;
  const guilds = [...world.guilds.values()]
    .filter(guild => guild.members.has(memberId))
    .map(guild => guildOf(discord, guild, memberId));
  const directMessages = channelOf(discord, world.directChannel(memberId), memberId);
  const channels = [...guilds.flatMap(guild => guild.channels), directMessages];
  return {
    memberId,
    users: [...world.users.values()].map(({ id, displayName, bot, locale }) => ({ id, displayName, bot, locale })),
    guilds,
    directMessages,
    commands: commandsOf(discord, guilds),
    messages: channels
      .flatMap(({ id }) => discord.messages.inChannel(id, { as: memberId }))
      .map(each => messageOf(discord, each)),
  };
}

function guildOf(discord: Discord, guild: Guild, memberId: string): PageGuild {
  const { world } = discord;
  const channels = guild.channelIds.map(id => world.channel(id));
  const visible = channels.filter(channel => permissionsIn(guild, channel, memberId) & permissionBits.ViewChannel);
  return {
    id: guild.id,
    name: guild.name,
    roles: [...guild.roles.values()].map(({ id, name }) => ({ id, name })),
    members: [...guild.members.values()].map(({ userId, roleIds }) => ({
      userId,
      roleNames: roleIds.flatMap(id => guild.roles.get(id)?.name ?? []),
    })),
    channels: visible.map(channel => channelOf(discord, channel, memberId)),
  };
}

function channelOf(discord: Discord, channel: Channel, memberId: string): PageChannel {
  const guild = channel.guildId === null ? undefined : discord.world.guild(channel.guildId);
  const can = guild ? permissionsIn(guild, channel, memberId) : directMessagePermissions;
  return {
    id: channel.id,
    name: channel.name,
    ageRestricted: channel.ageRestricted,
    restricted: channel.overwrites.some(each => each.id === channel.guildId && Boolean(each.deny & permissionBits.ViewChannel)),
    commandIds: discord.members.offered({ channelId: channel.id, memberId }).map(each => each.id),
    mayWrite: Boolean(can & permissionBits.SendMessages),
    moderates: Boolean(can & permissionBits.ManageMessages),
  };
}

function commandsOf(discord: Discord, guilds: readonly PageGuild[]): PageCommand[] {
  const scopes = [null, ...guilds.map(guild => guild.id)];
  return scopes.flatMap(scope => discord.commands.registered(scope)).map(({ id, type, body }) => ({ id, type, body }));
}

/** A message as the page shows it. */
export function messageOf(discord: Discord, message: SandboxMessage): PageMessage {
  const interaction = message.interactionId === null ? undefined : beginningOf(discord, message.interactionId);
  return {
    ...message,
    attachments: message.attachments.map(each => ({ ...each, url: pathOf(each.url) })),
    interaction: interaction ? { kind: interaction.kind, name: interaction.name, memberId: interaction.memberId } : null,
  };
}

/** What a member did first: of a dialogue's answer, the command or button that opened the dialogue. */
function beginningOf(discord: Discord, interactionId: string): ReturnType<Discord['interaction']> {
  const interaction = discord.interaction(interactionId);
  return interaction?.openedById === undefined ? interaction : beginningOf(discord, interaction.openedById);
}

/** The page may have been opened under another of this machine's names than the one in the link. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
