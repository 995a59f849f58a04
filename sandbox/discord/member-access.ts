import type { RegisteredCommand } from './commands.ts';
import type { Core } from './core.ts';
import type { Channel } from './entities.ts';
import type { StoredMessage } from './message-types.ts';
import { usableComponent } from './options.ts';
import { type PermissionName, permissionBits, permissionsIn } from './permissions.ts';
import { allComponents } from './rest/message-schema.ts';

/** What a member's own client would not let them do: the message says why. */
export class MemberActionError extends Error {
  override name = 'MemberActionError';
}

export type MemberAccess = ReturnType<typeof createMemberAccess>;

/** What a member can see and use; everything else throws a MemberActionError. */
export function createMemberAccess({ world, messages, commands }: Core) {
  const nameOf = (memberId: string) => world.user(memberId).username;

  /** The channel, if the member is there and may see it. */
  function enter(channelId: string, memberId: string, needed: PermissionName[] = []): Channel {
    const channel = world.channel(channelId);
    if (channel.guildId === null) {
      if (channel.recipientId !== memberId) throw new MemberActionError('these are the direct messages of someone else');
      return channel;
    }
    const can = permissionsIn(world.guild(channel.guildId), channel, memberId);
    const lacking = (['ViewChannel', ...needed] as const).find(name => !(can & permissionBits[name]));
    if (lacking) throw new MemberActionError(`${nameOf(memberId)} lacks ${lacking} in #${channel.name}`);
    return channel;
  }

  /** The command, if it is registered and offered to the member in this channel. */
  function offered(name: string, type: number, channel: Channel, memberId: string): RegisteredCommand {
    const command = commands.find(channel.guildId, name, type);
    if (!command) throw new MemberActionError(`the bot has registered no command ${name}`);
    const withheld = whyWithheld(command, channel, memberId);
    if (withheld !== null) throw new MemberActionError(withheld);
    return command;
  }

  /** Why a command is not offered to the member in this channel; null: it is. */
  function whyWithheld(command: RegisteredCommand, channel: Channel, memberId: string): string | null {
    const { name } = command.body;
    const { contexts, default_member_permissions: needed, nsfw } = command.body;
    const context = channel.guildId === null ? 1 : 0;
    if (contexts && !contexts.includes(context)) return `${name} is not offered here`;
    if (nsfw && !channel.ageRestricted) return `${name} is offered in age-restricted channels only`;
    if (channel.guildId !== null && needed != null) {
      const can = permissionsIn(world.guild(channel.guildId), channel, memberId);
      const wanted = needed === '0' ? permissionBits.Administrator : BigInt(needed);
      if ((can & wanted) !== wanted) return `${name} is not offered to ${nameOf(memberId)}`;
    }
    return null;
  }

  /** Every command that a member finds in a channel: a guild's own take the place of global ones with their name. */
  function allOffered(channel: Channel, memberId: string): RegisteredCommand[] {
    const all = [...(channel.guildId === null ? [] : commands.list(channel.guildId)), ...commands.list(null)];
    return all.filter(
      each => commands.find(channel.guildId, each.body.name, each.type) === each && whyWithheld(each, channel, memberId) === null,
    );
  }

  /** The message, if it stands and the member sees it. */
  function visible(messageId: string, memberId: string): StoredMessage {
    const message = messages.alive(messageId);
    if (!message) throw new MemberActionError('the message is gone');
    if (!messages.maySee(message, memberId)) throw new MemberActionError(`${nameOf(memberId)} can't see this message`);
    return message;
  }

  /** A message's component, if the member can use it. */
  function component(messageId: string, customId: string, memberId: string) {
    const message = visible(messageId, memberId);
    const all = allComponents(message.components);
    const found = all.find(each => each.custom_id === customId);
    if (!found) {
      const ids = all.flatMap(each => each.custom_id ?? []).join(', ');
      throw new MemberActionError(`the message has no component ${customId}, but: ${ids || 'none'}`);
    }
    const usable = usableComponent.parse(found);
    if (usable.disabled) throw new MemberActionError(`${customId} is disabled`);
    return { message, usable };
  }

  return { enter, offered, allOffered, visible, component };
}
