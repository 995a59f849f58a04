import { z } from 'zod';
import type { Core } from '../core.ts';
import type { Channel } from '../entities.ts';
import { messagePayload } from '../message-payload.ts';
import type { StoredMessage } from '../message-types.ts';
import { oldMessageAgeMs } from '../numbers.ts';
import { channelPayload } from '../payloads.ts';
import { appPermissionsIn, type PermissionName, permissionBits } from '../permissions.ts';
import { type Answer, invalidForm, noContent, ok, type Result, refusals, refused, value } from './answers.ts';
import { checkMessage, type MessageBody } from './message-schema.ts';
import { type RestRequest, type Route, route } from './router.ts';
import { check } from './validation.ts';

/** Channels and their messages, with the bot's token. */
export function channelRoutes(core: Core): Route[] {
  const one = '/channels/:channelId/messages/:messageId' as const;
  const oldEdits = createOldEdits(core);
  return [
    route('GET', '/channels/:channelId', ({ channelId }) => {
      const channel = seen(core, channelId);
      return channel.ok ? ok(channelPayload(channel.value, core.world)) : channel.answer;
    }),
    route('POST', '/channels/:channelId/typing', ({ channelId }) => {
      const channel = seen(core, channelId);
      return channel.ok ? noContent : channel.answer;
    }),
    route('GET', '/channels/:channelId/messages', ({ channelId }, request) => {
      const channel = seen(core, channelId, 'ReadMessageHistory');
      if (!channel.ok) return channel.answer;
      const limit = Math.min(Math.max(Number(request.query.get('limit') ?? 50) || 50, 1), 100);
      const visible = core.messages.inChannel(channelId).filter(each => each.ephemeralFor === null);
      return ok(
        visible
          .slice(-limit)
          .reverse()
          .map(each => messagePayload(each, core)),
      );
    }),
    route('POST', '/channels/:channelId/messages', ({ channelId }, request) => {
      const made = create(core, channelId, request);
      return made.ok ? ok(messagePayload(made.value, core)) : made.answer;
    }),
    route('GET', one, ({ channelId, messageId }) => {
      const found = find(core, channelId, messageId);
      return found.ok ? ok(messagePayload(found.value, core)) : found.answer;
    }),
    route('PATCH', one, ({ channelId, messageId }, request) => {
      const found = find(core, channelId, messageId);
      if (!found.ok) return found.answer;
      const edited = edit(core, found.value, request, oldEdits);
      return edited.ok ? ok(messagePayload(edited.value, core)) : edited.answer;
    }),
    route('DELETE', one, ({ channelId, messageId }) => {
      const found = find(core, channelId, messageId);
      if (!found.ok) return found.answer;
      const foreign = found.value.authorId !== core.world.bot.id;
      const channel = core.world.channel(channelId);
      if (foreign && !may(core, channel, 'ManageMessages')) return refusals.missingPermissions;
      core.messages.remove(found.value);
      return noContent;
    }),
    route('POST', '/users/@me/channels', (_params, request) => openDirect(core, request)),
  ];
}

function may(core: Core, channel: Channel, name: PermissionName): boolean {
  const guild = channel.guildId === null ? undefined : core.world.guilds.get(channel.guildId);
  return Boolean(appPermissionsIn(guild, channel, core.world.bot.id) & permissionBits[name]);
}

/** The channel, if there is one and the bot may see it (and what else it needs). */
function seen(core: Core, channelId: string, ...needed: PermissionName[]): Result<Channel> {
  const channel = core.world.channels.get(channelId);
  if (!channel) return refused(refusals.unknownChannel);
  if (!may(core, channel, 'ViewChannel')) return refused(refusals.missingAccess);
  return needed.every(name => may(core, channel, name)) ? value(channel) : refused(refusals.missingPermissions);
}

/** A message that the bot may see in its channel. Ephemeral messages don't exist on this way. */
function find(core: Core, channelId: string, messageId: string): Result<StoredMessage> {
  const channel = seen(core, channelId);
  if (!channel.ok) return channel;
  const message = core.messages.alive(messageId);
  return message && message.channelId === channelId && message.ephemeralFor === null
    ? value(message)
    : refused(refusals.unknownMessage);
}

function create(core: Core, channelId: string, request: RestRequest): Result<StoredMessage> {
  const { world, messages } = core;
  const channel = seen(core, channelId, 'SendMessages');
  if (!channel.ok) return channel;
  const recipient = channel.value.recipientId === null ? undefined : world.user(channel.value.recipientId);
  if (recipient && !recipient.acceptsDirectMessages) return refused(refusals.cannotSendToUser);
  const body = checkMessage(request.json);
  if (!body.ok) return body;
  const lacking = lackingPermission(core, channel.value, body.value, request);
  if (lacking) return refused(lacking);
  const { nonce, enforce_nonce: enforced } = body.value;
  const twin = nonce != null && enforced ? messages.withNonce(channelId, world.bot.id, nonce) : undefined;
  if (twin) return value(twin);
  const reference = checkReference(core, channel.value, body.value);
  if (!reference.ok) return reference;
  return messages.create({ channelId, authorId: world.bot.id, body: reference.value, uploads: request.files });
}

function lackingPermission(core: Core, channel: Channel, body: MessageBody, request: RestRequest): Answer | null {
  if (request.files.length > 0 && !may(core, channel, 'AttachFiles')) return refusals.missingPermissions;
  if (body.embeds?.length && !may(core, channel, 'EmbedLinks')) return refusals.missingPermissions;
  return body.message_reference && !may(core, channel, 'ReadMessageHistory') ? refusals.cannotReply : null;
}

/** A reply to a message that is gone is refused, or sent without the reply where `fail_if_not_exists` is false. */
function checkReference(core: Core, channel: Channel, body: MessageBody): Result<MessageBody> {
  const reference = body.message_reference;
  if (!reference) return value(body);
  const target = core.messages.alive(reference.message_id);
  if (target && target.channelId === channel.id && target.ephemeralFor === null) return value(body);
  if (reference.fail_if_not_exists === false) return value({ ...body, message_reference: null });
  return refused(
    invalidForm([{ path: ['message_reference'], code: 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', message: 'Unknown message' }]),
  );
}

function edit(core: Core, message: StoredMessage, request: RestRequest, oldEdits: OldEdits): Result<StoredMessage> {
  if (message.authorId !== core.world.bot.id) return refused(refusals.notTheAuthor);
  const channel = core.world.channel(message.channelId);
  const recipient = channel.recipientId === null ? undefined : core.world.user(channel.recipientId);
  if (recipient && !recipient.acceptsDirectMessages) return refused(refusals.cannotSendToUser);
  if (request.files.length > 0 && !may(core, channel, 'AttachFiles')) return refused(refusals.missingPermissions);
  const body = checkMessage(request.json, message.flags);
  if (!body.ok) return body;
  if (!oldEdits.allow(message)) return refused(refusals.tooManyOldEdits);
  return core.messages.edit(message, body.value, request.files);
}

type OldEdits = ReturnType<typeof createOldEdits>;

/** Counts the edits of messages older than an hour. */
function createOldEdits({ clock, settings }: Core) {
  const edits = new Map<string, number[]>();
  return {
    allow(message: StoredMessage): boolean {
      if (clock.now() - message.createdAt <= oldMessageAgeMs) return true;
      const recent = (edits.get(message.channelId) ?? []).filter(at => at > clock.now() - oldMessageAgeMs);
      if (recent.length >= settings.oldMessageEditsPerHour) return false;
      edits.set(message.channelId, [...recent, clock.now()]);
      return true;
    },
  };
}

function openDirect(core: Core, request: RestRequest): Answer {
  const body = check(z.looseObject({ recipient_id: z.string().regex(/^\d{1,20}$/) }), request.json ?? {});
  if (!body.ok) return body.answer;
  const user = core.world.users.get(body.value.recipient_id);
  if (!user) return refusals.unknownUser;
  if (user.bot) return refusals.cannotSendToUser;
  return ok(channelPayload(core.world.directChannel(user.id), core.world));
}
