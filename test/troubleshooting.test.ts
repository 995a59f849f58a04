import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../src/discord/texts/languages/en.ts';

const root = resolve(import.meta.dirname, '..');
const SAID_IN = ['src/cli', 'src/storage', 'src/main.ts', 'src/wiring', 'src/config.ts', 'src/discord/texts/languages/en.ts'];

/** A message without its marks; what differs each time is `…`, and so is the end of a sentence that a fact stands at. */
const plain = (text: string) => text.replaceAll(/\{\{\w+\}\}|\$\{[^{}]*\}/g, '…').replaceAll(/[`*\\]/g, '');

const page = await readFile(join(root, 'docs/troubleshooting.md'), 'utf8');
const quotes = [...page.matchAll(/“([^”]+)”/g)].map(match => plain(match[1] ?? '').replace(/ ?…?$/, ''));

test('every message that the page on troubleshooting quotes is still said', async () => {
  const said = plain((await Promise.all(SAID_IN.map(textOf))).join('\n'));
  expect(quotes.filter(quote => !said.includes(quote))).toEqual([]);
});

test('every refusal and every reason for a failure stands on the page', () => {
  const { permission, unknownTime, ...refusals } = en.refusal;
  const messages = [
    ...Object.entries(refusals).filter(([key]) => !key.endsWith('_one')),
    ...Object.entries(en.reason).map(([key, { what }]) => [key, what] as const),
  ];
  const missing = messages.filter(([, text]) => !quotes.some(quote => plain(text).includes(quote)));
  expect(missing.map(([key]) => key)).toEqual([]);
});

async function textOf(path: string): Promise<string> {
  if (path.endsWith('.ts')) return readFile(join(root, path), 'utf8');
  const names = (await readdir(join(root, path), { recursive: true })).filter(name => name.endsWith('.ts'));
  return (await Promise.all(names.map(name => readFile(join(root, path, name), 'utf8')))).join('\n');
}
