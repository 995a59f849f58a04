import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the view library's modules are served. */
const importMap = JSON.stringify({
  imports: {
    preact: '/page/modules/preact.js',
    'preact/hooks': '/page/modules/hooks.js',
    htm: '/page/modules/htm.js',
    'htm/preact': '/page/modules/htm-preact.js',
  },
});

const modules: Readonly<Record<string, string>> = {
  'preact.js': 'preact',
  'hooks.js': 'preact/hooks',
  'htm.js': 'htm',
  'htm-preact.js': 'htm/preact',
};

/** What lies outside of the page's own folder. */
const shared = new Set(['/samples/portrait.jpg', '/samples/voice.wav', '/discord/numbers.ts']);
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.wav': 'audio/wav',
};

const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Nothing is loaded from, sent to or shown in another site. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
  'cache-control': 'no-cache',
};

export interface StaticFile {
  type: string;
  bytes: string | Uint8Array;
}

/** Finds the page's files by the paths of their addresses; undefined where there is none. */
export function createStaticFiles(): (pathname: string) => Promise<StaticFile> | undefined {
  const read = createLoader();
  return pathname => {
    const path = pathOnDisk(pathname);
    return path === undefined ? undefined : read(path);
  };
}

/** Paths are those below `sandbox/`, so that the browser's modules can import what they share with the stand-in. */
function pathOnDisk(pathname: string): string | undefined {
  const below = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
  if (pathname === '/') return below('page/browser/index.html');
  if (shared.has(pathname)) return below(pathname.slice(1));
  const [, module] = /^\/page\/modules\/([\w.-]+)$/.exec(pathname) ?? [];
  const name = module === undefined ? undefined : modules[module];
  if (name !== undefined) return fileURLToPath(import.meta.resolve(name));
  // Names without dots but for the ending: no path leads out of the folder.
  const own = /^\/(page\/browser\/(?:[a-z-]+\/)*[a-z-]+\.(?:ts|css|svg))$/.exec(pathname)?.[1];
  return own === undefined ? undefined : below(own);
}

/** What was read and stripped, as long as the file stays as it is: a page is forty modules. */
function createLoader() {
  const loaded = new Map<string, { changedAtMs: number; file: StaticFile }>();
  return async (path: string): Promise<StaticFile> => {
    const { mtimeMs } = await stat(path);
    const known = loaded.get(path);
    if (known?.changedAtMs === mtimeMs) return known.file;
    const file = await load(path);
    loaded.set(path, { changedAtMs: mtimeMs, file });
    return file;
  };
}

async function load(path: string): Promise<StaticFile> {
  const type = types[extname(path)] ?? 'application/octet-stream';
  const bytes = await readFile(path);
  if (path.endsWith('.html')) return { type, bytes: bytes.toString().replace('IMPORT_MAP', importMap) };
  // As Node itself runs TypeScript: types become blanks, so lines and columns stay.
  return path.endsWith('.ts') ? { type, bytes: stripTypeScriptTypes(bytes.toString()) } : { type, bytes };
}
