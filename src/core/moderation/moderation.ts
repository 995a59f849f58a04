import type { Clock } from '../clock.ts';
import type { Moderation, Suspensions } from '../ports.ts';
import { openingOf } from './case.ts';
import type { ModerationStore } from './store.ts';

/** Where nobody moderates. */
export const NO_MODERATION: Moderation = { blocksPortrait: async () => false, ended: async () => {}, sweep: async () => {} };

/** What moderators decided, for the life of a render and for the guards. `onCase`: something for the moderators to see. */
export function createModeration(
  store: ModerationStore,
  deps: { clock: Clock; isSamePicture(a: string, b: string): boolean; onCase(): void },
): Moderation & Suspensions {
  return {
    async blocksPortrait(guildId, hash) {
      const pictures = await store.pictures(guildId);
      return pictures.some(picture => deps.isSamePicture(picture.hash, hash));
    },
    async ended(render) {
      const opening = openingOf(render);
      if (opening === undefined) return;
      await store.openCase(opening);
      deps.onCase();
    },
    sweep: async decidedBeforeMs => void (await store.sweep(decidedBeforeMs)),
    of: (guildId, memberId) => store.suspensionOf(guildId, memberId, deps.clock.now()),
  };
}
