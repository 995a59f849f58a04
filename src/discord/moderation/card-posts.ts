import { readFile } from 'node:fs/promises';
import { Routes } from 'discord.js';
import type { ModerationCase } from '../../core/moderation/case.ts';
import { keepsOnlyHash } from '../../core/moderation/case.ts';
import type { Policy } from '../../core/policy.ts';
import { nonceOf, placeOf } from '../announcer/posts.ts';
import type { UploadFile } from '../multipart.ts';
import type { Calls, Refused } from '../rest.ts';
import { bodyOf, type View } from '../views/view.ts';

export type CardAnswer = { kind: 'ok'; card?: ModerationCase['card'] } | Refused;

/** Cards as messages of the moderation channel. */
export type CardPosts = {
  /** Posts the card of a case, or edits the one that stands. A card that somebody deleted stays deleted. */
  show(held: ModerationCase, view: View, policy: Pick<Policy, 'moderationChannelId' | 'cardPortraits'>): Promise<CardAnswer>;
};

export function createCardPosts(calls: Calls, { path }: { path(key: string): Promise<string | undefined> }): CardPosts {
  /** Spoilered, and only where the guild wants it; of some categories never. */
  async function portraitOf({ portraitKey, reason }: ModerationCase, wanted: boolean): Promise<UploadFile[]> {
    if (!wanted || portraitKey === null || keepsOnlyHash(reason)) return [];
    const file = await path(portraitKey);
    const data = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (data === undefined) return [];
    const [extension, contentType] = portraitKey.endsWith('.png') ? ['png', 'image/png'] : ['jpg', 'image/jpeg'];
    return [{ name: `SPOILER_portrait.${extension}`, data, contentType }];
  }

  return {
    async show(held, view, { moderationChannelId, cardPortraits }) {
      if (held.card !== null) {
        const { channelId, messageId } = held.card;
        const route = Routes.channelMessage(channelId, messageId);
        // Attachments that are not spoken of stay as they are.
        const edited = await calls.asBot({ method: 'PATCH', route, body: bodyOf(view) });
        return edited.kind === 'ok' || edited.kind === 'gone' ? { kind: 'ok' } : edited;
      }
      if (moderationChannelId === null) return { kind: 'ok' };
      const files = await portraitOf(held, cardPortraits);
      const posted = await calls.asBot({
        method: 'POST',
        route: Routes.channelMessages(moderationChannelId),
        body: { ...bodyOf(view), nonce: nonceOf(held.id, 'card'), enforce_nonce: true },
        ...(files.length > 0 && { files }),
      });
      if (posted.kind !== 'ok') return posted;
      const { messageId } = placeOf(posted.body);
      return messageId === null ? { kind: 'ok' } : { kind: 'ok', card: { channelId: moderationChannelId, messageId } };
    },
  };
}
