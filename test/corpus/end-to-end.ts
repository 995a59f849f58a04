import { readFile } from 'node:fs/promises';
import { openHouse, portraitFile, voiceFile } from '../e2e/house.ts';
import { endOf, sightOf } from '../e2e/sight.ts';
import type { CorpusFile } from './corpus.ts';
import type { Verdict } from './examine.ts';

const atOnce = 4;
const patienceMs = 60_000;

/** Those of the files that a member could hand in and that are no portrait or voice, from all families in turn. */
export function refusedFiles(verdicts: readonly Verdict[], count: number): CorpusFile[] {
  const refused = verdicts.filter(({ file, code }) => code !== undefined && file.role !== 'video').map(({ file }) => file);
  const byFamily = [...Map.groupBy(refused, ({ family }) => family).values()];
  const longest = Math.max(0, ...byFamily.map(files => files.length));
  return Array.from({ length: longest }, (_, at) => byFamily.flatMap(files => files[at] ?? []))
    .flat()
    .slice(0, count);
}

/** The file as Discord would hand it on: it states no broken type, and no duration that is no number. */
async function givenFile({ name, path, contentType, durationSeconds }: CorpusFile) {
  return {
    file: {
      ...{ name, bytes: await readFile(path) },
      ...(contentType !== undefined && /^[\w./;= *-]+$/.test(contentType) && { contentType }),
      ...(durationSeconds !== undefined && Number.isFinite(durationSeconds) && { durationSecs: durationSeconds }),
    },
  };
}

/**
 * Hands files in by `/hallo`, to the unchanged bot in front of the stand-in for Discord and the real server; answers what went
 * wrong: a submit, a bill, no private sentence.
 */
export async function handIn(files: readonly CorpusFile[]): Promise<string[]> {
  const house = await openHouse();
  const faults: string[] = [];
  async function handInOne(file: CorpusFile): Promise<void> {
    const given = await givenFile(file);
    const handle = await house.hallo({
      options: file.role === 'portrait' ? { image: given, audio: voiceFile } : { image: portraitFile, audio: given },
    });
    const giveUpAtMs = performance.now() + patienceMs;
    let end = endOf(handle);
    while (end === undefined && performance.now() < giveUpAtMs) {
      await new Promise(resolve => setTimeout(resolve, 20));
      end = endOf(handle);
    }
    const sight = end && sightOf(end);
    const [first = '', second] = sight?.lines ?? [];
    const isTold =
      sight?.private === true && /^\*\*No video this time\.\*\* \S.*\.$/.test(first) && second === 'Nothing was charged.';
    if (!isTold) faults.push(`file ${file.id} (${file.family}: ${file.what}) ends in: ${JSON.stringify(sight)}`);
  }
  try {
    const queue = files.values();
    const worker = async () => {
      for (const file of queue) await handInOne(file);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const { requests, billedUsd } = await house.record();
    if (requests.length > 0 || billedUsd > 0) faults.push(`the server took ${requests.length} requests for ${billedUsd} US$`);
    for (const call of ['submit', 'upload'] as const) {
      if (house.wire.count(call) > 0) faults.push(`${house.wire.count(call)} times ${call}`);
    }
  } finally {
    await house.close();
  }
  return faults;
}
