/** Makes hostile files and puts them through the bot: `npm run corpus -- --count N --seed S [--hand-in N] [--keep FOLDER]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import '../support/loopback-only.ts';
import { z } from 'zod';
import { handIn, refusedFiles } from './end-to-end.ts';
import { faultLines, reportLines } from './report.ts';
import { runCorpus } from './run.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    /** So many of the refused ones go the whole way, from the member's `/hallo` on. */
    'hand-in': { type: 'string', default: '100' },
    /** Where the files stay, by number; otherwise they go. */
    keep: { type: 'string' },
  },
});
const whole = z.coerce.number().int().min(1);
const { count, seed, 'hand-in': handedIn } = z.object({ count: whole, seed: whole, 'hand-in': whole }).parse(values);
const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'hallo-corpus-')));

try {
  const report = await runCorpus({
    ...{ folder, count, seed },
    onProgress: (what, done) => done % 100 === 0 && process.stderr.write(`${done} of ${count} ${what}\n`),
  });
  for (const line of reportLines(report)) console.log(line);
  const files = refusedFiles(report.verdicts, handedIn);
  const faults = [...faultLines(report), ...(await handIn(files))];
  console.log(`${files.length} of the refused handed in by /hallo`);
  for (const line of faults) console.log(`FAULT  ${line}`);
  console.log(faults.length === 0 ? `all well (seed ${seed})` : `${faults.length} faults; again with --seed ${seed}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
}
