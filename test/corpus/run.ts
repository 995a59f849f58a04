import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createMedia } from '../../src/media/media.ts';
import { writeCorpus } from './corpus.ts';
import { examine, type Verdict } from './examine.ts';
import { childrenAlive, childrenCpuMs, layBait, memoryHeld } from './surroundings.ts';

/** Files at once: as many as the bot takes. */
const atOnce = 2;
/** Longer than this no file may hold a place. */
const maxMs = 5_000;
/** Room for what a run writes down of its files; a leak of one input or output would be far above. */
const maxGrowthBytes = 30_000_000;
const maxResidentGrowthBytes = 100_000_000;

export type CorpusReport = {
  verdicts: Verdict[];
  /** What the whole run did that it must not do. */
  faults: string[];
  seconds: number;
  makingSeconds: number;
  heapGrowthBytes: number;
  residentGrowthBytes: number;
};

type Progress = (what: 'made' | 'examined', done: number) => void;

/** Makes a corpus in a folder and puts each of its files through the checks that the bot makes of attachments. */
export async function runCorpus(order: {
  folder: string;
  count: number;
  seed: number;
  onProgress?: Progress;
}): Promise<CorpusReport> {
  const { folder, count, seed, onProgress = () => {} } = order;
  const work = join(folder, 'work');
  await mkdir(work, { recursive: true });
  const bait = await layBait(join(folder, 'bait.wav'));
  const media = createMedia({ maxAtOnce: atOnce });
  const startedAt = performance.now();
  const files = await writeCorpus({
    ...{ folder: join(folder, 'files'), count, seed, bait },
    onFile: done => onProgress('made', done),
  });
  const madeAt = performance.now();
  const verdicts: Verdict[] = [];
  const faults: string[] = [];
  let before = memoryHeld();
  const queue = files.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const file of queue) {
        verdicts.push(await examine(media, file, work));
        onProgress('examined', verdicts.length);
        // From here on everything is loaded that will be.
        if (verdicts.length === Math.ceil(files.length / 10)) before = memoryHeld();
        const alive = await childrenAlive();
        if (alive > atOnce) faults.push(`${alive} processes at once`);
      }
    }),
  );
  // A machine that is busy with other things is no fault of a file: what was slow has another try, alone, and its time is what
  // the processor spent on it. What only waits is ended by its own limit of time.
  for (const [at, { file, ms }] of verdicts.entries()) {
    if (ms <= maxMs) continue;
    const spentBeforeMs = await childrenCpuMs();
    const again = await examine(media, file, work);
    const spentMs = (await childrenCpuMs()) - spentBeforeMs;
    verdicts[at] = { ...again, ms: spentMs > 0 ? Math.min(spentMs, again.ms) : again.ms };
  }
  for (const { ms, faults: found } of verdicts) if (ms > maxMs) found.push(`took ${Math.round(ms)} ms`);
  const after = memoryHeld();
  const heapGrowthBytes = after.heapBytes - before.heapBytes;
  const residentGrowthBytes = after.residentBytes - before.residentBytes;
  if (heapGrowthBytes > maxGrowthBytes) faults.push(`the heap grew by ${heapGrowthBytes} bytes`);
  if (residentGrowthBytes > maxResidentGrowthBytes) faults.push(`the memory grew by ${residentGrowthBytes} bytes`);
  if ((await childrenAlive()) > 0) faults.push('processes that outlive their file');
  const left = await readdir(work);
  if (left.length > 0) faults.push(`left behind: ${left.join()}`);
  faults.push(...(await bait.taken()));
  await bait.close();
  const seconds = (performance.now() - madeAt) / 1000;
  return { verdicts, faults, seconds, makingSeconds: (madeAt - startedAt) / 1000, heapGrowthBytes, residentGrowthBytes };
}
