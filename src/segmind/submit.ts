import { jsonOf, readJobBody, readRequestId } from './answers.ts';
import { findDetail, hasOwnError, scrub, scrubDeep } from './detail.ts';
import { InferenceFailed, SegmindError, SubmitUnknown, type UnknownCause } from './errors.ts';
import { type Context, detailOf, lost, refusal } from './refusal.ts';
import { readRetryAt } from './retry.ts';
import type { Answered, Exchange } from './transport.ts';

/**
 * What became of a paid request. There is no idempotency key: a second request is a second bill, so only `notTaken` may be sent again.
 * - `accepted`: a 2xx with a whole body, yet to be read.
 * - `notTaken`: no connection was made, 429, or 503 with the provider's own JSON error.
 * - `refused`: every other 4xx, 500 with the provider's own JSON error, or a FAILED body.
 * - `unknown`: everything else. It may have been taken and charged.
 */
export type Verdict =
  | { verdict: 'accepted'; answer: Answered; body: unknown }
  | { verdict: 'notTaken'; error: SegmindError }
  | { verdict: 'refused'; error: SegmindError | InferenceFailed }
  | { verdict: 'unknown'; error: SubmitUnknown };

export function judgeSubmit(exchange: Exchange, context: Context): Verdict {
  switch (exchange.outcome) {
    case 'notSent':
      return { verdict: 'notTaken', error: lost(exchange, context) };
    case 'silent': {
      const detail = `no answer (${exchange.code})`;
      return { verdict: 'unknown', error: new SubmitUnknown({ causeKind: exchange.why, detail }) };
    }
    case 'cut':
      return judgeCut(exchange, context);
    case 'answered':
      return judgeAnswer(exchange, context);
  }
}

/** The body is lost, the status is not: a 4xx refuses without it; 500 and 503 count only with their JSON error. */
function judgeCut(exchange: Extract<Exchange, { outcome: 'cut' }>, context: Context): Verdict {
  const { status, headers } = exchange;
  if (status >= 400 && status < 500) return judgeAnswer({ outcome: 'answered', status, headers, body: Buffer.alloc(0) }, context);
  const causeKind = exchange.why === 'tooBig' ? 'unreadable' : exchange.why;
  return {
    verdict: 'unknown',
    error: new SubmitUnknown({ causeKind, status, detail: `the answer broke off (${exchange.why})` }),
  };
}

function judgeAnswer(answer: Answered, context: Context): Verdict {
  const { status } = answer;
  const body = jsonOf(answer);
  const success = status >= 200 && status < 300;
  const failed = success || status === 422 ? failureIn(body, context) : null;
  if (failed !== null) return { verdict: 'refused', error: failed };
  if (success) return { verdict: 'accepted', answer, body };
  if (status === 429 || (status === 503 && hasOwnError(body))) return { verdict: 'notTaken', error: notTaken(answer, context) };
  if ((status >= 400 && status < 500) || (status === 500 && hasOwnError(body))) {
    return { verdict: 'refused', error: refusal(answer, context) };
  }
  const detail = detailOf(answer, context.key);
  return {
    verdict: 'unknown',
    error: new SubmitUnknown({ causeKind: causeOf(status), status, detail, requestId: readRequestId(body) }),
  };
}

function notTaken(answer: Answered, context: Context): SegmindError {
  return new SegmindError({
    kind: answer.status === 429 ? 'rateLimited' : 'server',
    status: answer.status,
    detail: detailOf(answer, context.key),
    retryAt: readRetryAt(answer.headers, context.nowMs),
    transient: true,
    notTaken: true,
  });
}

function causeOf(status: number): UnknownCause {
  if (status === 502) return 'badGateway';
  if (status === 504) return 'gatewayTimeout';
  return status >= 500 ? 'serverError' : 'redirect';
}

/** FAILED counts whatever the HTTP status is. */
export function failureIn(body: unknown, context: Context): InferenceFailed | null {
  const job = readJobBody(body);
  if (job?.state !== 'failed') return null;
  return new InferenceFailed({
    detail: scrub(findDetail(body) ?? '', context.key),
    statusBody: scrubDeep(body, context.key),
    requestId: job.requestId ?? context.requestId,
  });
}
