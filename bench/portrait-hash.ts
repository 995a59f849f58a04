import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { hashOf } from '../src/media/hash-of.ts';
import { pictureDistance } from '../src/media/picture-hash.ts';
import { CHANGES } from '../test/support/changed-pictures.ts';
import { madePortrait } from '../test/support/made-portraits.ts';
import { atMost, type Figure } from './figure.ts';

const PORTRAITS = 150;
const CHANGED = 60;
/** As picture-hash.ts has it. */
const SAME = 0.15;

/** How well portraits are known again after changes, and how seldom another one is taken for them. */
export async function portraitHash(): Promise<Figure[]> {
  const hash = (picture: Uint8Array) => hashOf(sharp(picture));
  const pictures: Buffer[] = [await readFile(new URL('../sandbox/samples/portrait.jpg', import.meta.url))];
  for (let seed = 0; seed < PORTRAITS; seed += 1) pictures.push(await madePortrait(seed));
  const hashes = await Promise.all(pictures.map(hash));
  const others = hashes.flatMap((a, i) => hashes.slice(0, i).map(b => pictureDistance(a, b)));
  const changed: number[] = [];
  for (const [index, picture] of pictures.slice(0, CHANGED).entries()) {
    for (const change of Object.values(CHANGES))
      changed.push(pictureDistance(hashes[index] ?? '', await hash(await change(picture))));
  }
  const share = (distances: readonly number[], counts: (distance: number) => boolean) =>
    distances.filter(counts).length / distances.length;
  return [
    atMost('furthest changed picture', Math.max(...changed), 'distance', SAME),
    atMost(
      `changed pictures not known again, of ${changed.length}`,
      share(changed, d => d > SAME),
      'share',
      0,
    ),
    {
      ...atMost('nearest pair of different portraits', Math.min(...others), 'distance', SAME),
      better: 'higher',
      ok: Math.min(...others) > SAME,
    },
    atMost(
      `false alarms, of ${others.length} pairs`,
      share(others, d => d <= SAME),
      'share',
      0.0001,
    ),
  ];
}
