import { backoffMs } from '../backoff.ts';
import { type Context, movedOrLost, type PerformStep, type Step, type Watch } from '../context.ts';
import { failed } from '../outcomes.ts';
import { expectedUndetectedWaitMs, nextPollAtMs } from '../pacing.ts';
import type { Metrics, NoNews, ResultAnswer, StatusAnswer } from '../ports.ts';
import { fractionDone, nextStepAfterMs } from '../progress.ts';
import type { Job, Outcome, Render } from '../render.ts';
import { keepOutput } from './keep-output.ts';

/** The provider keeps its records for an hour after the submission: a render is watched that long, never less. */
export const WATCH_MS = 60 * 60_000;
/** Beyond the hour only for answers that tell nothing: then the record is gone anyway. */
const GRACE_MS = 10 * 60_000;
/** A 404 counts only when it stands that long. */
const MISSING_STANDS_MS = 60_000;
const MISSING_ASK_MS = 15_000;
/** More than lies between two polls. */
const SEEN_LATELY_MS = 3 * 60_000;
const DENIED_PAUSE_MS = 60_000;
const TROUBLE_BACKOFF = { baseMs: 2_000, capMs: 60_000 };
const REFUSED = 'refused while asking for the state of a render';
const KNOWN_STATES = new Set(['QUEUED', 'PROCESSING']);

/** Watches the provider's job: asks when it is likely to have ended, shows the progress in between. */
export const rendering: PerformStep = async (render, context, signal) => {
  if (render.outputUrl !== null) return keepOutput(render, context, signal);
  if (render.job === null) throw new Error(`render ${render.id} is rendering without a job`);
  const { job } = render;
  const { budget, clock, provider } = context;
  const watch = watchOf(render.id, context);
  if (clock.now() < Math.max(job.submittedAtMs, watch.lastPollAtMs ?? 0)) return beginAnew(render, job, watch, context);
  const sleepUntilMs = showProgress(render, job, context);
  const dueAtMs = dueAt(render, job, watch, context);
  if (clock.now() < dueAtMs) return { kind: 'sleep', untilMs: Math.min(dueAtMs, sleepUntilMs) };

  await budget.take('poll', {
    signal,
    worth: () => expectedUndetectedWaitMs({ ...watched(render, job, watch, context), nowMs: clock.now() }),
  });
  const askedAtMs = clock.now();
  const status = await provider.status(job, signal);
  if (status.kind === 'completed') {
    await budget.take('result', { signal });
    return settleAnswer(render, job, await provider.result(job, signal), askedAtMs, context);
  }
  return settleAnswer(render, job, status, askedAtMs, context);
};

/** The clock was moved back: by it the job was submitted in the future, and its end would not be asked for until then. */
async function beginAnew(render: Render, job: Job, watch: Watch, { clock, ledger }: Context): Promise<Step> {
  const nowMs = clock.now();
  Object.assign(watch, { lastPollAtMs: null, askAtMs: nowMs });
  const submittedAtMs = Math.min(job.submittedAtMs, nowMs);
  return movedOrLost(await ledger.update(render.id, 'rendering', { job: { ...job, submittedAtMs } }));
}

/** What an answer about the job leads to. `completed` without an output is no answer yet: the state said it, the result will. */
async function settleAnswer(
  render: Render,
  job: Job,
  answer: ResultAnswer | StatusAnswer,
  askedAtMs: number,
  context: Context,
): Promise<Step> {
  const { ledger, telemetry } = context;
  if (answer.kind === 'missing') return settleMissing(render, job, context);
  if (render.missingSinceMs !== null) await ledger.update(render.id, 'rendering', { missingSinceMs: null });
  switch (answer.kind) {
    case 'working': {
      if (!KNOWN_STATES.has(answer.state)) telemetry.unknownState();
      const watch = watchOf(render.id, context);
      Object.assign(watch, { lastPollAtMs: askedAtMs, askAtMs: null, troubleInRow: 0 });
      if (askedAtMs >= job.submittedAtMs + WATCH_MS) return end(render, failed('timeout', 'maybe'), null, context);
      return { kind: 'moved', render };
    }
    case 'failed':
      return end(render, failedOutcome(answer, context), answer.metrics.costUsd, context);
    case 'completed':
      return 'videoUrl' in answer
        ? completed(render, job, answer, askedAtMs, context)
        : askLater(render, job, { kind: 'trouble', detail: 'completed without a result' }, context);
    case 'denied':
    case 'trouble':
      return askLater(render, job, answer, context);
  }
}

async function completed(
  render: Render,
  job: Job,
  { videoUrl, metrics }: { videoUrl: string; metrics: Metrics },
  askedAtMs: number,
  context: Context,
): Promise<Step> {
  const watch = watchOf(render.id, context);
  context.watches.delete(render.id);
  // Written first: from here on the video is found again even beyond the provider's hour.
  const written = await context.ledger.update(render.id, 'rendering', { outputUrl: videoUrl, costUsd: metrics.costUsd });
  const seenMs = askedAtMs - job.submittedAtMs;
  const runningAtMs = watch.lastPollAtMs === null ? 0 : watch.lastPollAtMs - job.submittedAtMs;
  const learned = context.expectations.learn({
    voiceSeconds: render.prepared?.voiceSeconds ?? 1,
    ...(metrics.renderMs === null ? { durationMs: seenMs, runningAtMs } : { durationMs: metrics.renderMs }),
  });
  // What was not learned costs some polls; the video must not wait for it.
  await learned.catch((error: unknown) => context.telemetry.alarm('storage', String(error)));
  if (metrics.renderMs !== null) context.telemetry.detectionDelay(Math.max(0, seenMs - metrics.renderMs));
  return movedOrLost(written);
}

/** Only a completed run is billed; where the provider states a cost all the same, that counts. */
function failedOutcome({ detail, metrics }: { detail: string; metrics: Metrics }, { classify }: Context): Outcome {
  return failed(classify(detail), (metrics.costUsd ?? 0) > 0 ? 'yes' : 'no', { detail });
}

async function settleMissing(render: Render, job: Job, context: Context): Promise<Step> {
  const nowMs = context.clock.now();
  const sinceMs = render.missingSinceMs ?? nowMs;
  if (nowMs - sinceMs >= MISSING_STANDS_MS) {
    const { lastPollAtMs } = watchOf(render.id, context);
    // Seen at work until its record went as records go: no video was missed.
    const ranOut = lastPollAtMs !== null && lastPollAtMs >= job.submittedAtMs + WATCH_MS - SEEN_LATELY_MS;
    return end(render, failed(ranOut ? 'timeout' : 'expired', 'maybe'), null, context);
  }
  watchOf(render.id, context).askAtMs = nowMs + MISSING_ASK_MS;
  return movedOrLost(await context.ledger.update(render.id, 'rendering', { missingSinceMs: sinceMs }));
}

async function askLater(render: Render, job: Job, answer: Exclude<NoNews, { kind: 'missing' }>, context: Context): Promise<Step> {
  const { breaker, budget, clock, random } = context;
  const nowMs = clock.now();
  if (nowMs >= job.submittedAtMs + WATCH_MS + GRACE_MS) return end(render, failed('expired', 'maybe'), null, context);
  const watch = watchOf(render.id, context);
  if (answer.kind === 'denied') {
    // A reset that lies in the past would make the watch spin.
    const retryAtMs = Math.max(answer.retryAtMs ?? nowMs + DENIED_PAUSE_MS, nowMs + TROUBLE_BACKOFF.baseMs);
    if (answer.reason === 'busy') budget.pause(retryAtMs);
    // It may be this job alone, and the others go on.
    else if (answer.reason === 'forbidden') breaker.suspect(REFUSED);
    else {
      breaker.open(answer.reason, REFUSED);
      breaker.pausePolls(retryAtMs);
    }
    watch.askAtMs = retryAtMs;
  } else {
    watch.troubleInRow += 1;
    watch.askAtMs = nowMs + backoffMs(watch.troubleInRow, TROUBLE_BACKOFF, random);
  }
  return { kind: 'moved', render };
}

async function end(render: Render, outcome: Outcome, costUsd: number | null, { ledger, watches }: Context): Promise<Step> {
  watches.delete(render.id);
  return movedOrLost(await ledger.advance(render.id, 'rendering', 'announcing', { outcome, costUsd }));
}

function watchOf(id: string, { watches }: Context): Watch {
  const known = watches.get(id);
  if (known) return known;
  const watch: Watch = { lastPollAtMs: null, askAtMs: null, troubleInRow: 0 };
  watches.set(id, watch);
  return watch;
}

function watched(render: Render, job: Job, watch: Watch, { expectations }: Context) {
  return {
    submittedAtMs: job.submittedAtMs,
    lastPollAtMs: watch.lastPollAtMs ?? undefined,
    prediction: expectations.of(render.prepared?.voiceSeconds ?? 1),
  };
}

/** When to ask next: by the plan, unless trouble or a pause says otherwise. */
function dueAt(render: Render, job: Job, watch: Watch, context: Context): number {
  const { breaker, options } = context;
  // The jitter is a hash of render and last poll, so that looking at the plan again does not change it.
  const random = () => hashFraction(`${render.id}:${watch.lastPollAtMs}`);
  const plannedMs = nextPollAtMs({ ...watched(render, job, watch, context), random, options: options.pacing });
  return Math.max(watch.askAtMs ?? plannedMs, breaker.pollsPausedUntilMs());
}

/** Shows where the render stands; answers when the picture changes next. */
function showProgress(render: Render, job: Job, { announcer, clock, expectations }: Context): number {
  if (render.cancelledAtMs !== null) {
    void announcer.progress(render, { kind: 'cancelled', charged: 'yes' });
    return Number.POSITIVE_INFINITY;
  }
  const expectedMs = expectations.of(render.prepared?.voiceSeconds ?? 1).medianMs;
  const elapsedMs = clock.now() - job.submittedAtMs;
  void announcer.progress(render, {
    kind: 'rendering',
    startedAtMs: job.submittedAtMs,
    expectedEndMs: job.submittedAtMs + expectedMs,
    fraction: fractionDone(elapsedMs, expectedMs),
    late: elapsedMs > 1.5 * expectedMs,
  });
  return job.submittedAtMs + nextStepAfterMs(elapsedMs, expectedMs);
}

/** FNV-1a, as a fraction of 2^32. */
function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
