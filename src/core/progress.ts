import type { Charged, Render } from './render.ts';

/** What the live message shows of a render that has not ended. */
export type Progress =
  | { kind: 'preparing' }
  | { kind: 'waiting'; place: number; reason: 'turn' | 'retry' | 'paused' }
  | { kind: 'rendering'; startedAtMs: number; expectedEndMs: number; fraction: number; late: boolean }
  /** cancelled after the submit: watched on, to book its cost */
  | { kind: 'cancelled'; charged: Charged };

/** Steps of the bar: an edit happens only when it moves on by one. */
export const BAR_STEPS = 10;

/** What Cancel would mean now; undefined where it is too late, or done already. */
export function cancelCost(render: Pick<Render, 'phase' | 'cancelledAtMs'>): 'free' | 'charged' | undefined {
  if (render.cancelledAtMs !== null) return undefined;
  switch (render.phase) {
    case 'preparing':
    case 'waiting':
      return 'free';
    case 'submitting':
    case 'rendering':
      return 'charged';
    case 'announcing':
    case 'closed':
      return undefined;
  }
}

/**
 * How far a render is, as a fraction that never reaches 1: straight up to 90 % at the expected end, then ever slower,
 * for the provider tells no progress and the bar must not claim an end that nobody has seen.
 */
export function fractionDone(elapsedMs: number, expectedMs: number): number {
  const share = Math.max(0, elapsedMs) / Math.max(1, expectedMs);
  if (share <= 1) return 0.9 * share;
  return 0.9 + 0.09 * (1 - 1 / share);
}

/** When the bar moves on next, as ms since the start; the inverse of fractionDone at the next step. */
export function nextStepAfterMs(elapsedMs: number, expectedMs: number): number {
  const step = Math.floor(fractionDone(elapsedMs, expectedMs) * BAR_STEPS) + 1;
  const share = step / BAR_STEPS / 0.9;
  return share <= 1 ? share * expectedMs : elapsedMs + Math.max(30_000, 0.2 * expectedMs);
}
