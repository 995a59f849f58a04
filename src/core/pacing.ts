import type { DurationPrediction } from './duration-model.ts';

/**
 * Tuning of the polls. `callCostMs`: how much waiting of a member one status call is worth; smaller means more calls and less
 * delay. `floorMs`: never closer. Once completion is likely (3 % of renders would be done) never further apart than `ceilingMs`,
 * nor than `ceilingShare` of the time since submission, so that a render that ends early is not late by much of its length.
 * `jitter`: share by which intervals scatter.
 */
export type PacingOptions = { callCostMs: number; floorMs: number; ceilingMs: number; ceilingShare: number; jitter: number };

/** About 38 calls for a render of 300 s with sigma 0.3, at a mean delay of 2.6 s and 1.8 % of its length at p95 (bench `pacing`). */
export const defaultPacing: PacingOptions = {
  callCostMs: 120,
  floorMs: 2_000,
  ceilingMs: 60_000,
  ceilingShare: 0.02,
  jitter: 0.1,
};

/** From this share of renders done on, completion counts as likely. */
const likelyShare = 0.03;

/**
 * Planning uses a log-logistic duration: under a lognormal truth it plans within 1 % of the optimum at this scale, and its heavier
 * tail keeps intervals growing when a render is overdue and the prediction turns out wrong.
 */
const logisticScalePerSigma = 0.52;

type Curve = { medianMs: number; scale: number };

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max);

/** Foreign predictions are held within what the arithmetic below is exact for. */
function curveOf({ medianMs, sigma }: DurationPrediction): Curve {
  return { medianMs: clamp(medianMs || 0, 10, 86_400_000), scale: logisticScalePerSigma * clamp(sigma || 0, 0.01, 3) };
}

/** log-odds that a render is done by `ms`. */
const logOdds = (curve: Curve, ms: number): number => Math.log(ms / curve.medianMs) / curve.scale;

/** Gauss-Legendre, 8 points on [-1, 1]: [node, weight], symmetric. */
const gauss = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;
/** Widest panel in log-odds that 8 points integrate to about 1e-7. */
const panelLogOdds = 4;
/** From here down a render is surely not done, from here up surely done, as far as the sum can tell. */
const surelyNot = -20;
const surelyDone = 36;

/** P(done | not done at `last`), both ends in log-odds; short intervals don't cancel. */
const doneBy = (last: number, at: number): number => -Math.expm1(last - at) / (1 + Math.exp(-at));

/** E[(ms − T)⁺ | T > lastMs]: the integral of doneBy over the interval, taken over log(time), where it is smooth. */
function undetectedWait(curve: Curve, lastMs: number, ms: number): number {
  if (!(ms > lastMs) || ms < 0.001) return 0;
  const until = logOdds(curve, ms);
  const last = logOdds(curve, lastMs);
  const from = Math.max(last, Math.min(until, 0) + surelyNot);
  const to = Math.min(until, Math.max(last, 0) + surelyDone);
  const panels = Math.max(1, Math.ceil((to - from) / panelLogOdds));
  const half = (to - from) / panels / 2;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = from + (2 * panel + 1) * half;
    for (const [node, weight] of gauss) {
      const [early, late] = [middle - half * node, middle + half * node];
      sum += weight * (Math.exp(early * curve.scale) * doneBy(last, early) + Math.exp(late * curve.scale) * doneBy(last, late));
    }
  }
  const certainMs = until > to ? ms - curve.medianMs * Math.exp(to * curve.scale) : 0;
  return Math.min(sum * half * curve.scale * curve.medianMs + certainMs, ms - lastMs);
}

/** A first guess: while few renders are done the wait is a power of time; later the hazard is nearly constant. */
function guessIntervalMs(curve: Curve, lastMs: number, targetMs: number): number {
  const power = 1 / curve.scale + 1;
  const fromStartMs = curve.medianMs * ((targetMs * power) / curve.medianMs) ** (1 / power);
  if (lastMs <= 0) return fromStartMs;
  const hazard = doneBy(Number.NEGATIVE_INFINITY, logOdds(curve, lastMs)) / (curve.scale * lastMs);
  return Math.min(Math.sqrt((2 * targetMs) / hazard), fromStartMs + lastMs);
}

/**
 * The interval after which the expected undetected wait reaches `targetMs`, searched in [minMs, maxMs]. Newton on logarithms (the
 * wait is close to a power of the interval), held by a bracket; 1 ms is exact enough.
 */
function intervalMs(curve: Curve, lastMs: number, targetMs: number, minMs: number, maxMs: number): number {
  if (undetectedWait(curve, lastMs, lastMs + minMs) >= targetMs) return minMs;
  const last = logOdds(curve, lastMs);
  let low = minMs;
  let high = maxMs;
  let at = clamp(guessIntervalMs(curve, lastMs, targetMs), low, high);
  for (let round = 0; round < 40 && high - low > 1; round++) {
    const waitMs = undetectedWait(curve, lastMs, lastMs + at);
    if (waitMs < targetMs) low = at;
    else high = at;
    const power = (doneBy(last, logOdds(curve, lastMs + at)) * at) / waitMs;
    const next = at * (targetMs / waitMs) ** (1 / power);
    if (Math.abs(next - at) < 0.5) return clamp(next, minMs, maxMs);
    at = next > low && next < high ? next : Math.sqrt(low * high);
  }
  return at;
}

/** Where a render stands: epoch ms; `lastPollAtMs` is the last poll that saw it running, undefined before the first. */
export type Watched = { submittedAtMs: number; lastPollAtMs: number | undefined; prediction: DurationPrediction };

const lastMsOf = ({ submittedAtMs, lastPollAtMs }: Watched): number =>
  Math.max((lastPollAtMs ?? submittedAtMs) - submittedAtMs, 0);

/**
 * When to ask next (epoch ms): as soon as the render has, in expectation, waited undetected for what a call is worth. That comes
 * within 1 % of the optimal plan for a sum of delays and calls, which is to ask with a density ∝ √(hazard / 2·cost), and needs
 * nothing but the last poll. The answer lies in the past for a render that was not watched for a while: it is due now.
 * `random` gives numbers in [0, 1).
 */
export function nextPollAtMs(watched: Watched & { random: () => number; options?: PacingOptions }): number {
  const { callCostMs, floorMs, ceilingMs, ceilingShare, jitter } = watched.options ?? defaultPacing;
  const curve = curveOf(watched.prediction);
  const lastMs = lastMsOf(watched);
  const draw = watched.random();
  const minMs = floorMs * (1 + jitter * draw);
  const likelyMs = Math.max(lastMs, curve.medianMs * (likelyShare / (1 - likelyShare)) ** curve.scale);
  const maxMs = Math.max(minMs, likelyMs - lastMs + Math.min(ceilingMs, ceilingShare * likelyMs) * (1 - jitter * (1 - draw)));
  // The interval goes with the root of the cost.
  const targetMs = callCostMs * (1 + jitter * (2 * draw - 1)) ** 2;
  return watched.submittedAtMs + lastMs + intervalMs(curve, lastMs, targetMs, minMs, maxMs);
}

/**
 * E[(now − T)⁺ | T > last poll] in ms: how long the render has probably lain done without anybody knowing. Whom to ask first when
 * calls are short. Grows by at most 1 ms a ms.
 */
export function expectedUndetectedWaitMs(watched: Watched & { nowMs: number }): number {
  return undetectedWait(curveOf(watched.prediction), lastMsOf(watched), watched.nowMs - watched.submittedAtMs);
}
