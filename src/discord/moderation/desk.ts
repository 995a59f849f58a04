import type { Clock } from '../../core/clock.ts';
import { createModeration } from '../../core/moderation/moderation.ts';
import type { ModerationStore } from '../../core/moderation/store.ts';
import type { Policy } from '../../core/policy.ts';
import type { Files, Ledger, Moderation, Suspensions } from '../../core/ports.ts';
import type { VideoFiles } from '../announcer/video-files.ts';
import type { ModerationTools } from '../command.ts';
import type { Log } from '../log.ts';
import type { Calls } from '../rest.ts';
import type { Texts } from '../texts/texts.ts';
import { createCardPosts } from './card-posts.ts';
import { createCards } from './cards.ts';
import { createReportedVideos } from './reported-videos.ts';

export type DeskDeps = {
  store: ModerationStore;
  calls: Calls;
  clock: Clock;
  texts: Texts;
  files: Pick<Files, 'path' | 'extend'>;
  ledger: Pick<Ledger, 'get'>;
  videoFiles: VideoFiles;
  policyOf(guildId: string): Promise<Policy>;
  isSamePicture(a: string, b: string): boolean;
  hashOf: ModerationTools['hashOf'];
  alarm(detail: string): void;
  count(part: 'card' | 'video', answer: string): void;
  log: Log;
};

/** Everything of moderation, put together: for the life cycle, the guards, the handlers, and the cards. */
export type Desk = Moderation & {
  suspensions: Suspensions;
  tools: ModerationTools;
  /** Takes up what an earlier process left to be shown. */
  start(): void;
  idle(): Promise<void>;
  close(): Promise<void>;
};

export function createDesk(deps: DeskDeps): Desk {
  const { store, calls, clock, texts, files, ledger, hashOf } = deps;
  const videos = createReportedVideos({
    ...{ calls, texts, videoFiles: deps.videoFiles, now: clock.now, policyOf: deps.policyOf },
    renderOf: renderId => ledger.get(renderId),
    keep: (fileKey, untilMs) => files.extend(fileKey, untilMs),
  });
  const cards = createCards({ ...deps, store, videos, posts: createCardPosts(calls, files) });
  const moderation = createModeration(store, { clock, isSamePicture: deps.isSamePicture, onCase: cards.kick });
  return {
    blocksPortrait: moderation.blocksPortrait,
    ended: moderation.ended,
    sweep: moderation.sweep,
    suspensions: { of: moderation.of },
    tools: {
      ...{ store, kickCards: cards.kick, hashOf },
      async isVideoKept(renderId) {
        const render = await ledger.get(renderId);
        return render !== undefined && (await deps.videoFiles.isKept(render));
      },
    },
    start: cards.kick,
    idle: cards.idle,
    close: cards.close,
  };
}
