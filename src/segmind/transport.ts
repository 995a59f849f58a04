import { Agent, type Dispatcher, request } from 'undici';
import { whenStarted } from './started.ts';

/** Limits of one exchange. Connect, headers and body times are undici's; `callTimeoutMs` bounds the whole exchange. */
export type Timeouts = { connectTimeoutMs: number; headersTimeoutMs: number; bodyTimeoutMs: number; callTimeoutMs: number };

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  bodyTimeoutMs: 30_000,
  callTimeoutMs: 120_000,
};

export type Call = {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  signal?: AbortSignal | undefined;
  /** Replaces the headers and call times of the client, for calls that are slow by nature. */
  timeoutMs?: number;
  maxAnswerBytes: number;
};

export type Answered = { outcome: 'answered'; status: number; headers: AnswerHeaders; body: Buffer };
export type AnswerHeaders = Record<string, string | string[] | undefined>;

/** How an exchange ended. Only `notSent` is certain to have left no trace at the other side. */
export type Exchange =
  | Answered
  /** The head of the answer came, not all of its body. */
  | { outcome: 'cut'; status: number; headers: AnswerHeaders; why: 'timeout' | 'connectionLost' | 'tooBig' }
  /** The request was written, at least in part, and no answer came. */
  | { outcome: 'silent'; why: 'timeout' | 'connectionLost'; code: string }
  /** Not one byte of the request was written. */
  | { outcome: 'notSent'; code: string };

export type Transport = {
  /** One exchange, never repeated, no redirect followed. Rejects only with the reason of an aborted signal. */
  send(call: Call): Promise<Exchange>;
  close(): Promise<void>;
};

export function createTransport(options: { timeouts: Timeouts; dispatcher: Dispatcher | undefined }): Transport {
  const { timeouts } = options;
  // HTTP/1.1 without pipelining: a request on a connection that breaks is then never sent a second time by undici itself.
  const own = options.dispatcher
    ? null
    : new Agent({ allowH2: false, pipelining: 1, connectTimeout: timeouts.connectTimeoutMs, connections: 32 });
  const dispatcher = options.dispatcher ?? own;
  if (dispatcher === null) throw new TypeError('no dispatcher');
  return {
    send: call => exchange(dispatcher, call, timeouts),
    close: async () => own?.close(),
  };
}

async function exchange(dispatcher: Dispatcher, call: Call, timeouts: Timeouts): Promise<Exchange> {
  call.signal?.throwIfAborted();
  const stop = new AbortController();
  const onAbort = () => stop.abort(call.signal?.reason);
  call.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => stop.abort(new Error('the call took too long')), call.timeoutMs ?? timeouts.callTimeoutMs);
  let started = false;
  let head: { status: number; headers: AnswerHeaders } | null = null;
  try {
    const answer = await request(call.url, {
      dispatcher: dispatcher.compose(whenStarted(() => (started = true))),
      method: call.method,
      headers: { 'accept-encoding': 'identity', ...call.headers },
      body: call.body ?? null,
      signal: stop.signal,
      headersTimeout: call.timeoutMs ?? timeouts.headersTimeoutMs,
      bodyTimeout: timeouts.bodyTimeoutMs,
    });
    head = { status: answer.statusCode, headers: answer.headers };
    const body = await readBounded(answer.body, call.maxAnswerBytes);
    return body === null ? { outcome: 'cut', ...head, why: 'tooBig' } : { outcome: 'answered', ...head, body };
  } catch (error) {
    if (call.signal?.aborted) throw call.signal.reason;
    const code = stop.signal.aborted ? 'ETIMEDOUT' : codeOf(error);
    const why = TIMEOUT_CODES.has(code) ? 'timeout' : 'connectionLost';
    if (head !== null) return { outcome: 'cut', ...head, why };
    return started ? { outcome: 'silent', why, code } : { outcome: 'notSent', code };
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

const TIMEOUT_CODES: ReadonlySet<string> = new Set(['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** The whole body, or null once it exceeds the limit. What arrives is counted; a content-length may lie. */
async function readBounded(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer | null> {
  // A body that is left early reports that as an error too, after nobody waits for it any more.
  body.on('error', () => {});
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** A short code of an error of the network, as ECONNREFUSED; never its text, which may hold a URL. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
