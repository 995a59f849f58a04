import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { hashOf } from '../../src/media/hash-of.ts';
import { hashPicture, isSamePicture, pictureDistance } from '../../src/media/picture-hash.ts';
import { CHANGES, cropped } from '../support/changed-pictures.ts';
import { madePortrait } from '../support/made-portraits.ts';

const sample = readFileSync(new URL('../../sandbox/samples/portrait.jpg', import.meta.url));
const hash = (picture: Buffer) => hashOf(sharp(picture));

describe('a picture is known again', () => {
  for (const [what, change] of Object.entries(CHANGES)) {
    test(what, async () => {
      expect(isSamePicture(await hash(sample), await hash(await change(sample)))).toBe(true);
    });
  }

  test('whatever small part of any side is cut away, and whichever of the two was known', async () => {
    const cut = fc.double({ min: 0, max: 0.08, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000), fc.record({ left: cut, right: cut, top: cut, bottom: cut }), async (seed, crop) => {
        const picture = await madePortrait(seed, 256);
        const [whole, part] = [await hash(picture), await hash(await cropped(picture, crop))];
        expect(isSamePicture(whole, part)).toBe(true);
        expect(isSamePicture(part, whole)).toBe(true);
      }),
      { numRuns: 6 },
    );
  });

  test('also where it is no square', async () => {
    const wide = await sharp(await madePortrait(3))
      .extract({ left: 0, top: 100, width: 512, height: 300 })
      .png()
      .toBuffer();
    expect(isSamePicture(await hash(wide), await hash(await cropped(wide, { left: 0.08, right: 0, top: 0, bottom: 0.05 })))).toBe(
      true,
    );
  });
});

test('different portraits are told apart', async () => {
  const hashes = await Promise.all(
    [sample, ...(await Promise.all([1, 2, 3, 4, 5, 6].map(seed => madePortrait(seed, 256))))].map(hash),
  );
  const pairs = hashes.flatMap((a, i) => hashes.slice(0, i).map(b => isSamePicture(a, b)));
  expect(pairs).toHaveLength(21);
  expect(pairs).not.toContain(true);
});

test('the distance is the same both ways, and none to itself or its mirror image', () => {
  const grey = fc.uint8Array({ minLength: 128 ** 2, maxLength: 128 ** 2 });
  fc.assert(
    fc.property(grey, grey, (a, b) => {
      const mirrored = Uint8Array.from(a, (_, i) => a[i - (i % 128) + 127 - (i % 128)] ?? 0);
      const [first, second] = [hashPicture(a), hashPicture(b)];
      expect(pictureDistance(first, second)).toBe(pictureDistance(second, first));
      expect(pictureDistance(first, first)).toBe(0);
      expect(pictureDistance(first, hashPicture(mirrored))).toBeLessThan(0.02);
    }),
    { numRuns: 3 },
  );
});

test('what is no hash equals nothing', () => {
  expect(isSamePicture('', '')).toBe(false);
  expect(isSamePicture(hashPicture(new Uint8Array(128 ** 2)), 'garbage')).toBe(false);
});
