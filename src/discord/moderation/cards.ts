import type { Clock, Timer } from '../../core/clock.ts';
import type { ModerationCase } from '../../core/moderation/case.ts';
import type { ModerationStore, Shown } from '../../core/moderation/store.ts';
import type { Policy } from '../../core/policy.ts';
import { retryDelayMs } from '../announcer/ladder.ts';
import { describeError } from '../describe-error.ts';
import type { Log } from '../log.ts';
import type { Refused } from '../rest.ts';
import type { Texts } from '../texts/texts.ts';
import { caseView } from '../views/case.ts';
import type { CardPosts } from './card-posts.ts';
import { factsOf } from './case-facts.ts';
import type { ReportedVideos } from './reported-videos.ts';

/** A channel that is gone or closed to the bot may be opened again; the case is in the record all the while. */
const CLOSED_RETRY_MS = 60 * 60_000;
const BATCH = 20;

export type CardsDeps = {
  store: ModerationStore;
  posts: CardPosts;
  videos: ReportedVideos;
  texts: Texts;
  clock: Clock;
  policyOf(guildId: string): Promise<Policy>;
  /** of cards that could not be posted: nobody may see the case by itself */
  alarm(detail: string): void;
  /** counts what became of each try */
  count(part: 'card' | 'video', answer: string): void;
  log: Log;
};

/** Keeps Discord in line with the cases: posts and edits their cards, and hides or shows reported videos. */
export type Cards = {
  /** Something has changed: look now. Nobody waits for it. */
  kick(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

/** What one part of a case came to; `retryMs`: to be tried again after so long. */
export type PartAnswer = { shown: Shown; retryMs: number | null };

/** By what was refused: trouble passes soon, a closed channel perhaps later, and what is gone stays gone. */
export function retryAfterRefusal(refused: Refused, attempts: number): number | null {
  switch (refused.kind) {
    case 'unreachable':
      return retryDelayMs(attempts, refused.retryAfterMs);
    case 'token-dead':
    case 'no-channel':
    case 'forbidden':
    case 'too-old':
      return CLOSED_RETRY_MS;
    default:
      return null;
  }
}

export function createCards(deps: CardsDeps): Cards {
  const { store, clock, texts, log } = deps;
  let running: Promise<void> | undefined;
  let again = false;
  let timer: Timer | undefined;
  let closed = false;

  async function card(held: ModerationCase): Promise<PartAnswer> {
    const policy = await deps.policyOf(held.guildId);
    // Without a channel the case waits in the record, and /hallo-moderation shows it.
    if (policy.moderationChannelId === null && held.card === null) return { shown: {}, retryMs: null };
    const view = caseView(await factsOf(held, store, clock.now()), policy.language ?? 'en', texts);
    const answer = await deps.posts.show(held, view, policy);
    deps.count('card', answer.kind);
    if (answer.kind === 'ok') return { shown: answer.card === undefined ? {} : { card: answer.card }, retryMs: null };
    const retryMs = retryAfterRefusal(answer, held.attempts);
    if (answer.kind !== 'unreachable') deps.alarm(`a card could not be shown in guild ${held.guildId}: ${answer.kind}`);
    return { shown: {}, retryMs };
  }

  async function bring(held: ModerationCase): Promise<void> {
    const video = await deps.videos.bring(held);
    if (video.answer !== undefined) deps.count('video', video.answer);
    const failed = video.answer !== undefined && video.answer !== 'ok' && video.answer !== 'gone';
    if (failed && video.answer !== 'unreachable') {
      deps.alarm(`a reported video could not be changed in guild ${held.guildId}: ${video.answer}`);
    }
    const shownCase = { ...held, ...video.shown };
    const { shown, retryMs } = await card(shownCase);
    const waits = [retryMs, video.retryMs].filter(ms => ms !== null);
    const retryAtMs = waits.length === 0 ? null : clock.now() + Math.min(...waits);
    await store.shown(held.id, held.revision, { ...video.shown, ...shown }, retryAtMs);
  }

  /** What went wrong with one case must not hold up the others, nor be lost. */
  async function putOff(held: ModerationCase, error: unknown): Promise<void> {
    log('case-not-shown', { caseId: held.id, ...describeError(error) });
    deps.alarm(`a case could not be shown in guild ${held.guildId}`);
    await store.shown(held.id, held.revision, {}, clock.now() + retryDelayMs(held.attempts, null));
  }

  async function bringAll(): Promise<void> {
    for (;;) {
      again = false;
      const due = await store.due(clock.now(), BATCH);
      for (const held of due) {
        if (closed) return;
        await bring(held).catch(error => putOff(held, error));
      }
      if (due.length === 0 && !again) return;
    }
  }

  function kick(): void {
    if (closed) return;
    again = true;
    running ??= bringAll()
      .catch(error => log('cards-failed', describeError(error)))
      .then(plan)
      .catch(error => log('cards-failed', describeError(error)))
      .finally(() => {
        running = undefined;
        // Kicked after the last look.
        if (again && !closed) kick();
      });
  }

  async function plan(): Promise<void> {
    timer?.cancel();
    const atMs = await store.nextDueAtMs();
    // Not at once, whatever the store says: a case that fails again and again must not make it spin.
    if (atMs !== undefined && !closed) timer = clock.setTimer(Math.max(atMs, clock.now() + 1_000), kick);
  }

  return {
    kick,
    async idle() {
      while (running) await running;
    },
    async close() {
      closed = true;
      timer?.cancel();
      await running;
    },
  };
}
