import type { GivenFile } from './attachments.ts';
import { contentTypeOf } from './cdn.ts';
import type { RegisteredCommand } from './commands.ts';
import type { Core } from './core.ts';
import type { InteractionKind } from './events.ts';
import { interactionPayload } from './interaction-payload.ts';
import type { Acknowledgement, Interaction } from './interactions.ts';
import { createMemberAccess, MemberActionError } from './member-access.ts';
import { createResolved, slashData } from './member-data.ts';
import type { SandboxMessage } from './message-types.ts';
import { type ModalValue, modalSubmission } from './modal-values.ts';
import { componentTypes } from './numbers.ts';
import { chooseOptions, type OptionValue } from './options.ts';
import { refusalText } from './rest/answers.ts';

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

type Upload = Pick<GivenFile, 'name' | 'bytes' | 'contentType'>;

export interface CommandAction {
  /** Checked against the channel's guild if given. */
  guildId?: string;
  /** A guild's channel, or the member's direct messages with the bot. */
  channelId: string;
  memberId: string;
  name: string;
  subcommandGroup?: string;
  subcommand?: string;
  options?: Record<string, OptionValue | undefined>;
  /** Send it even though the member's client would refuse the options (as an old client, or a hand-made request, can). */
  lenient?: boolean;
}

export type MenuTarget = { messageId: string } | { userId: string };

export interface MembersDeps {
  core: Core;
  dispatch: (payload: unknown, guildId: string | null) => void;
}

interface Cause {
  kind: InteractionKind;
  name: string;
  memberId: string;
  channelId: string;
  sourceMessageId: string | null;
  openedById?: string;
  data: Record<string, unknown>;
}

export type Members = ReturnType<typeof createMembers>;

/** What members do: commands, buttons, menus, modals, deleting messages; each checked as Discord's client would. */
export function createMembers({ core, dispatch }: MembersDeps) {
  const { world, messages, interactions } = core;
  const access = createMemberAccess(core);

  function send({ data, ...cause }: Cause): InteractionHandle {
    const { guildId } = world.channel(cause.channelId);
    const interaction = interactions.add({ ...cause, guildId });
    const { kind, name, memberId, channelId, sourceMessageId: messageId } = cause;
    core.events.emit('interaction-created', { interactionId: interaction.id, kind, name, memberId, channelId, messageId });
    dispatch(interactionPayload(core, interaction, data), guildId);
    return handleOf(interaction);
  }

  function handleOf(interaction: Interaction): InteractionHandle {
    const { id, token, createdAt, memberId, acknowledged } = interaction;
    const viewOf = (messageId: string | null) => {
      const message = messageId === null ? undefined : messages.alive(messageId);
      return message && messages.view(message);
    };
    return {
      ...{ id, token, createdAt, memberId, acknowledged },
      original: () => viewOf(interaction.originalId),
      followUps: () => interaction.followUpIds.flatMap(each => viewOf(each) ?? []),
    };
  }

  /** Uses a slash command; files are uploaded first, so that the bot gets signed links. */
  async function command(action: CommandAction): Promise<InteractionHandle> {
    const { channelId, memberId, name } = action;
    const inGuild = world.channel(channelId).guildId !== null;
    const channel = access.enter(channelId, memberId, inGuild ? ['UseApplicationCommands'] : []);
    if (action.guildId !== undefined && action.guildId !== channel.guildId) {
      throw new MemberActionError('the channel is not in this guild');
    }
    const registered = access.offered(name, 1, channel, memberId);
    const path = [action.subcommandGroup, action.subcommand].filter(each => each !== undefined);
    const checked = chooseOptions(registered, path, action.options ?? {}, action.lenient === true);
    if (!checked.ok) throw new MemberActionError(checked.problem);
    const data = await slashData(registered, checked.chosen, createResolved(core, channel));
    return send({ kind: 'command', name, memberId, channelId, sourceMessageId: null, data });
  }

  /** Uses a command of a message's or a user's menu. */
  function menu(action: { channelId: string; memberId: string; name: string } & MenuTarget): InteractionHandle {
    const { channelId, memberId, name } = action;
    const channel = access.enter(channelId, memberId);
    const resolved = createResolved(core, channel);
    const onMessage = 'messageId' in action;
    const registered = access.offered(name, onMessage ? 3 : 2, channel, memberId);
    if (onMessage) resolved.message(access.visible(action.messageId, memberId).id);
    else resolved.user(action.userId);
    const targetId = onMessage ? action.messageId : action.userId;
    const data = { id: registered.id, name, type: registered.type, target_id: targetId, ...resolved.all() };
    return send({ kind: 'command', name, memberId, channelId, sourceMessageId: null, data });
  }

  /** Presses a button. */
  function press({
    messageId,
    customId,
    memberId,
  }: {
    messageId: string;
    customId: string;
    memberId: string;
  }): InteractionHandle {
    const { message, usable } = access.component(messageId, customId, memberId);
    if (usable.type !== componentTypes.button) throw new MemberActionError(`${customId} is not a button`);
    const data = { custom_id: customId, component_type: usable.type };
    return send({ kind: 'component', name: customId, memberId, channelId: message.channelId, sourceMessageId: messageId, data });
  }

  /** Chooses from a select menu. */
  function choose(action: { messageId: string; customId: string; memberId: string; values: string[] }): InteractionHandle {
    const { messageId, customId, memberId, values } = action;
    const { message, usable } = access.component(messageId, customId, memberId);
    if (usable.type === componentTypes.button) throw new MemberActionError(`${customId} is a button`);
    const known = usable.options?.map(each => each.value);
    const strange = known && values.find(each => !known.includes(each));
    if (strange !== undefined) throw new MemberActionError(`the menu doesn't offer ${strange}`);
    const [least, most] = [usable.min_values ?? 1, usable.max_values ?? 1];
    if (values.length < least || values.length > most) throw new MemberActionError(`the menu takes ${least} to ${most} values`);
    const resolved = createResolved(core, world.channel(message.channelId));
    resolved.chosen(usable.type, values);
    const data = { custom_id: customId, component_type: usable.type, values, ...resolved.all() };
    return send({ kind: 'component', name: customId, memberId, channelId: message.channelId, sourceMessageId: messageId, data });
  }

  /** Fills in and sends the modal with which an interaction was answered. */
  async function submitModal(action: {
    interaction: Pick<InteractionHandle, 'id'>;
    values?: Record<string, ModalValue>;
  }): Promise<InteractionHandle> {
    const opened = interactions.get(action.interaction.id);
    const modal = opened?.acknowledgement?.modal;
    if (!opened || !modal) throw new MemberActionError('the interaction was not answered with a modal');
    const resolved = createResolved(core, world.channel(opened.channelId));
    const submission = await modalSubmission(modal, action.values ?? {}, resolved);
    if (!submission.ok) throw new MemberActionError(submission.problem);
    const { memberId, channelId, sourceMessageId } = opened;
    const data = { custom_id: modal.custom_id, components: submission.components, ...resolved.all() };
    return send({ kind: 'modal', name: modal.custom_id, memberId, channelId, sourceMessageId, openedById: opened.id, data });
  }

  /** Writes an ordinary message, with files if they are given. */
  function say(action: { channelId: string; memberId: string; content: string; files?: Upload[] }): SandboxMessage {
    const { channelId, memberId, content, files = [] } = action;
    access.enter(channelId, memberId, ['SendMessages']);
    const uploads = files.map(({ name, bytes, contentType = contentTypeOf(name) }, index) => ({
      index,
      name,
      bytes,
      contentType,
    }));
    const made = messages.create({ channelId, authorId: memberId, body: { content }, uploads });
    if (!made.ok) throw new MemberActionError(`Discord refuses it: ${refusalText(made.answer)}`);
    return messages.view(made.value);
  }

  /** Deletes a message: one's own, or with ManageMessages any that is not ephemeral. An ephemeral one is dismissed. */
  function remove(action: { messageId: string; memberId: string }): void {
    const message = access.visible(action.messageId, action.memberId);
    const own = message.authorId === action.memberId || message.ephemeralFor === action.memberId;
    if (!own) access.enter(message.channelId, action.memberId, ['ManageMessages']);
    messages.remove(message);
  }

  /** The commands that a member finds in a channel, of all kinds. */
  function offered({ channelId, memberId }: { channelId: string; memberId: string }): RegisteredCommand[] {
    return access.allOffered(access.enter(channelId, memberId), memberId);
  }

  return { command, offered, menu, press, choose, submitModal, say, remove };
}
