/** What a member is told of the face in a portrait, before anything is ordered and after. */
import { copyFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { fixtureVideo } from '../server/harness.ts';
import { type House, openHouse, portraitFile } from './house.ts';
import { endOf, sightOf } from './sight.ts';
import { portraitPath } from './stage.ts';

let house: House;
afterEach(() => house.close());

/** The side of each portrait that the provider was given. */
const sides: (number | undefined)[] = [];
const engine = {
  name: 'measuring',
  async render({ portraitPath: given, outputPath }: { portraitPath: string; outputPath: string }) {
    const { width, height } = await sharp(given).metadata();
    sides.push(width === height ? width : undefined);
    await copyFile(fixtureVideo, outputPath);
    return { ok: true as const };
  },
};

/** The bundled portrait, small at the border of a large picture. */
async function smallFace(): Promise<Buffer> {
  const face = await sharp(portraitPath).resize(400).toBuffer();
  return sharp({ create: { width: 1_600, height: 1_000, channels: 3, background: '#7a8fa0' } })
    .composite([{ input: face, left: 1_100, top: 100 }])
    .jpeg()
    .toBuffer();
}
/** In the machine's own time: a face is looked for in seconds, in which a hurried clock would outrun the interaction's token. */
const sightAtEnd = async (handle: Awaited<ReturnType<House['hallo']>>) =>
  sightOf(await house.until(() => endOf(handle), { what: 'the end of a render', hurry: false }));

test('a portrait without a face is refused in private, free of all limits; a small face is cropped to, and the message says so', async () => {
  // One render an hour and one day's money: the second is let in only if the first gave both back.
  const settings = { HALLO_DEFAULT_FACE_CHECK: 'strict', HALLO_DEFAULT_PER_HOUR: '1', HALLO_DEFAULT_USD_PER_MONTH: '0.5' };
  house = await openHouse({ engine, settings });
  const refused = await house.hallo();
  const end = await sightAtEnd(refused);
  expect(end).toMatchObject({ private: true, buttons: [], files: [] });
  expect(end.lines).toEqual([
    '**No video this time.** No face could be found in the portrait. One face, seen from the front and well lit, will do; a clear drawing too.',
    'Nothing was charged.',
  ]);
  expect(refused.original()).toBeUndefined();
  expect(house.wire.count('submit')).toBe(0);
  expect(await house.record()).toEqual({ requests: [], billedUsd: 0 });

  const cropped = await house.hallo({ options: { image: { file: { name: 'large.jpg', bytes: await smallFace() } } } });
  expect((await sightAtEnd(cropped)).lines).toContain('-# The portrait was cropped around the face.');
  expect(sides).toEqual([expect.closeTo(380, -2)]);
});

test('where a server is only to be warned, the video is made, and the message says what was seen, also of a second try', async () => {
  house = await openHouse({ settings: { HALLO_DEFAULT_FACE_CHECK: 'warn' } });
  const seen =
    '-# No face could be found in the portrait. One face, seen from the front and well lit, will do; a clear drawing too.';
  const first = await house.hallo({ options: { image: portraitFile } });
  const end = await sightAtEnd(first);
  expect(end).toMatchObject({ private: false, files: [expect.stringMatching(/[.]mp4$/)] });
  expect(end.lines).toContain(seen);
  const message = first.original();
  if (message === undefined) throw new Error('no message');
  expect((await sightAtEnd(await house.press(message, 'Try again'))).lines).toContain(seen);
});
