/**
 * Fetches a file by URL onto the disk, for URLs that strangers may choose: only public addresses (checked where the connection
 * is made, so a name can't resolve to another address later), every redirect checked again, bytes and time bounded, and
 * nothing sent along but a user agent.
 */
import { lookup as systemLookup } from 'node:dns';
import { open, rm } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { AddressRefusedError, guardedLookup, isAddress, isPublicAddress } from './addresses.ts';

/** Why a file was not fetched. `detail` names host and path at most: never the query of a URL, which may be a signature. */
export type DownloadProblem = {
  kind:
    | 'bad-url'
    | 'host-not-allowed'
    | 'address-refused'
    | 'too-large'
    | 'timeout'
    | 'status'
    /** a status that says to come again: 408, 429, 5xx */
    | 'server-trouble'
    | 'network'
    | 'too-many-redirects';
  detail: string;
};

type DownloadResult = { ok: true; bytes: number; contentType: string | undefined } | { ok: false; problem: DownloadProblem };

export type Downloader = {
  /**
   * Writes the file behind `url` to `targetPath`, whose folder must exist. Upon failure no file is left there. Rejects with
   * the signal's reason when aborted, and with the file system's error when the file can't be written.
   */
  download(url: string, targetPath: string, options: { maxBytes: number; signal?: AbortSignal }): Promise<DownloadResult>;
  /** Drops the connections that are kept open, and with them the downloads that still run. */
  close(): Promise<void>;
};

export type DownloaderOptions = {
  allowPrivateAddresses: boolean;
  /** Origins that the operator configured: neither their addresses nor their hosts are checked. */
  exceptOrigins?: readonly string[];
  /** Undefined: any public host. Entries are 'example.com' (that host alone) or '*.example.com' (its subdomains alone). */
  allowedHosts?: readonly string[];
  connectTimeoutMs?: number;
  /** Bounds the whole download with its redirects, so a server that drips bytes can't hold a place. */
  totalTimeoutMs?: number;
  userAgent?: string;
  /** Replaces the system's name resolution. */
  lookup?: LookupFunction;
};

const maxRedirects = 3;
const redirectCodes: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Ends a download as a value; never leaves this file. */
class DownloadStop extends Error {
  readonly problem: DownloadProblem;
  constructor(kind: DownloadProblem['kind'], detail: string) {
    super(detail);
    this.problem = { kind, detail };
  }
}

function hostMatches(host: string, entry: string): boolean {
  const wanted = entry.toLowerCase();
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) && host.length > wanted.length - 1 : host === wanted;
}

/** What may be shown of a URL. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  if (url === undefined) throw new DownloadStop('bad-url', 'not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new DownloadStop('bad-url', `not http or https: ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw new DownloadStop('bad-url', `a URL with credentials: ${url.host}`);
  return url;
}

/** The kind of an error of the connection, which undici nests as `cause`. */
function problemOf(error: unknown, url: URL): DownloadProblem {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof AddressRefusedError) return { kind: 'address-refused', detail: at.message };
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
  return { kind: /TIMEOUT|TIMEDOUT/.test(code) ? 'timeout' : 'network', detail: `${shown(url)}: ${code}` };
}

type Body = Dispatcher.ResponseData['body'];

/** Written at once: what comes over a connection comes in pieces of 64 kB, and each write is a way through another thread. */
const WRITE_BYTES = 1_048_576;

/** Writes the body to the file, piece by piece, up to the cap; answers the number of bytes. */
async function store(body: Body, targetPath: string, maxBytes: number, url: URL): Promise<number> {
  const file = await open(targetPath, 'w', 0o600);
  try {
    let [bytes, written] = [0, 0];
    const gathered: Buffer[] = [];
    const write = async () => {
      const { bytesWritten } = await file.writev(gathered.splice(0));
      written += bytesWritten;
      if (written !== bytes) throw new Error('the disk took a part of a file only');
    };
    const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        const { kind, detail } = problemOf(error, url);
        throw new DownloadStop(kind, detail);
      });
      if (next.done === true) break;
      bytes += next.value.length;
      if (bytes > maxBytes) throw new DownloadStop('too-large', `${shown(url)}: more than ${maxBytes} bytes`);
      gathered.push(next.value);
      if (bytes - written >= WRITE_BYTES) await write();
    }
    await write();
    return bytes;
  } finally {
    await file.close();
  }
}

export function createDownloader(options: DownloaderOptions): Downloader {
  const { connectTimeoutMs = 5_000, totalTimeoutMs = 60_000, userAgent = 'hallo-for-discord' } = options;
  const exempt = new Set((options.exceptOrigins ?? []).map(origin => new URL(origin).origin));
  const lookup = options.lookup ?? systemLookup;
  const agentFor = (look: LookupFunction) =>
    new Agent({
      connect: { timeout: connectTimeoutMs, lookup: look },
      headersTimeout: totalTimeoutMs,
      bodyTimeout: totalTimeoutMs,
      allowH2: false,
    });
  // Two, because connections are kept: one that was made without the check must never serve a URL that needs it.
  const guarded = agentFor(guardedLookup(lookup));
  const unguarded = agentFor(lookup);

  function agentOf(url: URL): Agent {
    if (exempt.has(url.origin)) return unguarded;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const name = host.replace(/\.$/, '');
    if (options.allowedHosts !== undefined && !options.allowedHosts.some(entry => hostMatches(name, entry))) {
      throw new DownloadStop('host-not-allowed', `${name} is not among the allowed hosts`);
    }
    if (options.allowPrivateAddresses) return unguarded;
    // No lookup is made for an address, so it is checked here.
    if (isAddress(host) && !isPublicAddress(host)) throw new DownloadStop('address-refused', `${host} is not a public address`);
    return guarded;
  }

  async function answerTo(text: string, signal: AbortSignal): Promise<{ url: URL; answer: Dispatcher.ResponseData }> {
    let url = parseUrl(text);
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const answer = await request(url, {
        dispatcher: agentOf(url),
        signal,
        headers: { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': 'identity' },
      }).catch((error: unknown) => {
        const { kind, detail } = problemOf(error, url);
        throw new DownloadStop(kind, detail);
      });
      const location = answer.headers.location;
      if (!redirectCodes.has(answer.statusCode) || typeof location !== 'string') return { url, answer };
      answer.body.on('error', () => {}).destroy();
      url = parseUrl(location, url);
    }
    throw new DownloadStop('too-many-redirects', `more than ${maxRedirects} redirects, the last to ${shown(url)}`);
  }

  async function fetchTo(text: string, targetPath: string, maxBytes: number, signal: AbortSignal): Promise<DownloadResult> {
    const { url, answer } = await answerTo(text, signal);
    const { statusCode, headers, body } = answer;
    try {
      if (statusCode !== 200) {
        const passing = statusCode >= 500 || statusCode === 408 || statusCode === 429;
        throw new DownloadStop(passing ? 'server-trouble' : 'status', `${shown(url)}: HTTP ${statusCode}`);
      }
      if (Number(headers['content-length'] ?? 0) > maxBytes) {
        throw new DownloadStop('too-large', `${shown(url)}: ${headers['content-length']} bytes, more than ${maxBytes}`);
      }
      const encoding = headers['content-encoding'];
      if (encoding !== undefined && encoding !== 'identity') throw new DownloadStop('network', `${shown(url)}: unasked encoding`);
      const bytes = await store(body, targetPath, maxBytes, url);
      const type = headers['content-type'];
      return { ok: true, bytes, contentType: typeof type === 'string' ? type : undefined };
    } finally {
      body.on('error', () => {}).destroy();
    }
  }

  return {
    async download(url, targetPath, { maxBytes, signal }) {
      signal?.throwIfAborted();
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), totalTimeoutMs);
      const both = signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]);
      try {
        return await fetchTo(url, targetPath, maxBytes, both);
      } catch (error) {
        await rm(targetPath, { force: true });
        signal?.throwIfAborted();
        if (deadline.signal.aborted)
          return { ok: false, problem: { kind: 'timeout', detail: `not done within ${totalTimeoutMs} ms` } };
        if (error instanceof DownloadStop) return { ok: false, problem: error.problem };
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      await Promise.all([guarded.destroy(), unguarded.destroy()]);
    },
  };
}
