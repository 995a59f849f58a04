import { type JobBody, jsonOf, type Metrics, readJobBody } from './answers.ts';
import type { Caller } from './caller.ts';
import { findDetail, scrub, scrubDeep } from './detail.ts';
import { type InferenceFailed, SegmindError } from './errors.ts';
import { findOutputUrl } from './output.ts';
import { badAnswer, type Context, refusal } from './refusal.ts';
import { failureIn } from './submit.ts';
import type { Answered } from './transport.ts';
import { type WaitOptions, waitFor } from './wait.ts';

/** One look at a job. `unknown` means not finished; `rawState` holds the word that nobody knows. */
export type JobStatus = JobBody & {
  /** The provider's text of a failed job, cleaned; null in every other state, `''` if it gave none. */
  detail: string | null;
  /** The whole answer, cleaned of the key and of the queries of URLs. */
  body: unknown;
  /** How many looks of this job object met a state that nobody knows. */
  unknownStates: number;
};

export type JobResult = {
  requestId: string;
  /** Where the file is; a `data:` URL if it came as base64 (`decodeDataUrl` reads it). */
  videoUrl: string;
  metrics: Metrics;
  /** The answer as it came. It may hold signed URLs: not for logs. */
  body: unknown;
};

export type CallOptions = {
  signal?: AbortSignal;
  /** Repetitions after passing errors, instead of the client's. */
  retries?: number;
  /** Bounds each single exchange, instead of the client's headers and call times. */
  timeoutMs?: number;
};

/** A job that was submitted, now or earlier. Every method rejects with the reason of an aborted signal. */
export type AsyncJob = {
  readonly requestId: string;
  readonly statusUrl: string;
  readonly responseUrl: string;
  /** The state as it is now; a failed job is a value here. Throws SegmindError. */
  status(options?: CallOptions): Promise<JobStatus>;
  /** The result of a finished job. Throws InferenceFailed, SegmindError (`badAnswer` while it isn't finished). */
  result(options?: CallOptions): Promise<JobResult>;
  /** Polls until it is finished (600 s, every second). Throws InferenceFailed, InferenceTimeout, SegmindError. */
  wait(options?: WaitOptions): Promise<JobResult>;
};

export type JobAddress = { requestId: string; statusUrl: URL; responseUrl: URL };

/** The URLs of a request by its id, for those who kept nothing else. */
export function addressOf(baseUrl: URL, requestId: string): JobAddress {
  if (!/^[\w.~:-]{1,200}$/.test(requestId) || /^\.+$/.test(requestId)) {
    throw new SegmindError({ kind: 'invalid', detail: 'the request id must be 1 to 200 letters, digits or any of - _ . ~ :' });
  }
  const responseUrl = new URL(`${baseUrl.href.replace(/\/$/, '')}/v2/requests/${encodeURIComponent(requestId)}`);
  return { requestId, responseUrl, statusUrl: new URL(`${responseUrl.href}/status`) };
}

/** True if the key may go there: the same origin, and no credentials in the URL. */
export function isOwnUrl(baseUrl: URL, url: URL): boolean {
  return url.origin === baseUrl.origin && url.username === '' && url.password === '';
}

/** What the response URL tells of a job: its result, or that it isn't finished. */
export type Outcome = { finished: true; result: JobResult } | { finished: false; rawState: string };

export function createJob(caller: Caller, address: JobAddress): AsyncJob {
  const { requestId, statusUrl, responseUrl } = address;
  let unknownStates = 0;

  async function status(options: CallOptions = {}): Promise<JobStatus> {
    const look = await caller.ask({ method: 'GET', url: statusUrl, requestId, ...options }, readStatus);
    if (look.state === 'unknown') unknownStates++;
    return { ...look, unknownStates };
  }

  function outcome(options: CallOptions = {}): Promise<Outcome> {
    const { maxAnswerBytes } = caller;
    return caller.ask({ method: 'GET', url: responseUrl, requestId, maxAnswerBytes, ...options }, readOutcome);
  }

  return {
    requestId,
    statusUrl: statusUrl.href,
    responseUrl: responseUrl.href,
    status,
    async result(options) {
      const found = await outcome(options);
      if (found.finished) return found.result;
      throw badAnswer(200, `the request is not finished: ${found.rawState}`, caller.contextOf(requestId));
    },
    wait: options => waitFor({ caller, requestId, status, outcome }, options),
  };
}

/** A terminal state in the body counts whatever the HTTP status is; the others only under a 2xx. */
function readStatus(answer: Answered, context: Context): Omit<JobStatus, 'unknownStates'> | SegmindError {
  const body = jsonOf(answer);
  const job = readJobBody(body);
  const success = answer.status >= 200 && answer.status < 300;
  if (job !== null && (success || job.state === 'failed' || job.state === 'completed')) {
    const detail = job.state === 'failed' ? scrub(findDetail(body) ?? '', context.key) : null;
    return { ...clean(job, context), detail, body: scrubDeep(body, context.key) };
  }
  return success ? badAnswer(answer.status, 'the answer tells no status', context) : refusal(answer, context);
}

function readOutcome(answer: Answered, context: Context): Outcome | SegmindError | InferenceFailed {
  const body = jsonOf(answer);
  const failed = failureIn(body, context);
  if (failed !== null) return failed;
  const job = readJobBody(body);
  const success = answer.status >= 200 && answer.status < 300;
  if (!success && job?.state !== 'completed') return refusal(answer, context);
  if (job === null) return badAnswer(answer.status, 'the answer tells no status', context);
  if (job.state !== 'completed') return { finished: false, rawState: clean(job, context).rawState };
  const videoUrl = findOutputUrl(body);
  if (videoUrl === null) return badAnswer(answer.status, 'the request is completed, but its answer has no output', context);
  return { finished: true, result: { requestId: context.requestId ?? '', videoUrl, metrics: job.metrics, body } };
}

function clean(job: JobBody, context: Context): JobBody {
  return { ...job, rawState: scrub(job.rawState, context.key, 200), requestId: context.requestId };
}
