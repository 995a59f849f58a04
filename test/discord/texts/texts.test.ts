import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REASONS } from '../../../src/core/reasons.ts';
import { en } from '../../../src/discord/texts/languages/en.ts';
import { createTexts, localizations } from '../../../src/discord/texts/texts.ts';
import { problemText } from '../../../src/discord/views/problem.ts';
import { mediaProblem } from '../../../src/media/problem.ts';
import { faceProblem } from '../../../src/media/tasks/orders-face.ts';

const texts = createTexts();

test('every reason has its sentence and what to do next', () => {
  for (const reason of REASONS) {
    expect(texts.say('en-US', `reason.${reason}.what`)).toMatch(/^[A-Z].*\.$/);
    expect(texts.say('en-US', `reason.${reason}.next`)).toMatch(/^[A-Z].*\.$/);
  }
});

test('every problem of a file has a sentence without an open fact', () => {
  const facts = {
    ...{ bytes: 30_000_000, maxBytes: 26_214_400, seconds: 95.26, minSeconds: 0.3, maxSeconds: 60 },
    ...{ facePixels: 40, leastFacePixels: 56, count: 2 },
    ...{ width: 90, height: 80, minSide: 128, maxPixels: 50_000_000 },
  };
  const codes = [...mediaProblem.options, ...faceProblem.options].map(option => option.shape.code.value);
  expect(codes.length).toBeGreaterThan(10);
  for (const code of [...codes, 'portrait-cropped', 'portrait-turned', 'download-failed', 'inputs-gone']) {
    for (const more of [{ subject: 'portrait' }, { subject: 'voice' }]) {
      const text = problemText({ code, facts: { ...facts, ...more } }, 'en-US', texts);
      expect(text, code).toMatch(/^[A-Z][^{}]*\.$/);
    }
  }
});

test('facts are read as people read them', () => {
  const text = (code: string, facts: Record<string, string | number>) => problemText({ code, facts }, 'en-US', texts);
  expect(text('file-too-large', { subject: 'portrait', maxBytes: 25 * 1024 * 1024 })).toBe(
    'The portrait is too large: up to 25 MB will do.',
  );
  expect(text('not-audio', { found: 'image/png' })).toContain('type image/png.');
  expect(text('not-audio', {})).toContain('not a sound file');
});

test('foreign facts neither mention, nor format, nor look anything up', () => {
  const found = '@everyone **x** $t(unexpected) {{maxMb}} https://evil.example';
  const text = problemText({ code: 'not-audio', facts: { found } }, 'en-US', texts) ?? '';
  expect(text).not.toMatch(/@|\*|https|Something went wrong|\{\{/);
});

test('a code without a sentence has none, also where it looks like a path', () => {
  for (const code of ['nothing-known', '__proto__', 'a.b', 'constructor', ''])
    expect(texts.problem('en-US', code, {})).toBeUndefined();
});

test('places in line are counted as people do', () => {
  const place = (count: number) => texts.say('en-GB', 'progress.waitingTurn', { count });
  expect([2, 3, 4, 11, 12, 21, 22, 23].map(count => place(count).match(/\d+\w+/)?.[0])).toEqual([
    ...['2nd', '3rd', '4th', '11th', '12th', '21st', '22nd', '23rd'],
  ]);
});

test('a language that lacks a text shows it in English', () => {
  const some = createTexts({ en, de: { button: { again: 'Nochmals' } } });
  expect(some.say('de', 'button.again')).toBe('Nochmals');
  expect(some.say('de', 'button.delete')).toBe('Delete');
  expect(some.say('sv-SE', 'button.again')).toBe('Try again');
});

test('Latin American Spanish reads the Spanish texts, in messages and in commands', () => {
  expect(texts.say('es-419', 'costs.member', { member: 'ada', usd: '1', count: 2 })).toBe('ada: 1 US$, 2 vídeos');
  const { 'es-ES': spanish, 'es-419': latin } = localizations('command.hallo.description');
  expect(latin).toBe(spanish ?? 'missing');
});

test('no member-facing sentence is written beside the texts', () => {
  for (const folder of ['views', 'buttons', 'announcer']) {
    const path = new URL(`../../../src/discord/${folder}/`, import.meta.url);
    for (const name of readdirSync(path)) {
      const code = readFileSync(new URL(name, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|throw new Error\(.*/g, '');
      expect(code, name).not.toMatch(/(['`])[A-Z][a-z]+ [a-z]+ [^'`]*\1/);
    }
  }
});
