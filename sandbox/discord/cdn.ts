import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';
import { attachmentLinkLifetimeMs } from './numbers.ts';

export interface StoredFile {
  id: string;
  channelId: string;
  filename: string;
  contentType: string;
  bytes: Uint8Array;
  /** Uploaded with a command: shown to nobody but the bot and the member. */
  ephemeral: boolean;
  description: string | null;
  spoiler: boolean;
  width: number | null;
  height: number | null;
  durationSecs: number | null;
}

export interface CdnDeps {
  clock: Clock;
  /** Where the files are served, without a slash at the end. */
  origin: () => string;
  secret: string;
  linkLifetimeMs?: number;
}

export type Cdn = ReturnType<typeof createCdn>;

export type CdnAnswer = { found: true; file: StoredFile } | { found: false };

/** Keeps uploaded files and hands out signed links that expire, as Discord's CDN does. */
export function createCdn(deps: CdnDeps) {
  const { clock, origin, secret, linkLifetimeMs = attachmentLinkLifetimeMs } = deps;
  const files = new Map<string, StoredFile>();

  const pathOf = (file: StoredFile) =>
    `/${file.ephemeral ? 'ephemeral-attachments' : 'attachments'}/${file.channelId}/${file.id}/${file.filename}`;
  const sign = (path: string, ex: string, is: string) => createHmac('sha256', secret).update(`${path}?${ex}&${is}`).digest('hex');

  /** A fresh link: `ex` and `is` are hexadecimal epoch seconds, `hm` signs path and times. */
  function url(file: StoredFile): string {
    const path = pathOf(file);
    const issued = Math.floor(clock.now() / 1000).toString(16);
    const expires = Math.floor((clock.now() + linkLifetimeMs) / 1000).toString(16);
    return `${origin()}${path}?ex=${expires}&is=${issued}&hm=${sign(path, expires, issued)}&`;
  }

  /** Finds the file of a link if its signature is right and its time has not run out. */
  function open(path: string, query: URLSearchParams): CdnAnswer {
    const file = files.get(path.split('/')[3] ?? '');
    const [ex, is, hm] = [query.get('ex') ?? '', query.get('is') ?? '', query.get('hm') ?? ''];
    if (!file || path !== pathOf(file)) return { found: false };
    const expected = Buffer.from(sign(path, ex, is));
    const given = Buffer.from(hm);
    const authentic = expected.length === given.length && timingSafeEqual(expected, given);
    const fresh = Number.parseInt(ex, 16) * 1000 > clock.now();
    return authentic && fresh ? { found: true, file } : { found: false };
  }

  return {
    put: (file: StoredFile) => {
      files.set(file.id, file);
      return file;
    },
    get: (id: string) => files.get(id),
    remove: (id: string) => files.delete(id),
    url,
    open,
  };
}

/** A name as Discord keeps it: what is not safe in a path becomes an underscore. */
export function cleanFilename(name: string): string {
  const cleaned = name.replace(/^.*[/\\]/, '').replace(/[^\w.()-]/g, '_');
  return cleaned.replace(/^\.+/, '').slice(-260) || 'unknown';
}

const contentTypes: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  wav: 'audio/x-wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  webm: 'video/webm',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** The content type that a file's name suggests. */
export function contentTypeOf(filename: string): string {
  const extension = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  return contentTypes[extension] ?? 'application/octet-stream';
}
