import { jsonOf } from './answers.ts';
import { findDetail, plainText, scrub } from './detail.ts';
import { type ErrorKind, SegmindError } from './errors.ts';
import { readRetryAt } from './retry.ts';
import type { Answered, Exchange } from './transport.ts';

/** What is needed to speak about an answer: the key, to keep it out of texts; the time; the request that it is about. */
export type Context = { key: string | null; nowMs: number; requestId: string | null };

/** The kind of an answer that is not a success, by its status and text. */
export function kindOf(status: number, detail: string): ErrorKind {
  switch (status) {
    case 401:
      return 'key';
    case 402:
      return 'credits';
    case 403:
      return 'forbidden';
    case 404:
      return 'notFound';
    case 406:
      return /credit|balance|spend/i.test(detail) ? 'credits' : 'invalid';
    case 408:
      return 'server';
    case 410:
      return 'gone';
    case 429:
      return 'rateLimited';
    default:
      if (status >= 500) return 'server';
      return status >= 400 ? 'invalid' : 'badAnswer';
  }
}

const TRANSIENT: ReadonlySet<ErrorKind> = new Set(['rateLimited', 'server', 'network']);

/** An answer that refuses, as an error. */
export function refusal(answer: Answered, context: Context): SegmindError {
  const { status } = answer;
  const detail = detailOf(answer, context.key);
  const kind = kindOf(status, detail);
  return new SegmindError({
    kind,
    status,
    detail,
    requestId: context.requestId,
    retryAt: readRetryAt(answer.headers, context.nowMs),
    transient: TRANSIENT.has(kind),
  });
}

/** A success that can't be read. Worth another try unless it was too big: what stands between may have answered. */
export function badAnswer(status: number, detail: string, context: Context, transient = true): SegmindError {
  return new SegmindError({ kind: 'badAnswer', status, detail, requestId: context.requestId, transient });
}

/** An exchange without a whole answer, for calls that may be repeated freely. */
export function lost(exchange: Exclude<Exchange, Answered>, context: Context): SegmindError {
  const { requestId } = context;
  if (exchange.outcome === 'cut' && exchange.why === 'tooBig') {
    return badAnswer(exchange.status, 'the answer is larger than allowed', context, false);
  }
  if (exchange.outcome === 'cut') {
    const detail = `the answer broke off (${exchange.why})`;
    return new SegmindError({ kind: 'network', status: exchange.status, detail, requestId, transient: true });
  }
  const notTaken = exchange.outcome === 'notSent';
  const transient = !notTaken || !CLOSED_CODES.has(exchange.code);
  const detail = notTaken ? `no connection (${exchange.code})` : `no answer (${exchange.why}, ${exchange.code})`;
  return new SegmindError({ kind: 'network', detail, requestId, transient, notTaken });
}

const CLOSED_CODES: ReadonlySet<string> = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_INVALID_ARG']);

/** The text of an answer that refuses: the provider's own, else what its page says. */
export function detailOf(answer: Answered, key: string | null): string {
  const found = findDetail(jsonOf(answer)) ?? plainText(answer.body.subarray(0, 16_000).toString('utf8'));
  return scrub(found, key) || `HTTP ${answer.status} without a text`;
}
