import type { Clock } from './clock.ts';
import { sleepUnlessAborted } from './clock.ts';
import { InferenceFailed, SegmindError } from './errors.ts';
import { type Context, lost } from './refusal.ts';
import { type RetryOptions, retryDelayMs } from './retry.ts';
import { judgeSubmit } from './submit.ts';
import type { Answered, Call, Transport } from './transport.ts';

export type Request = {
  method: 'GET' | 'POST';
  url: URL;
  json?: unknown;
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  maxAnswerBytes?: number;
  /** The job that the call is about, for its errors. */
  requestId?: string | null;
  /** Repetitions of this call instead of the client's. */
  retries?: number | undefined;
};

/** Calls that carry the key where it belongs, are repeated where that is harmless, and end in a value or one of the library's errors. */
export type Caller = {
  baseUrl: URL;
  clock: Clock;
  retry: RetryOptions;
  random: () => number;
  maxAnswerBytes: number;
  contextOf(requestId: string | null): Context;
  /** For calls that cost nothing. `read` makes the value of a whole answer, or the error. */
  ask<T>(request: Request, read: (answer: Answered, context: Context) => T | SegmindError | InferenceFailed): Promise<T>;
  /** For calls that are paid: repeated only where the request was certainly not taken. */
  submit(request: Request): Promise<{ answer: Answered; body: unknown; context: Context }>;
};

/** Answers that hold no file are small. */
const SMALL_ANSWER_BYTES = 1_048_576;

export function createCaller(deps: {
  transport: Transport;
  baseUrl: URL;
  uploadUrl: URL;
  key: string | null;
  clock: Clock;
  random: () => number;
  retry: RetryOptions;
  maxAnswerBytes: number;
}): Caller {
  const { transport, clock, key } = deps;

  function callOf(request: Request): Call {
    const { method, url } = request;
    // The key leaves for two places only: the base URL's origin, and the configured upload URL.
    const trusted = url.origin === deps.baseUrl.origin || url.href === deps.uploadUrl.href;
    if (!trusted) throw new SegmindError({ kind: 'badAnswer', detail: 'the URL is of another origin than the base URL' });
    return {
      method,
      url,
      headers: {
        accept: '*/*',
        ...(key === null ? {} : { 'x-api-key': key }),
        ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
      ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
      signal: request.signal,
      maxAnswerBytes: Math.min(request.maxAnswerBytes ?? SMALL_ANSWER_BYTES, deps.maxAnswerBytes),
    };
  }

  const contextOf = (requestId: string | null): Context => ({ key, nowMs: clock.now(), requestId });

  /** Waits before repetition number `attempt`; false if there is to be none. */
  async function pause(attempt: number, request: Request, retryAtMs: number | null): Promise<boolean> {
    const options = { ...deps.retry, retries: request.retries ?? deps.retry.retries };
    const delayMs = retryDelayMs(attempt, options, { nowMs: clock.now(), retryAtMs, random: deps.random() });
    if (delayMs === null) return false;
    await sleepUnlessAborted(clock, delayMs, request.signal);
    return true;
  }

  return {
    baseUrl: deps.baseUrl,
    clock,
    retry: deps.retry,
    random: deps.random,
    maxAnswerBytes: deps.maxAnswerBytes,
    contextOf,
    async ask(request, read) {
      const call = callOf(request);
      for (let attempt = 0; ; attempt++) {
        const exchange = await transport.send(call);
        const context = contextOf(request.requestId ?? null);
        const value = exchange.outcome === 'answered' ? read(exchange, context) : lost(exchange, context);
        if (value instanceof InferenceFailed) throw value;
        if (!(value instanceof SegmindError)) return value;
        if (!value.transient || !(await pause(attempt, request, value.retryAt))) throw value;
      }
    },
    async submit(request) {
      const call = callOf(request);
      for (let attempt = 0; ; attempt++) {
        const exchange = await transport.send(call);
        const context = contextOf(null);
        const judged = judgeSubmit(exchange, context);
        if (judged.verdict === 'accepted') return { answer: judged.answer, body: judged.body, context };
        if (judged.verdict !== 'notTaken') throw judged.error;
        if (!judged.error.transient || !(await pause(attempt, request, judged.error.retryAt))) throw judged.error;
      }
    },
  };
}
