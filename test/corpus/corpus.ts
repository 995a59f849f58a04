import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bombFamily } from './bombs.ts';
import { damaged } from './damaged.ts';
import { createDice } from './dice.ts';
import { disguised } from './disguised.ts';
import type { Family, HostileFile, Kit } from './hostile-file.ts';
import { metadata } from './metadata.ts';
import { movieTricks } from './movie-tricks.ts';
import { hostileNames } from './names.ts';
import { playlists } from './playlists.ts';
import { makeSamples } from './samples.ts';
import { shapes } from './shapes.ts';
import { sizes } from './sizes.ts';
import { soundForms } from './sound-forms.ts';
import { videoBoxes } from './video-boxes.ts';

const families: readonly Family[] = [
  ...[damaged, sizes, disguised, soundForms, playlists, metadata, hostileNames, movieTricks, videoBoxes, bombFamily, shapes],
];

/** A hostile file that lies on the disk. `id` tells it apart within its corpus. */
export type CorpusFile = Omit<HostileFile, 'bytes'> & { id: number; family: string; sizeBytes: number; path: string };

/** How many files each family gets of so many: by its weight, but each at least one. */
function shares(count: number): { family: Family; count: number }[] {
  const weights = families.reduce((sum, { weight }) => sum + weight, 0);
  const [first, ...others] = families.map(family => ({
    family,
    count: Math.max(1, Math.floor((count * family.weight) / weights)),
  }));
  if (first === undefined) return [];
  const rest = others.reduce((sum, share) => sum + share.count, 0);
  return [{ ...first, count: Math.max(1, count - rest) }, ...others];
}

/** Makes hostile files in a folder, the same ones for the same seed. They are called by number; no name of theirs is trusted here. */
export async function writeCorpus(order: {
  folder: string;
  count: number;
  seed: number;
  bait: Kit['bait'];
  onFile?: (done: number) => void;
}): Promise<CorpusFile[]> {
  const { folder, count, seed, bait } = order;
  await mkdir(folder, { recursive: true });
  const samples = await makeSamples();
  const files: CorpusFile[] = [];
  for (const [at, share] of shares(count).entries()) {
    const dice = createDice(seed * 1_000 + at);
    // A small corpus begins anywhere in the tricks of a family, so that seeds differ in more than chance.
    const first = count >= 1_000 ? 0 : dice.below(1_000);
    for (let nth = 0; nth < share.count; nth += 1) {
      const { bytes, ...file } = await share.family.make(first + nth, { samples, dice, bait });
      const id = files.length;
      const path = join(folder, `${id}`);
      await writeFile(path, bytes);
      files.push({ ...file, id, family: share.family.name, sizeBytes: bytes.length, path });
      order.onFile?.(files.length);
    }
  }
  return files;
}
