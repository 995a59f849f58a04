import { readFile } from 'node:fs/promises';

const url = new URL('./good-portrait.jpg', import.meta.url);

/** A portrait that works well, as a file for a message. */
export async function goodPortrait(): Promise<{ name: string; bytes: Buffer }> {
  return { name: 'good-portrait.jpg', bytes: await readFile(url) };
}
