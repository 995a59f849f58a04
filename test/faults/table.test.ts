/** The tables of docs/faults.md and docs/security.md name tests that are there. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFile(resolve(root, path), 'utf8').catch(() => undefined);

test.each(['docs/faults.md', 'docs/security.md'])('each row of %s ends with a test, by file and title', async path => {
  const rows = ((await read(path)) ?? '')
    .split('\n')
    .filter(line => /^\| (?!-|fault \||threat \|)/.test(line) && line.includes('| `test/'));
  const others = ((await read(path)) ?? '').split('\n').filter(line => line.startsWith('| ') && !rows.includes(line));
  expect(others.filter(line => !/\| test \|$/.test(line))).toEqual([]);
  expect(rows.length).toBeGreaterThan(15);
  const wrong: string[] = [];
  for (const row of rows) {
    const proofs = [...row.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)];
    if (proofs.length === 0) wrong.push(`no test in: ${row}`);
    for (const [, file = '', title = ''] of proofs) {
      if (!(await read(file))?.includes(title)) wrong.push(`${file} has no "${title}"`);
    }
  }
  expect(wrong).toEqual([]);
});
