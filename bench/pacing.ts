import { type DurationModel, initialModel, learn, predict } from '../src/core/duration-model.ts';
import { defaultPacing, expectedUndetectedWaitMs, nextPollAtMs, type PacingOptions } from '../src/core/pacing.ts';
import { atMost, type Figure, mean, quantile } from './figure.ts';

/** A render of the simulation, all in ms. */
type Run = { submittedAtMs: number; durationMs: number; voiceSeconds: number };
type Watch = { calls: number; delayMs: number; durationMs: number };

export type World = { medianMs: number; sigma: number; days: number; seed: number };

const dayMs = 86_400_000;
/** The provider's median swings by this much (in its logarithm, so ×/÷ 1.5) once a day. Nobody tells the model. */
const driftLog = 0.4;

/** mulberry32: small, seeded, good enough for a simulation. Numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A standard normal number. */
export const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Durations and voices of a world, drawn at any time. A voice's length has no influence here; the model has to find that out. */
function worldOf({ medianMs, sigma, seed }: World) {
  const random = seededRandom(seed);
  const draw = (atMs: number): Run => ({
    submittedAtMs: atMs,
    durationMs: medianMs * Math.exp(driftLog * Math.sin((2 * Math.PI * atMs) / dayMs) + sigma * normal(random)),
    voiceSeconds: 10 * Math.exp(0.7 * normal(random)),
  });
  return { random, draw };
}

/** One render watched by the plan until its completion is seen. */
function watch(run: Run, model: DurationModel, random: () => number, options: PacingOptions) {
  const prediction = predict(model, run.voiceSeconds);
  const { submittedAtMs } = run;
  let lastPollAtMs: number | undefined;
  for (let calls = 1; ; calls++) {
    const atMs = nextPollAtMs({ submittedAtMs, lastPollAtMs, prediction, random, options });
    const delayMs = atMs - submittedAtMs - run.durationMs;
    if (delayMs >= 0) return { calls, delayMs, durationMs: run.durationMs, atMs, lastPollAtMs };
    lastPollAtMs = atMs;
  }
}

/** Renders that come one by one, five minutes apart on average; the model starts from its prior and sees only what polls see. */
export function simulateLone(world: World, options: PacingOptions = defaultPacing): Watch[] {
  const { random, draw } = worldOf(world);
  const watches: Watch[] = [];
  let model = initialModel();
  let unseen: { atMs: number; learn: () => void }[] = [];
  for (let atMs = 0; atMs < world.days * dayMs; atMs += -Math.log(1 - random()) * 300_000) {
    const due = unseen.filter(seen => seen.atMs <= atMs).sort((a, b) => a.atMs - b.atMs);
    unseen = unseen.filter(seen => seen.atMs > atMs);
    for (const seen of due) seen.learn();
    const run = draw(atMs);
    const seen = watch(run, model, random, options);
    watches.push(seen);
    const durationMs = seen.atMs - atMs;
    const running = seen.lastPollAtMs === undefined ? {} : { runningAtMs: seen.lastPollAtMs - atMs };
    unseen.push({
      atMs: seen.atMs,
      learn: () => {
        model = learn(model, { voiceSeconds: run.voiceSeconds, durationMs, ...running });
      },
    });
  }
  return watches;
}

/** The same renders asked at a fixed interval. */
export function fixedInterval(watches: readonly Watch[], everyMs: number): Watch[] {
  return watches.map(({ durationMs }) => {
    const calls = Math.ceil(durationMs / everyMs);
    return { calls, delayMs: calls * everyMs - durationMs, durationMs };
  });
}

/** The fixed interval that makes as many calls of these renders. */
export function atEqualCalls(watches: readonly Watch[]): Watch[] {
  const target = mean(watches.map(({ calls }) => calls));
  let low = 1;
  let high = 10 * dayMs;
  for (let round = 0; round < 80; round++) {
    const middle = Math.sqrt(low * high);
    if (mean(fixedInterval(watches, middle).map(({ calls }) => calls)) > target) low = middle;
    else high = middle;
  }
  return fixedInterval(watches, low);
}

type Flight = Run & { lastPollAtMs: number | undefined; prediction: { medianMs: number; sigma: number }; nextAtMs: number };

/** 20 renders always in flight, 60 calls a minute; what is not needed is saved up as the request budget does, at most 5 calls. */
const atOnce = 20;
const callsPerStep = 0.25;
const stepMs = 250;
const callsSaved = 5;

/** Who is asked is chosen by the expected undetected wait, or in turn. Answers the delays. */
export function simulateShort(world: World, by: 'worth' | 'turn'): number[] {
  const { random, draw } = worldOf(world);
  let model = initialModel();
  const submit = (atMs: number): Flight => {
    const run = { ...draw(atMs), lastPollAtMs: undefined, prediction: { medianMs: 0, sigma: 0 }, nextAtMs: 0 };
    run.prediction = predict(model, run.voiceSeconds);
    run.nextAtMs = nextPollAtMs({ ...run, random });
    return run;
  };
  const flights = Array.from({ length: atOnce }, (_, index) => submit(index * 15_000));
  const delays: number[] = [];
  let turn = 0;
  let calls = 0;
  for (let nowMs = atOnce * 15_000; nowMs < world.days * dayMs; nowMs += stepMs) {
    calls = Math.min(calls + callsPerStep, callsSaved);
    if (calls < 1) continue;
    let chosen = by === 'turn' ? turn++ % atOnce : -1;
    let most = -1;
    for (const [index, flight] of flights.entries()) {
      if (by === 'turn' || flight.nextAtMs > nowMs) continue;
      const waitMs = expectedUndetectedWaitMs({ ...flight, nowMs });
      if (waitMs > most) [chosen, most] = [index, waitMs];
    }
    const flight = flights[chosen];
    if (!flight) continue;
    calls--;
    const delayMs = nowMs - flight.submittedAtMs - flight.durationMs;
    if (delayMs >= 0) {
      delays.push(delayMs);
      const running = flight.lastPollAtMs === undefined ? {} : { runningAtMs: flight.lastPollAtMs - flight.submittedAtMs };
      model = learn(model, { voiceSeconds: flight.voiceSeconds, durationMs: nowMs - flight.submittedAtMs, ...running });
      flights[chosen] = submit(nowMs);
    } else {
      flight.lastPollAtMs = nowMs;
      flight.nextAtMs = nextPollAtMs({ ...flight, random });
    }
  }
  return delays;
}

/** Mean delay of the plan over that of a fixed interval which makes as many calls. */
export function delayRatio(watches: readonly Watch[]): number {
  return mean(watches.map(({ delayMs }) => delayMs)) / mean(atEqualCalls(watches).map(({ delayMs }) => delayMs));
}

/** Mean delay by worth over that in turn, for 20 renders of 300 s and 60 calls a minute. */
export function shortRatio(sigma: number, days: number, seed: number): { ratio: number; worthMs: number; turnMs: number } {
  const world = { medianMs: 300_000, sigma, days, seed };
  const worthMs = mean(simulateShort(world, 'worth'));
  const turnMs = mean(simulateShort(world, 'turn'));
  return { ratio: worthMs / turnMs, worthMs, turnMs };
}

/** Simulated days of renders whose median drifts untold; status calls and delay of detection beside fixed intervals. */
export async function pacing(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const sigma of [0.15, 0.3, 0.5]) {
    for (const medianMs of [20_000, 60_000, 300_000]) {
      const watches = simulateLone({ medianMs, sigma, days: 14, seed: 1 });
      const name = `${medianMs / 1_000} s, σ ${sigma}`;
      figures.push(atMost(`delay at equal calls, ${name}`, delayRatio(watches), '× fixed interval', sigma <= 0.3 ? 0.65 : 1));
      if (medianMs !== 300_000 || sigma !== 0.3) continue;
      const calls = mean(watches.map(watch => watch.calls));
      const fixedCalls = mean(fixedInterval(watches, 2_000).map(watch => watch.calls));
      const late = watches.map(watch => watch.delayMs / watch.durationMs);
      figures.push(atMost(`calls per render, ${name}`, calls / fixedCalls, '× 2 s interval', 0.25));
      figures.push(atMost(`p95 of delay / duration, ${name}`, quantile(late, 0.95), 'share', 0.02));
    }
  }
  for (const [sigma, limit] of [
    [0.3, 0.55],
    [0.15, 0.35],
  ] as const) {
    const { ratio } = shortRatio(sigma, 4, 1);
    figures.push(atMost(`delay with 60 calls/min and 20 renders of 300 s, σ ${sigma}`, ratio, '× asking in turn', limit));
  }
  return figures;
}
