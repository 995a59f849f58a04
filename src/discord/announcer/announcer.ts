import type { Clock } from '../../core/clock.ts';
import type { Announcer, Delivered } from '../../core/ports.ts';
import type { Render } from '../../core/render.ts';
import { TOKEN_USED_FOR_MS } from '../platform.ts';
import type { Answer, Calls } from '../rest.ts';
import type { Texts } from '../texts/texts.ts';
import type { DetailRules } from '../views/outcome.ts';
import { farewellView, progressView } from '../views/progress.ts';
import { mention } from '../views/view.ts';
import { type LadderFacts, retryDelayMs } from './ladder.ts';
import { createLiveMessages } from './live-messages.ts';
import { createOutcomes } from './outcomes.ts';
import { createPosts, isThinking, placeOf } from './posts.ts';
import { createVideoFiles, type VideoFilesDeps } from './video-files.ts';

export type AnnouncerDeps = VideoFilesDeps & {
  calls: Calls;
  clock: Clock;
  texts: Texts;
  /** whether the requester is mentioned when a render of this guild has ended, and who is shown details of failures */
  policyOf(guildId: string): Promise<{ ping: boolean } & DetailRules>;
  /** told of each edit that was spared */
  onEditSaved?(): void;
};

/** The announcer on Discord, with what a drain needs. */
export type DiscordAnnouncer = Announcer & {
  /** Resolves when no live message is being edited. */
  idle(): Promise<void>;
  /** Edits no live message any more, and waits shortly for those in flight. Outcomes are still delivered. */
  close(): Promise<void>;
};

export function createAnnouncer(deps: AnnouncerDeps): DiscordAnnouncer {
  const { calls, clock, texts, policyOf, log, onEditSaved } = deps;
  const posts = createPosts(calls);
  const live = createLiveMessages({
    clock,
    send: (render, rung, view) => posts.send(render, rung, { view }),
    ...(onEditSaved && { onSaved: onEditSaved }),
  });
  const factsOf = (render: Render): LadderFacts => ({
    private: render.private,
    tokenAgeMs: clock.now() - render.askedAtMs,
    hasMessage: render.messageId !== null,
  });
  /** farewells that are being said */
  const farewells = new Map<string, Promise<void>>();
  const outcomes = createOutcomes({ posts, clock, texts, factsOf, policyOf, log, videoFiles: createVideoFiles(deps) });

  /** Nothing that goes wrong while announcing may end a render: it is logged, and tried again where that matters. */
  async function guarded<T>(render: Render, what: string, work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      log(render.id, `${what}-failed`, { error: error instanceof Error ? error.name : 'unknown' });
      return otherwise;
    }
  }
  const later = (render: Render): { kind: 'again'; atMs: number } => ({
    kind: 'again',
    atMs: clock.now() + retryDelayMs(render.deliveryAttempts, null),
  });

  return {
    async progress(render, progress) {
      // A private render that said where its result will be keeps saying so.
      if (render.outcome !== null || render.farewellAtMs !== null) return;
      await guarded(render, 'progress', async () => live.show(render, () => progressView(render, progress, texts)), undefined);
    },
    async farewell(render) {
      const say = async () => {
        await live.stop(render.id);
        if (factsOf(render).tokenAgeMs >= TOKEN_USED_FOR_MS) return;
        const answer = await posts.send(render, 'interaction', { view: farewellView(render, texts) });
        log(render.id, 'farewell', { answer: answer.kind });
      };
      const saying = guarded(render, 'farewell', say, undefined);
      farewells.set(render.id, saying);
      await saying;
      farewells.delete(render.id);
    },
    async outcome(render) {
      const deliver = async (): Promise<Delivered> => {
        // A farewell that came late would take the outcome's place.
        await farewells.get(render.id);
        await live.stop(render.id);
        return outcomes.deliver(render);
      };
      return guarded(render, 'outcome', deliver, later(render));
    },
    async ping(render) {
      const send = async () => {
        if (!(await policyOf(render.guildId)).ping) return;
        const key = render.outcome?.kind === 'video' ? 'ping.video' : 'ping.failed';
        const at = { channelId: render.finalChannelId ?? render.channelId, messageId: render.finalMessageId ?? render.messageId };
        const answer = await posts.mention(render, at, texts.say(render.locale, key, { member: mention(render.memberId) }));
        log(render.id, 'ping', { answer: answer.kind });
      };
      await guarded(render, 'ping', send, undefined);
    },
    stands(render) {
      const look = async () => (await posts.getMessage(render)).kind === 'ok';
      return guarded(render, 'stands', look, false);
    },
    findDeferral(render) {
      const find = async () => {
        // Nobody can look any more, and Discord shows such a message as failed by now.
        if (factsOf(render).tokenAgeMs >= TOKEN_USED_FOR_MS) return { kind: 'never' as const };
        return foundBy(await posts.getOriginal(render), render);
      };
      return guarded(render, 'find-deferral', find, later(render));
    },
    idle: live.idle,
    close: live.close,
  };

  function foundBy(answer: Answer, render: Render): Awaited<ReturnType<Announcer['findDeferral']>> {
    switch (answer.kind) {
      case 'ok': {
        const { messageId } = placeOf(answer.body);
        if (messageId === null) return later(render);
        // Something else was said in its place: an apology, since it was not known here that the render had been admitted.
        return isThinking(answer.body) ? { kind: 'stands', messageId } : { kind: 'never' };
      }
      case 'unreachable':
        return { kind: 'again', atMs: clock.now() + retryDelayMs(render.deliveryAttempts, answer.retryAfterMs) };
      // Never answered, deleted since, or its token ended: nobody waits for an answer there.
      default:
        return { kind: 'never' };
    }
  }
}
