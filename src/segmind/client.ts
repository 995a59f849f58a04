import type { Dispatcher } from 'undici';
import { type Accounts, createAccounts } from './accounts.ts';
import { readRequestId, submittedSchema } from './answers.ts';
import { type Caller, createCaller } from './caller.ts';
import { type Clock, systemClock } from './clock.ts';
import { SegmindError, SubmitUnknown } from './errors.ts';
import { createFiles, type Files } from './files.ts';
import { HALLO_SLUG, halloParams } from './hallo.ts';
import { type AsyncJob, addressOf, type CallOptions, createJob, isOwnUrl, type JobResult } from './job.ts';
import { DEFAULT_RETRY, type RetryOptions } from './retry.ts';
import { readSync, type SyncResult } from './sync.ts';
import { createTransport, DEFAULT_TIMEOUTS, type Timeouts } from './transport.ts';
import type { WaitOptions } from './wait.ts';

export const DEFAULT_BASE_URL = 'https://api.segmind.com';
export const DEFAULT_UPLOAD_URL = 'https://workflows-api.segmind.com/upload-asset';

export type SegmindClientOptions = {
  /** Default: the environment's SEGMIND_API_KEY. Null sends none, for a server that is open on this machine. */
  apiKey?: string | null;
  baseUrl?: string;
  /** Default: the provider's upload service; with another base URL, `upload-asset` below it. It gets the key too. */
  uploadUrl?: string;
  timeouts?: Partial<Timeouts>;
  /** Largest answer that is read, for results; every other answer may have 1 MiB. Default 64 MiB. */
  maxAnswerBytes?: number;
  retry?: Partial<RetryOptions>;
  /** Replaces the client's own connections; it must not repeat requests by itself, and is not closed by `close()`. */
  dispatcher?: Dispatcher;
  clock?: Clock;
  /** In [0, 1), for the jitter. */
  random?: () => number;
};

/** Parameters by their names on the wire, as `{input_image: …, pose_weight: 1.4}`. Those of hallo are checked before the call. */
export type Params = Readonly<Record<string, unknown>>;

/** The provider's API, in the words of its Python SDK. Throws the library's errors, or the reason of an aborted signal. */
export class SegmindClient {
  readonly files: Files;
  readonly accounts: Accounts;
  readonly #caller: Caller;
  readonly #close: () => Promise<void>;

  constructor(options: SegmindClientOptions = {}) {
    const baseUrl = readUrl(options.baseUrl ?? DEFAULT_BASE_URL, 'baseUrl');
    const uploadUrl = readUrl(options.uploadUrl ?? defaultUploadUrl(baseUrl), 'uploadUrl');
    const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    const transport = createTransport({ timeouts, dispatcher: options.dispatcher });
    this.#caller = createCaller({
      transport,
      baseUrl,
      uploadUrl,
      key: readKey(options.apiKey === undefined ? process.env.SEGMIND_API_KEY : options.apiKey),
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      retry: { ...DEFAULT_RETRY, ...options.retry },
      maxAnswerBytes: options.maxAnswerBytes ?? 64 * 1_048_576,
    });
    this.#close = () => transport.close();
    this.files = createFiles(this.#caller, uploadUrl);
    this.accounts = createAccounts(this.#caller);
  }

  /** Submits and waits (600 s, polling every second). */
  async run(slug: string, params: Params, options: WaitOptions = {}): Promise<JobResult> {
    const job = await this.submitAsync(slug, params, options.signal ? { signal: options.signal } : {});
    return job.wait(options);
  }

  /**
   * v1: one paid request that answers with the file itself. Meant for runs under a minute; `timeoutMs` (default 600,000) bounds it.
   * Throws as submitAsync does.
   */
  async runSync(slug: string, params: Params, options: CallOptions = {}): Promise<SyncResult> {
    const { maxAnswerBytes } = this.#caller;
    const request = { timeoutMs: 600_000, maxAnswerBytes, ...options };
    const { answer, body, context } = await this.#submit('v1', slug, params, request);
    return readSync(answer, body, context);
  }

  /**
   * Submits a paid job. It is sent again (`retries` times at most) only where it certainly was not taken; `certainlyNotTaken(error)`
   * tells the same of what is thrown in the end. SubmitUnknown: it may have been taken. An abort while the request is under way
   * rejects with the signal's reason, and then nobody knows either: treat it as SubmitUnknown.
   */
  async submitAsync(slug: string, params: Params, options: CallOptions = {}): Promise<AsyncJob> {
    const { answer, body } = await this.#submit('v2', slug, params, options);
    const parsed = submittedSchema.safeParse(body);
    const requestId = readRequestId(body);
    const unreadable = (detail: string) =>
      new SubmitUnknown({ causeKind: 'unreadable', status: answer.status, detail, requestId });
    if (!parsed.success) throw unreadable('the answer lacks request_id, status_url or response_url');
    const { request_id, status_url, response_url } = parsed.data;
    try {
      return this.job(request_id, { statusUrl: status_url, responseUrl: response_url });
    } catch (error) {
      throw error instanceof SegmindError ? unreadable(error.detail) : error;
    }
  }

  /** A request that was submitted earlier, by its id; the URLs are built from it if they are not given. */
  job(requestId: string, urls: { statusUrl?: string; responseUrl?: string } = {}): AsyncJob {
    const { baseUrl } = this.#caller;
    const built = addressOf(baseUrl, requestId);
    const own = (given: string | undefined, standard: URL): URL => {
      if (given === undefined) return standard;
      const url = URL.parse(given);
      if (url !== null && isOwnUrl(baseUrl, url)) return url;
      throw new SegmindError({
        kind: 'badAnswer',
        requestId,
        detail: 'a URL of the request is of another origin than the base URL',
      });
    };
    const statusUrl = own(urls.statusUrl, built.statusUrl);
    return createJob(this.#caller, { requestId, statusUrl, responseUrl: own(urls.responseUrl, built.responseUrl) });
  }

  /** Closes the connections once what is under way has ended. */
  close(): Promise<void> {
    return this.#close();
  }

  #submit(version: 'v1' | 'v2', slug: string, params: Params, options: CallOptions & { maxAnswerBytes?: number }) {
    if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(slug)) {
      throw new SegmindError({ kind: 'invalid', detail: 'the slug of a model has letters, digits and any of - _ .' });
    }
    const json = slug === HALLO_SLUG ? halloParams(params) : params;
    const url = new URL(`${this.#caller.baseUrl.href.replace(/\/$/, '')}/${version}/${slug}`);
    return this.#caller.submit({ method: 'POST', url, json, ...options });
  }
}

function defaultUploadUrl(baseUrl: URL): string {
  return baseUrl.origin === DEFAULT_BASE_URL ? DEFAULT_UPLOAD_URL : `${baseUrl.href.replace(/\/$/, '')}/upload-asset`;
}

function readUrl(text: string, name: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '')
    return url;
  throw new SegmindError({ kind: 'invalid', detail: `${name} must be an http or https URL without credentials and query` });
}

function readKey(given: string | null | undefined): string | null {
  if (given === null) return null;
  const key = given?.trim() ?? '';
  if (/^[\x21-\x7e]{1,512}$/.test(key)) return key;
  const detail = key === '' ? 'no API key: set SEGMIND_API_KEY or give apiKey' : 'the API key has characters that no key has';
  throw new SegmindError({ kind: 'key', detail });
}
