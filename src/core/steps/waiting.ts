import { movedOrLost, type PerformStep } from '../context.ts';
import { CANCELLED_FREE, failed } from '../outcomes.ts';
import type { Progress } from '../progress.ts';

/** The line is looked at again the sooner, the nearer the render is to its front. */
const LOOK_AGAIN_MS = { perPlace: 500, min: 5_000, max: 60_000 };

/** One that is next in line is claimed sooner: its place would be looked up, and shown, for nothing. */
const SHOWN_AFTER_MS = 1_000;

/** Shows the place in line. Who goes next is decided by the dispatcher's claim, not here. */
export const waiting: PerformStep = async (render, context) => {
  const { breaker, clock, ledger, options } = context;
  if (render.cancelledAtMs !== null) {
    return movedOrLost(await ledger.advance(render.id, 'waiting', 'announcing', { outcome: CANCELLED_FREE }));
  }
  const nowMs = clock.now();
  if (nowMs - render.admittedAtMs > options.longestWaitMs) {
    return movedOrLost(await ledger.advance(render.id, 'waiting', 'announcing', { outcome: failed('expired', 'no') }));
  }
  const paused = breaker.openFor() !== undefined;
  const shownAtMs = render.phaseAtMs + SHOWN_AFTER_MS;
  if (nowMs < shownAtMs && nowMs >= render.phaseAtMs && !paused && render.notBeforeMs <= nowMs)
    return { kind: 'sleep', untilMs: shownAtMs };
  const place = await ledger.placeInLine(render);
  const reason: Extract<Progress, { kind: 'waiting' }>['reason'] = paused
    ? 'paused'
    : render.notBeforeMs > nowMs
      ? 'retry'
      : 'turn';
  void context.announcer.progress(render, { kind: 'waiting', place, reason });
  const lookMs = Math.min(LOOK_AGAIN_MS.max, Math.max(LOOK_AGAIN_MS.min, place * LOOK_AGAIN_MS.perPlace));
  return { kind: 'sleep', untilMs: nowMs + lookMs };
};
