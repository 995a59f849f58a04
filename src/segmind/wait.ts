import type { Caller } from './caller.ts';
import { sleepUnlessAborted } from './clock.ts';
import { InferenceFailed, InferenceTimeout, SegmindError } from './errors.ts';
import type { CallOptions, JobResult, JobStatus, Outcome } from './job.ts';
import { backoffMs } from './retry.ts';

export type WaitOptions = {
  /** Default 600,000. */
  timeoutMs?: number;
  /** Between two polls; default 1,000, at least 250. */
  intervalMs?: number;
  signal?: AbortSignal;
};

/** However short an interval is asked for, polls never come closer than this. */
const SHORTEST_INTERVAL_MS = 250;

/** The last poll may take a little longer than the time that is left. */
const SHORTEST_CALL_MS = 1_000;

export type Pollable = {
  caller: Caller;
  requestId: string;
  status(options: CallOptions): Promise<JobStatus>;
  outcome(options: CallOptions): Promise<Outcome>;
};

/**
 * Polls until the job is finished or the time is over. It looks at least once, and a last time when the time is over. The job is
 * paid, so a passing error (network, server trouble, too many requests) is waited out; every other one ends the waiting.
 */
export async function waitFor(job: Pollable, options: WaitOptions = {}): Promise<JobResult> {
  const { clock, retry, random } = job.caller;
  const { signal, timeoutMs = 600_000 } = options;
  const intervalMs = Math.max(options.intervalMs ?? 1_000, SHORTEST_INTERVAL_MS);
  const startedAt = clock.now();
  let passingErrors = 0;
  for (;;) {
    const leftMs = startedAt + timeoutMs - clock.now();
    const seen = await poll(job, signal, Math.max(leftMs, SHORTEST_CALL_MS));
    signal?.throwIfAborted();
    if (seen.finished) return seen.result;
    const elapsedMs = clock.now() - startedAt;
    if (elapsedMs >= timeoutMs) throw new InferenceTimeout({ requestId: job.requestId, elapsedMs, lastError: seen.error });
    const backoff = seen.error === null ? 0 : backoffMs(passingErrors, retry, random());
    passingErrors = seen.error === null ? 0 : passingErrors + 1;
    const untilReset = (seen.error?.retryAt ?? 0) - clock.now();
    const pauseMs = Math.max(intervalMs, backoff, untilReset);
    await sleepUnlessAborted(clock, Math.max(1, Math.min(pauseMs, timeoutMs - elapsedMs)), signal);
  }
}

type Seen = { finished: true; result: JobResult } | { finished: false; error: SegmindError | null };

async function poll(job: Pollable, signal: AbortSignal | undefined, leftMs: number): Promise<Seen> {
  const timeoutMs = Math.min(leftMs, 60_000);
  const options = { retries: 0, timeoutMs, ...(signal === undefined ? {} : { signal }) };
  try {
    const look = await job.status(options);
    if (look.state === 'failed') {
      const { requestId } = job;
      throw new InferenceFailed({ detail: look.detail ?? '', statusBody: look.body, requestId });
    }
    if (look.state !== 'completed') return { finished: false, error: null };
    const outcome = await job.outcome(options);
    return outcome.finished ? outcome : { finished: false, error: null };
  } catch (error) {
    if (error instanceof SegmindError && error.transient) return { finished: false, error };
    throw error;
  }
}
