/** A slice of `npm run corpus`; more files by `npm run corpus -- --count N --seed S`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handIn, refusedFiles } from './end-to-end.ts';
import { faultLines } from './report.ts';
import { type CorpusReport, runCorpus } from './run.ts';

let folder: string;
let report: CorpusReport;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-corpus-'));
  report = await runCorpus({ folder, count: 44, seed: 7 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('hostile files are prepared or refused with a sentence, in time, and leave nothing behind', () => {
  expect(faultLines(report)).toEqual([]);
  expect(report.verdicts).toHaveLength(44);
  expect(new Set(report.verdicts.map(({ file }) => file.family)).size).toBe(11);
});

test('what is refused is told the member in private, and nothing reaches the provider', { timeout: 120_000 }, async () => {
  const files = refusedFiles(report.verdicts, 16);
  expect(files).toHaveLength(16);
  expect(await handIn(files)).toEqual([]);
});
