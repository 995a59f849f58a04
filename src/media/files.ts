/** Looks at files that need no decoding. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { MediaProblem, MediaSubject } from './problem.ts';

/** The size of a file, or why it is not looked at. Rejects when it can't be found. */
export async function sized(
  path: string,
  subject: MediaSubject,
  maxBytes: number,
): Promise<{ ok: true; value: number } | { ok: false; problem: MediaProblem }> {
  const { size: bytes } = await stat(path);
  if (bytes === 0) return { ok: false, problem: { code: 'file-empty', subject } };
  if (bytes > maxBytes) return { ok: false, problem: { code: 'file-too-large', subject, bytes, maxBytes } };
  return { ok: true, value: bytes };
}

/** The SHA-256 of a file's content, in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
