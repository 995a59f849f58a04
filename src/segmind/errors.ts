/** What went wrong with a call. Closed: every refusal or mishap that is not the model's own failure is one of these. */
export const ERROR_KINDS = [
  'key',
  'forbidden',
  'credits',
  'invalid',
  'notFound',
  'gone',
  'rateLimited',
  'server',
  'network',
  'badAnswer',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

export type SegmindErrorFields = {
  kind: ErrorKind;
  /** The HTTP status; null where no answer came, or nothing was sent. */
  status?: number | null;
  /** A cleaned, bounded text: never the key, no query of any URL. */
  detail: string;
  requestId?: string | null;
  /** Epoch ms before which a repetition is pointless; null where the answer said nothing. */
  retryAt?: number | null;
  /** The same call may succeed later without anything being changed. */
  transient?: boolean;
  /** The request was certainly not taken: no connection, 429, or 503 with the provider's own JSON error. */
  notTaken?: boolean;
};

/** A call that was refused, or got no usable answer. Nothing is known to have been started by it. */
export class SegmindError extends Error {
  override readonly name = 'SegmindError';
  readonly kind: ErrorKind;
  readonly status: number | null;
  readonly detail: string;
  readonly requestId: string | null;
  readonly retryAt: number | null;
  readonly transient: boolean;
  readonly notTaken: boolean;

  constructor(fields: SegmindErrorFields) {
    super(`${fields.kind}${fields.status ? ` (HTTP ${fields.status})` : ''}: ${fields.detail}`);
    this.kind = fields.kind;
    this.status = fields.status ?? null;
    this.detail = fields.detail;
    this.requestId = fields.requestId ?? null;
    this.retryAt = fields.retryAt ?? null;
    this.transient = fields.transient ?? false;
    this.notTaken = fields.notTaken ?? false;
  }
}

/** The job ran and FAILED (not billed). `detail` is the provider's own text, `''` if it gave none. */
export class InferenceFailed extends Error {
  override readonly name = 'InferenceFailed';
  readonly detail: string;
  /** The whole FAILED answer, cleaned of the key and of the queries of URLs. */
  readonly statusBody: unknown;
  readonly requestId: string | null;

  constructor(fields: { detail: string; statusBody: unknown; requestId: string | null }) {
    super(`the inference failed: ${fields.detail || 'the provider gave no reason'}`);
    this.detail = fields.detail;
    this.statusBody = fields.statusBody;
    this.requestId = fields.requestId;
  }
}

/** The waiting ended, not the job: it can be polled again with `client.job(requestId)`. */
export class InferenceTimeout extends Error {
  override readonly name = 'InferenceTimeout';
  readonly requestId: string;
  readonly elapsedMs: number;
  /** What the last poll met, if it met no state but a passing error. */
  readonly lastError: SegmindError | null;

  constructor(fields: { requestId: string; elapsedMs: number; lastError?: SegmindError | null }) {
    super(`not finished after ${Math.round(fields.elapsedMs / 1000)} s; request ${fields.requestId} can be polled again later`);
    this.requestId = fields.requestId;
    this.elapsedMs = fields.elapsedMs;
    this.lastError = fields.lastError ?? null;
  }
}

/** Why nobody can tell whether a paid request was taken. */
export type UnknownCause =
  | 'timeout'
  | 'connectionLost'
  | 'badGateway'
  | 'gatewayTimeout'
  | 'serverError'
  | 'redirect'
  | 'unreadable';

/** A paid request that may have been taken, and charged: it must not be sent again by a program. */
export class SubmitUnknown extends Error {
  override readonly name = 'SubmitUnknown';
  readonly causeKind: UnknownCause;
  readonly status: number | null;
  readonly detail: string;
  /** Set if the answer was unusable but named the request: then `client.job(requestId)` can look for it. */
  readonly requestId: string | null;

  constructor(fields: { causeKind: UnknownCause; status?: number | null; detail: string; requestId?: string | null }) {
    super(`the request may have been taken and charged (${fields.causeKind}): ${fields.detail}`);
    this.causeKind = fields.causeKind;
    this.status = fields.status ?? null;
    this.detail = fields.detail;
    this.requestId = fields.requestId ?? null;
  }
}

/** Everything that the library throws on purpose, an abort's reason excepted. */
export type ClientError = SegmindError | InferenceFailed | InferenceTimeout | SubmitUnknown;

export function isClientError(error: unknown): error is ClientError {
  return (
    error instanceof SegmindError ||
    error instanceof InferenceFailed ||
    error instanceof InferenceTimeout ||
    error instanceof SubmitUnknown
  );
}

/** True only where a paid request may be sent again without being paid twice: no connection, 429, 503 with a JSON error. */
export function certainlyNotTaken(error: unknown): boolean {
  return error instanceof SegmindError && error.notTaken;
}
