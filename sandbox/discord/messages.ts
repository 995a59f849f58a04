import { attachmentView } from './attachments.ts';
import type { Cdn } from './cdn.ts';
import type { Clock } from './clock.ts';
import type { EventHub } from './events.ts';
import { mentionsIn } from './mentions.ts';
import { filesAfter } from './message-files.ts';
import type { MessageVersion, NewMessage, SandboxMessage, StoredMessage } from './message-types.ts';
import { defaultDirectMessageLimitBytes, messageFlags, nonceMemoryMs } from './numbers.ts';
import { permissionBits, permissionsIn } from './permissions.ts';
import { type Result, refusals, refused, value } from './rest/answers.ts';
import type { UploadedFile } from './rest/body.ts';
import type { MessageBody } from './rest/message-schema.ts';
import { allComponents } from './rest/message-schema.ts';
import type { NextId } from './snowflake.ts';
import type { World } from './world.ts';

export interface MessagesDeps {
  world: World;
  cdn: Cdn;
  clock: Clock;
  nextId: NextId;
  events: EventHub;
}

export type Messages = ReturnType<typeof createMessages>;

/** All messages of the stand-in, with every state that each went through. */
export function createMessages(deps: MessagesDeps) {
  const { world, cdn, clock, nextId, events } = deps;
  const stored = new Map<string, StoredMessage>();
  const versions = new Map<string, MessageVersion[]>();

  function view(message: StoredMessage): SandboxMessage {
    const { files, ...rest } = message;
    return { ...rest, attachments: files.map(file => attachmentView(file, cdn)) };
  }

  function remember(message: StoredMessage): SandboxMessage {
    const snapshot = view(message);
    versions.set(message.id, [...(versions.get(message.id) ?? []), { at: clock.now(), message: snapshot }]);
    return snapshot;
  }

  function sizeLimitBytes(channelId: string): number {
    const { guildId } = world.channel(channelId);
    const guild = guildId === null ? undefined : world.guilds.get(guildId);
    return guild?.attachmentSizeLimitBytes ?? defaultDirectMessageLimitBytes;
  }

  function create(given: NewMessage): Result<StoredMessage> {
    const { body, uploads, channelId } = given;
    const files = filesAfter(
      { cdn, nextId },
      { channelId, sizeLimitBytes: sizeLimitBytes(channelId), body, uploads, existing: [] },
    );
    if (!files.ok) return files;
    const loading = given.loading === true;
    const flags =
      (body.flags ?? 0) & (messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2);
    const message: StoredMessage = {
      id: nextId(),
      channelId,
      guildId: world.channel(channelId).guildId,
      authorId: given.authorId,
      content: body.content ?? '',
      embeds: body.embeds ?? [],
      components: body.components ?? [],
      files: files.value,
      flags: flags | (given.ephemeralFor ? messageFlags.ephemeral : 0) | (loading ? messageFlags.loading : 0),
      ephemeralFor: given.ephemeralFor ?? null,
      loading,
      createdAt: clock.now(),
      editedAt: null,
      deletedAt: null,
      interactionId: given.interactionId ?? null,
      reference: referenceOf(body, channelId),
      nonce: body.nonce ?? null,
      pings: [],
      mentions: mentionsIn(textOf(body.content ?? '', body.components ?? []), body.allowed_mentions),
    };
    if (!loading && isEmpty(message)) return refused(refusals.emptyMessage);
    message.pings = pinged(message, body);
    stored.set(message.id, message);
    events.emit('message-created', { message: remember(message) });
    return value(message);
  }

  function edit(message: StoredMessage, body: MessageBody, uploads: readonly UploadedFile[]): Result<StoredMessage> {
    const { channelId } = message;
    const limit = sizeLimitBytes(channelId);
    const files = filesAfter({ cdn, nextId }, { channelId, sizeLimitBytes: limit, body, uploads, existing: message.files });
    if (!files.ok) return files;
    const settable = messageFlags.suppressEmbeds | messageFlags.componentsV2;
    const kept = message.flags & ~messageFlags.loading & ~(body.flags == null ? 0 : messageFlags.suppressEmbeds);
    const content = body.content === undefined ? message.content : (body.content ?? '');
    const components = body.components === undefined ? message.components : (body.components ?? []);
    const changed: StoredMessage = {
      ...message,
      content,
      components,
      embeds: body.embeds === undefined ? message.embeds : (body.embeds ?? []),
      files: files.value,
      flags: kept | ((body.flags ?? 0) & settable),
      loading: false,
      editedAt: message.loading ? null : clock.now(),
      mentions: mentionsIn(textOf(content, components), body.allowed_mentions),
    };
    if (isEmpty(changed)) return refused(refusals.emptyMessage);
    Object.assign(message, changed);
    events.emit('message-edited', { message: remember(message) });
    return value(message);
  }

  function remove(message: StoredMessage): void {
    message.deletedAt = clock.now();
    for (const file of message.files) cdn.remove(file.id);
    events.emit('message-deleted', { message: remember(message) });
  }

  /** The users whom a new message notifies: only those who can see it, and never its author. */
  function pinged(message: StoredMessage, body: MessageBody): string[] {
    const replied = message.reference && stored.get(message.reference.messageId)?.authorId;
    const pingsReplied = replied && (body.allowed_mentions?.replied_user ?? true);
    const candidates = new Set([...message.mentions.userIds, ...(pingsReplied ? [replied] : [])]);
    const guild = message.guildId === null ? undefined : world.guilds.get(message.guildId);
    for (const member of guild?.members.values() ?? []) {
      if (message.mentions.everyone || member.roleIds.some(id => message.mentions.roleIds.includes(id)))
        candidates.add(member.userId);
    }
    if (message.flags & messageFlags.suppressNotifications) return [];
    return [...candidates].filter(id => id !== message.authorId && maySee(message, id));
  }

  function maySee(message: Pick<StoredMessage, 'ephemeralFor' | 'channelId'>, userId: string): boolean {
    if (message.ephemeralFor !== null) return message.ephemeralFor === userId;
    const channel = world.channels.get(message.channelId);
    if (!channel) return false;
    if (channel.guildId === null) return channel.recipientId === userId || userId === world.bot.id;
    return Boolean(permissionsIn(world.guild(channel.guildId), channel, userId) & permissionBits.ViewChannel);
  }

  /** The message that an equal nonce of the same author made a short while ago. */
  function withNonce(channelId: string, authorId: string, nonce: string | number): StoredMessage | undefined {
    const since = clock.now() - nonceMemoryMs;
    return [...stored.values()].find(
      each => each.channelId === channelId && each.authorId === authorId && each.nonce === nonce && each.createdAt >= since,
    );
  }

  const alive = (id: string): StoredMessage | undefined => {
    const message = stored.get(id);
    return message && message.deletedAt === null ? message : undefined;
  };
  const inChannel = (channelId: string) =>
    [...stored.values()].filter(each => each.channelId === channelId && each.deletedAt === null);

  return { create, edit, remove, alive, inChannel, withNonce, maySee, view, versions: (id: string) => versions.get(id) ?? [] };
}

function referenceOf(body: MessageBody, channelId: string): SandboxMessage['reference'] {
  const given = body.message_reference;
  return given ? { messageId: given.message_id, channelId: given.channel_id ?? channelId } : null;
}

/** All text of a message in which a mention counts: the content and the text displays. */
function textOf(content: string, components: readonly unknown[]): string {
  return [content, ...allComponents(components).map(each => (typeof each.content === 'string' ? each.content : ''))].join('\n');
}

function isEmpty(message: StoredMessage): boolean {
  return message.content === '' && [message.embeds, message.components, message.files].every(each => each.length === 0);
}
