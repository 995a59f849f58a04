import { attachmentPayload, type GivenFile, storeGivenFile } from './attachments.ts';
import type { RegisteredCommand } from './commands.ts';
import type { Core } from './core.ts';
import type { InteractionKind } from './events.ts';
import { interactionPayload } from './interaction-payload.ts';
import type { Acknowledgement, Interaction } from './interactions.ts';
import type { SandboxMessage, StoredMessage } from './messages.ts';
import { type ModalValue, modalSubmission } from './modal-values.ts';
import { componentTypes } from './numbers.ts';
import { type ChosenOptions, chooseOptions, type OptionValue, usableComponent } from './options.ts';
import { memberPayload, messagePayload, userPayload } from './payloads.ts';
import { permissionBits, permissionsIn } from './permissions.ts';
import { optionTypes } from './rest/command-schema.ts';
import { allComponents } from './rest/message-schema.ts';
import type { Channel } from './world.ts';

/** What a member's own client would not let them do: the message says why. */
export class MemberActionError extends Error {
  override name = 'MemberActionError';
}

/** An interaction that a member caused, and what the bot made of it. */
export interface InteractionHandle {
  id: string;
  token: string;
  createdAt: number;
  memberId: string;
  /** The bot's first answer; kind `none` when none came within 3 s of the stand-in's clock. Never rejects. */
  acknowledged: Promise<Acknowledgement>;
  /** The original response as it stands; undefined before it is made, or when it was deleted. */
  original(): SandboxMessage | undefined;
  /** Follow-ups that stand, oldest first. */
  followUps(): SandboxMessage[];
}

export interface CommandAction {
  /** Left out: in the direct messages with the bot. */
  guildId?: string;
  channelId: string;
  memberId: string;
  name: string;
  subcommandGroup?: string;
  subcommand?: string;
  options?: Record<string, OptionValue | undefined>;
  /** Send it even though the member's client would refuse the options (as an old client, or a hand-made request, can). */
  lenient?: boolean;
}

export interface MembersDeps {
  core: Core;
  dispatch: (payload: unknown, guildId: string | null) => void;
}

export type Members = ReturnType<typeof createMembers>;

/** What members do: commands, buttons, menus, modals, deleting messages; each checked as Discord's client would. */
export function createMembers({ core, dispatch }: MembersDeps) {
  const { world, messages, interactions, commands } = core;
  const modals = new Map<string, Interaction>();

  function send(
    kind: InteractionKind,
    name: string,
    memberId: string,
    channel: Channel,
    source: StoredMessage | null,
    dataOf: () => Record<string, unknown>,
  ): InteractionHandle {
    const interaction = interactions.add({
      kind,
      name,
      memberId,
      channelId: channel.id,
      guildId: channel.guildId,
      sourceMessageId: source?.id ?? null,
    });
    modals.set(interaction.id, interaction);
    const { id, token, createdAt, acknowledged } = interaction;
    core.events.emit('interaction-created', {
      interactionId: id,
      kind,
      name,
      memberId,
      channelId: channel.id,
      messageId: source?.id ?? null,
    });
    dispatch(interactionPayload(core, interaction, dataOf()), channel.guildId);
    return {
      ...{ id, token, createdAt, memberId, acknowledged },
      original: () => viewOf(interaction.originalId),
      followUps: () => interaction.followUpIds.flatMap(each => viewOf(each) ?? []),
    };
  }

  function viewOf(id: string | null): SandboxMessage | undefined {
    const message = id === null ? undefined : messages.alive(id);
    return message && messages.view(message);
  }

  /** The channel, if the member is there and may see it. */
  function enter(channelId: string, memberId: string, needed: (keyof typeof permissionBits)[] = []): Channel {
    const channel = world.channel(channelId);
    if (channel.guildId === null) {
      if (channel.recipientId !== memberId) throw new MemberActionError('these are the direct messages of someone else');
      return channel;
    }
    const can = permissionsIn(world.guild(channel.guildId), channel, memberId);
    const lacking = (['ViewChannel', ...needed] as const).find(name => !(can & permissionBits[name]));
    if (lacking) throw new MemberActionError(`${world.user(memberId).username} lacks ${lacking} in #${channel.name}`);
    return channel;
  }

  function offered(name: string, type: number, channel: Channel, memberId: string): RegisteredCommand {
    const command = commands.find(channel.guildId, name, type);
    if (!command) throw new MemberActionError(`the bot has registered no command ${name}`);
    const { contexts, default_member_permissions: needed, nsfw } = command.body;
    const context = channel.guildId === null ? 1 : 0;
    if (contexts && !contexts.includes(context)) throw new MemberActionError(`/${name} is not offered here`);
    if (nsfw && !channel.ageRestricted) throw new MemberActionError(`/${name} is offered in age-restricted channels only`);
    if (channel.guildId !== null && needed != null) {
      const can = permissionsIn(world.guild(channel.guildId), channel, memberId);
      const hidden = needed === '0' ? !(can & permissionBits.Administrator) : (can & BigInt(needed)) !== BigInt(needed);
      if (hidden) throw new MemberActionError(`/${name} is not offered to ${world.user(memberId).username}`);
    }
    return command;
  }

  /** Uses a slash command; files are uploaded first, so that the bot gets signed links. */
  async function command(action: CommandAction): Promise<InteractionHandle> {
    const channel = enter(
      action.channelId,
      action.memberId,
      world.channel(action.channelId).guildId ? ['UseApplicationCommands'] : [],
    );
    if (action.guildId !== undefined && action.guildId !== channel.guildId)
      throw new MemberActionError('the channel is in another guild');
    const registered = offered(action.name, 1, channel, action.memberId);
    const path = [action.subcommandGroup, action.subcommand].filter(each => each !== undefined);
    const checked = chooseOptions(registered, path, action.options ?? {}, action.lenient === true);
    if (!checked.ok) throw new MemberActionError(checked.problem);
    const data = await commandData(channel, registered, checked.chosen);
    return send('command', action.name, action.memberId, channel, null, () => data);
  }

  async function commandData(channel: Channel, registered: RegisteredCommand, chosen: ChosenOptions) {
    const resolved: Record<string, Record<string, unknown>> = {};
    const leaves = await Promise.all(
      chosen.given.map(async ({ option, value }) => ({
        name: option.name,
        type: option.type,
        value: typeof value === 'object' ? await upload(channel, value.file, resolved) : value,
      })),
    );
    for (const leaf of leaves) resolveId(leaf.type, String(leaf.value), channel, resolved);
    const options = chosen.path.reduceRight<unknown[]>((below, { name, type }) => [{ name, type, options: below }], leaves);
    return {
      id: registered.id,
      name: registered.body.name,
      type: 1,
      ...(registered.guildId === null ? {} : { guild_id: registered.guildId }),
      options,
      ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
    };
  }

  async function upload(channel: Channel, given: GivenFile, resolved: Record<string, Record<string, unknown>>): Promise<string> {
    const file = await storeGivenFile(core.cdn, core.nextId, channel.id, given);
    (resolved.attachments ??= {})[file.id] = attachmentPayload(file, core.cdn);
    return file.id;
  }

  function resolveId(type: number, id: string, channel: Channel, resolved: Record<string, Record<string, unknown>>): void {
    if (type !== optionTypes.user && type !== optionTypes.mentionable) return;
    (resolved.users ??= {})[id] = userPayload(world.user(id));
    const guild = channel.guildId === null ? undefined : world.guild(channel.guildId);
    const member = guild?.members.get(id);
    if (guild && member) {
      const permissions = permissionsIn(guild, channel, id).toString();
      (resolved.members ??= {})[id] = { ...memberPayload(member), permissions };
    }
  }

  /** Uses a command of a message's or a user's menu. */
  function menu(
    action:
      | { channelId: string; memberId: string; name: string; messageId: string }
      | { channelId: string; memberId: string; name: string; userId: string },
  ) {
    const channel = enter(action.channelId, action.memberId);
    const onMessage = 'messageId' in action;
    const registered = offered(action.name, onMessage ? 3 : 2, channel, action.memberId);
    const resolved: Record<string, Record<string, unknown>> = {};
    if (onMessage) {
      const message = visible(action.messageId, action.memberId);
      resolved.messages = { [message.id]: messagePayload(message, core) };
    } else {
      resolveId(optionTypes.user, action.userId, channel, resolved);
    }
    const target_id = onMessage ? action.messageId : action.userId;
    const data = { id: registered.id, name: action.name, type: registered.type, target_id, resolved };
    return send('command', action.name, action.memberId, channel, null, () => data);
  }

  function visible(messageId: string, memberId: string): StoredMessage {
    const message = messages.alive(messageId);
    if (!message) throw new MemberActionError('the message is gone');
    if (!messages.maySee(message, memberId))
      throw new MemberActionError(`${world.user(memberId).username} can't see this message`);
    return message;
  }

  function component(messageId: string, customId: string, memberId: string) {
    const message = visible(messageId, memberId);
    const found = allComponents(message.components).find(each => each.custom_id === customId);
    if (!found) {
      const ids = allComponents(message.components).flatMap(each => each.custom_id ?? []);
      throw new MemberActionError(`the message has no component ${customId}, but: ${ids.join(', ') || 'none'}`);
    }
    const usable = usableComponent.parse(found);
    if (usable.disabled) throw new MemberActionError(`${customId} is disabled`);
    return { message, usable };
  }

  /** Presses a button. */
  function press(action: { messageId: string; customId: string; memberId: string }): InteractionHandle {
    const { message, usable } = component(action.messageId, action.customId, action.memberId);
    if (usable.type !== componentTypes.button) throw new MemberActionError(`${action.customId} is not a button`);
    const data = { custom_id: action.customId, component_type: usable.type };
    return send('component', action.customId, action.memberId, world.channel(message.channelId), message, () => data);
  }

  /** Chooses from a select menu. */
  function choose(action: { messageId: string; customId: string; memberId: string; values: string[] }): InteractionHandle {
    const { message, usable } = component(action.messageId, action.customId, action.memberId);
    const { values } = action;
    if (usable.type === componentTypes.button) throw new MemberActionError(`${action.customId} is a button`);
    const known = usable.options?.map(each => each.value);
    const strange = known && values.find(each => !known.includes(each));
    if (strange !== undefined) throw new MemberActionError(`the menu doesn't offer ${strange}`);
    if (values.length < (usable.min_values ?? 1) || values.length > (usable.max_values ?? 1)) {
      throw new MemberActionError(`the menu takes ${usable.min_values ?? 1} to ${usable.max_values ?? 1} values`);
    }
    const channel = world.channel(message.channelId);
    const resolved: Record<string, Record<string, unknown>> = {};
    if (usable.type === componentTypes.userSelect) for (const id of values) resolveId(optionTypes.user, id, channel, resolved);
    const data = { custom_id: action.customId, component_type: usable.type, values, resolved };
    return send('component', action.customId, action.memberId, channel, message, () => data);
  }

  /** Fills in and sends the modal with which an interaction was answered. */
  async function submitModal(action: {
    interaction: { id: string };
    values?: Record<string, ModalValue>;
  }): Promise<InteractionHandle> {
    const opened = modals.get(action.interaction.id);
    const modal = opened?.acknowledgement?.modal;
    if (!opened || !modal) throw new MemberActionError('the interaction was not answered with a modal');
    const channel = world.channel(opened.channelId);
    const resolved: Record<string, Record<string, unknown>> = {};
    const submission = await modalSubmission(modal, action.values ?? {}, file => upload(channel, file, resolved));
    if (!submission.ok) throw new MemberActionError(submission.problem);
    const source = opened.sourceMessageId === null ? undefined : messages.alive(opened.sourceMessageId);
    const data = {
      custom_id: modal.custom_id,
      components: submission.components,
      ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
    };
    return send('modal', modal.custom_id, opened.memberId, channel, source ?? null, () => data);
  }

  /** Writes an ordinary message. */
  function say(action: { channelId: string; memberId: string; content: string }): SandboxMessage {
    enter(action.channelId, action.memberId, ['SendMessages']);
    const made = messages.create({
      channelId: action.channelId,
      authorId: action.memberId,
      body: { content: action.content },
      uploads: [],
    });
    if (!made.ok) throw new MemberActionError(JSON.stringify(made.answer.json));
    return messages.view(made.value);
  }

  /** Deletes a message: one's own, or with ManageMessages any that is not ephemeral. An ephemeral one is dismissed. */
  function remove(action: { messageId: string; memberId: string }): void {
    const message = visible(action.messageId, action.memberId);
    const own = message.authorId === action.memberId || message.ephemeralFor === action.memberId;
    if (!own) enter(message.channelId, action.memberId, ['ManageMessages']);
    messages.remove(message);
  }

  return { command, menu, press, choose, submitModal, say, remove };
}
