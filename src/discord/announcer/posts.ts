import { createHash } from 'node:crypto';
import { MessageFlags, Routes } from 'discord.js';
import { z } from 'zod';
import type { Render } from '../../core/render.ts';
import { NONCE_LENGTH } from '../platform.ts';
import type { Answer, Calls } from '../rest.ts';
import { bodyOf, type View } from '../views/view.ts';
import type { SendingRung } from './ladder.ts';
import type { VideoUpload } from './video-files.ts';

/** What goes into a message: a view, and the video if there is one. */
export type Post = { view: View; video?: VideoUpload };

/** A message as Discord answers it. */
const messageSchema = z.object({ id: z.string(), channel_id: z.string() });
const flagsSchema = z.object({ flags: z.number() });
const channelSchema = z.object({ id: z.string() });

export type Place = { channelId: string | null; messageId: string | null };

/** One call for each way to reach a member with a render's message. */
export type Posts = {
  send(render: Render, rung: SendingRung, post: Post): Promise<Answer>;
  deleteOriginal(render: Render): Promise<Answer>;
  getOriginal(render: Render): Promise<Answer>;
  /** The message with the outcome. To get it takes the right to read the channel's history. */
  getMessage(render: Render): Promise<Answer>;
  /** A message that only the requester sees, by the interaction's token. */
  followUpPrivately(render: Render, post: Post): Promise<Answer>;
  mention(render: Render, at: Place, content: string): Promise<Answer>;
};

export function createPosts(calls: Calls): Posts {
  const original = (render: Render) => Routes.webhookMessage(render.applicationId, render.interactionToken, '@original');

  function send(render: Render, rung: SendingRung, post: Post): Promise<Answer> {
    switch (rung) {
      case 'interaction':
        return calls.byToken({ method: 'PATCH', route: original(render), ...content(post) });
      case 'message':
        return calls.asBot({
          method: 'PATCH',
          route: Routes.channelMessage(render.channelId, render.messageId ?? ''),
          ...content(post),
        });
      case 'channel':
        return create(render.channelId, post, nonceOf(render.id, 'outcome'));
      case 'direct':
        return direct(render, post);
    }
  }
  function create(channelId: string, post: Post, nonce: string, more: Record<string, unknown> = {}): Promise<Answer> {
    const { body, ...files } = content(post);
    return calls.asBot({
      method: 'POST',
      route: Routes.channelMessages(channelId),
      body: { ...body, nonce, enforce_nonce: true, ...more },
      ...files,
    });
  }
  async function direct(render: Render, post: Post): Promise<Answer> {
    const opened = await calls.asBot({ method: 'POST', route: Routes.userChannels(), body: { recipient_id: render.memberId } });
    if (opened.kind !== 'ok') return opened;
    const channel = channelSchema.safeParse(opened.body);
    if (!channel.success) return { kind: 'unreachable', retryAfterMs: null };
    return create(channel.data.id, post, nonceOf(render.id, 'direct'));
  }
  return {
    send,
    deleteOriginal: render => calls.byToken({ method: 'DELETE', route: original(render) }),
    getMessage({ channelId, messageId, finalChannelId, finalMessageId }) {
      const route = Routes.channelMessage(finalChannelId ?? channelId, finalMessageId ?? messageId ?? '');
      return calls.asBot({ method: 'GET', route });
    },
    getOriginal: render => calls.byToken({ method: 'GET', route: original(render) }),
    followUpPrivately(render, post) {
      const { body, ...files } = content(post);
      const route = Routes.webhook(render.applicationId, render.interactionToken);
      return calls.byToken({ method: 'POST', route, body: { ...body, flags: MessageFlags.Ephemeral }, ...files });
    },
    async mention(render, { channelId, messageId }, text) {
      const post = { view: { content: text, components: [] } };
      // The one ping there is: of the requester, and of nobody that a text could name.
      const allowed = { allowed_mentions: { parse: [], users: [render.memberId], replied_user: false } };
      const reference = messageId === null ? {} : { message_reference: { message_id: messageId, fail_if_not_exists: false } };
      const target = channelId ?? render.channelId;
      const answer = await create(target, post, nonceOf(render.id, 'ping'), { ...allowed, ...reference });
      // To reply takes the right to read the history; a plain message does not.
      if (messageId === null || (answer.kind !== 'refused' && answer.kind !== 'forbidden')) return answer;
      return create(target, post, nonceOf(render.id, 'ping'), allowed);
    },
  };
}

/** Body and files of a call. On an edit, only the attachments that are listed survive. */
function content({ view, video }: Post) {
  const body = { ...bodyOf(view), attachments: video === undefined ? [] : [{ id: 0, ...video.attachment }] };
  return video === undefined ? { body } : { body, files: [video.file] };
}

/** The same message of the same render has the same nonce, so sending it twice makes it once. */
export function nonceOf(id: string, what: 'outcome' | 'direct' | 'ping' | 'card'): string {
  return createHash('sha256').update(`${what}:${id}`).digest('hex').slice(0, NONCE_LENGTH);
}

/** Whether a message is a deferral that nothing was said in yet. */
export function isThinking(body: unknown): boolean {
  const flags = flagsSchema.safeParse(body).data?.flags ?? 0;
  return (flags & MessageFlags.Loading) !== 0;
}

/** Where a message stands by Discord's answer; null where it can't be read. */
export function placeOf(body: unknown): Place {
  const message = messageSchema.safeParse(body);
  return message.success
    ? { channelId: message.data.channel_id, messageId: message.data.id }
    : { channelId: null, messageId: null };
}
