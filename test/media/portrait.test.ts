import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMedia } from '../../src/media/media.ts';
import { speechLike, wavOf, writePngBomb } from '../support/make-media.ts';

const media = createMedia();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-portrait-'));
});
beforeEach(() => rm(at('out.jpg'), { force: true }));
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
async function put(name: string, content: Buffer | string): Promise<string> {
  await writeFile(at(name), content);
  return at(name);
}
const prepare = (path: string) => media.preparePortrait({ path, outputPath: at('out.jpg') });

type Colour = { r: number; g: number; b: number };
const red: Colour = { r: 200, g: 20, b: 20 };
const blue: Colour = { r: 20, g: 20, b: 200 };

/** A picture whose left third, middle and right third differ in colour. */
function thirds(width: number, height: number, left: Colour, middle: Colour, right: Colour): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    const third = Math.floor(((at % width) * 3) / width);
    const { r, g, b } = third === 0 ? left : third === 1 ? middle : right;
    pixels.set([r, g, b], at * 3);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
/** A picture that compresses badly, so that half of its file is about half of the picture. */
function noisy(width: number, height: number): Sharp {
  const pixels = Buffer.from(Array.from({ length: width * height * 3 }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 13) & 0xff));
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
const plain = (width: number, height: number) => thirds(width, height, red, red, red);

async function colourAt(path: string, x: number, y: number): Promise<Colour> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const [r = 0, g = 0, b = 0] = data.subarray((y * info.width + x) * info.channels);
  return { r, g, b };
}
const isNear = (seen: Colour, wanted: Colour) =>
  Math.max(Math.abs(seen.r - wanted.r), Math.abs(seen.g - wanted.g), Math.abs(seen.b - wanted.b)) < 25;

describe('a portrait that is fine', () => {
  it.each([
    ['jpeg', (picture: Sharp) => picture.jpeg()],
    ['png', (picture: Sharp) => picture.png()],
    ['webp', (picture: Sharp) => picture.webp()],
    ['avif', (picture: Sharp) => picture.avif({ effort: 0 })],
    ['gif', (picture: Sharp) => picture.gif()],
  ])('is made a square JPEG from %s', async (name, coded) => {
    const path = await put(`photo.${name}`, await coded(thirds(600, 200, red, blue, red)).toBuffer());
    const result = await prepare(path);
    expect(result).toMatchObject({
      ok: true,
      value: { path: at('out.jpg'), contentType: 'image/jpeg', extension: 'jpg', width: 200, height: 200, changed: true },
    });
    const made = await sharp(at('out.jpg')).metadata();
    expect([made.format, made.width, made.height, made.space]).toEqual(['jpeg', 200, 200, 'srgb']);
    expect(isNear(await colourAt(at('out.jpg'), 100, 100), blue)).toBe(true); // the middle of the picture
    expect(isNear(await colourAt(at('out.jpg'), 4, 100), blue)).toBe(true);
  });

  it('is cut around the focus where there is one', async () => {
    const path = await put('focus.png', await thirds(900, 300, red, red, blue).png().toBuffer());
    const result = await media.preparePortrait({ path, outputPath: at('out.jpg'), focus: { x: 880, y: 150, side: 250 } });
    expect(result).toMatchObject({ ok: true, value: { width: 250, height: 250, changed: true } });
    expect(isNear(await colourAt(at('out.jpg'), 10, 125), blue)).toBe(true);
  });

  it('is turned upright as its EXIF says, before it is cut, and loses its metadata', async () => {
    const exif = { IFD0: { Artist: 'someone', Orientation: '6' } };
    const path = await put(
      'turned.jpg',
      await thirds(600, 300, blue, red, red).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    expect(await prepare(path)).toMatchObject({ ok: true, value: { width: 300, height: 300, changed: true } });
    const made = await sharp(at('out.jpg')).metadata();
    expect([made.exif, made.icc, made.xmp, made.orientation]).toEqual([undefined, undefined, undefined, undefined]);
    // Turned right, its left side is on top: the first third is blue, of which the square shows the lower quarter.
    expect(isNear(await colourAt(at('out.jpg'), 150, 10), blue)).toBe(true);
    expect(isNear(await colourAt(at('out.jpg'), 150, 200), red)).toBe(true);
  });

  it('is turned further by quarter turns, and then cut around the focus', async () => {
    const path = await put(
      'aside.jpg',
      await thirds(600, 300, blue, red, red).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    // Upright, its blue third is on top; turned once more, it is on the right.
    const focus = { x: 590, y: 150, side: 150 };
    const result = await media.preparePortrait({ path, outputPath: at('out.jpg'), focus, quarterTurns: 1 });
    expect(result).toMatchObject({ ok: true, value: { width: 150, height: 150, changed: true } });
    expect(isNear(await colourAt(at('out.jpg'), 5, 75), blue)).toBe(true);
    expect(isNear(await colourAt(at('out.jpg'), 145, 75), blue)).toBe(true);
  });

  it('is made smaller where it is large', async () => {
    const path = await put('large.jpg', await plain(1500, 1300).jpeg().toBuffer());
    expect(await prepare(path)).toMatchObject({ ok: true, value: { width: 1024, height: 1024, changed: true } });
  });

  it('stands on grey where it is transparent', async () => {
    const clear = sharp({ create: { width: 200, height: 200, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
    expect(await prepare(await put('clear.png', await clear.png().toBuffer()))).toMatchObject({
      ok: true,
      value: { changed: true },
    });
    expect(isNear(await colourAt(at('out.jpg'), 100, 100), { r: 128, g: 128, b: 128 })).toBe(true);
  });

  it('is taken with its first frame where it is animated', async () => {
    const frames = await Promise.all([blue, red].map(colour => thirds(200, 200, colour, colour, colour).png().toBuffer()));
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    expect(await prepare(await put('moving.gif', gif))).toMatchObject({ ok: true, value: { width: 200, height: 200 } });
    expect(isNear(await colourAt(at('out.jpg'), 100, 100), blue)).toBe(true);
  });

  it('in grey or in CMYK becomes colour', async () => {
    const grey = await plain(200, 200).toColourspace('b-w').jpeg().toBuffer();
    expect(await prepare(await put('grey.jpg', grey))).toMatchObject({ ok: true, value: { changed: true } });
    const cmyk = await plain(200, 200).toColourspace('cmyk').jpeg().toBuffer();
    expect(await prepare(await put('cmyk.jpg', cmyk))).toMatchObject({ ok: true, value: { changed: true } });
    expect((await sharp(at('out.jpg')).metadata()).space).toBe('srgb');
  });

  it.each(['jpg', 'png'] as const)('is passed on as it is when it is a plain square %s already', async extension => {
    const picture = plain(512, 512);
    const content = await (extension === 'jpg' ? picture.jpeg() : picture.png()).toBuffer();
    const path = await put(`square.${extension}`, content);
    const result = await prepare(path);
    expect(result).toMatchObject({ ok: true, value: { path, extension, changed: false, width: 512, height: 512 } });
    expect(existsSync(at('out.jpg'))).toBe(false);
  });

  it('is passed on when it was prepared before', async () => {
    await prepare(await put('once.webp', await plain(300, 400).webp().toBuffer()));
    const again = await media.preparePortrait({ path: at('out.jpg'), outputPath: at('again.jpg') });
    expect(again).toMatchObject({ ok: true, value: { changed: false, path: at('out.jpg') } });
  });

  it('is not passed on when its metadata could tell of its owner', async () => {
    const path = await put(
      'tells.jpg',
      await plain(512, 512)
        .withExif({ IFD0: { Artist: 'someone' } })
        .jpeg()
        .toBuffer(),
    );
    expect(await prepare(path)).toMatchObject({ ok: true, value: { changed: true } });
    expect((await readFile(at('out.jpg'))).includes('someone')).toBe(false);
  });

  it('is not passed on when another file lies behind it', async () => {
    const path = await put('two.jpg', Buffer.concat([await plain(512, 512).jpeg().toBuffer(), Buffer.from('PK someone')]));
    expect(await prepare(path)).toMatchObject({ ok: true, value: { changed: true } });
    expect((await readFile(at('out.jpg'))).includes('someone')).toBe(false);
  });
});

describe('a portrait that is refused', () => {
  const problemOf = async (path: string) => {
    const result = await prepare(path);
    expect(existsSync(at('out.jpg'))).toBe(false);
    return result.ok ? undefined : result.problem;
  };

  it('is empty', async () => {
    expect(await problemOf(await put('empty.png', ''))).toEqual({ code: 'file-empty', subject: 'portrait' });
  });

  it('is too large a file', async () => {
    const small = createMedia({ limits: { portraitMaxBytes: 100 } });
    const path = await put('bytes.jpg', await plain(300, 300).jpeg().toBuffer());
    const result = await small.preparePortrait({ path, outputPath: at('out.jpg') });
    expect(result).toMatchObject({ ok: false, problem: { code: 'file-too-large', subject: 'portrait', maxBytes: 100 } });
  });

  it.each([
    ['a text named .png', 'text.png', 'no picture at all', undefined],
    ['a sound named .jpg', 'sound.jpg', wavOf(speechLike(0.5, 16_000), 16_000), 'audio/wav'],
    [
      'an SVG, which could read other files',
      'drawing.png',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
      'application/xml',
    ],
  ])('is %s', async (_what, name, content, found) => {
    expect(await problemOf(await put(name, content))).toEqual(
      found === undefined ? { code: 'not-an-image' } : { code: 'not-an-image', found },
    );
  });

  it('is a picture of a kind that is not taken', async () => {
    const tiff = await plain(200, 200).tiff().toBuffer();
    expect(await problemOf(await put('scan.jpg', tiff))).toEqual({ code: 'not-an-image', found: 'image/tiff' });
  });

  it.each(['jpeg', 'png', 'webp', 'gif'] as const)('is a %s that was cut off', async format => {
    const noise = noisy(400, 300);
    const whole = await noise.toFormat(format).toBuffer();
    expect(await problemOf(await put(`cut.${format}`, whole.subarray(0, whole.length / 2)))).toEqual({ code: 'image-broken' });
  });

  it('is a square JPEG that was cut off, which is not passed on', async () => {
    const noise = noisy(400, 400);
    const whole = await noise.jpeg().toBuffer();
    expect(await problemOf(await put('cut-square.jpg', whole.subarray(0, whole.length / 2)))).toEqual({ code: 'image-broken' });
  });

  it('is nothing but the first bytes of a picture', async () => {
    const whole = await plain(400, 300).png().toBuffer();
    expect(await problemOf(await put('head.png', whole.subarray(0, 20)))).toMatchObject({
      code: expect.stringMatching(/broken|not-an-image/),
    });
  });

  it('has too many pixels, which its header tells before anything is decoded', async () => {
    await writePngBomb(at('bomb.png'), 100_000, 100_000);
    const started = performance.now();
    expect(await problemOf(at('bomb.png'))).toEqual({
      code: 'too-many-pixels',
      width: 100_000,
      height: 100_000,
      maxPixels: 50_000_000,
    });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('is a bomb within the limit of pixels, whose data ends early', async () => {
    await writePngBomb(at('bomb.png'), 7_000, 7_000);
    expect(await problemOf(at('bomb.png'))).toEqual({ code: 'image-broken' });
  });

  it('is too small', async () => {
    const path = await put('small.png', await plain(500, 100).png().toBuffer());
    expect(await problemOf(path)).toEqual({ code: 'portrait-too-small', width: 500, height: 100, minSide: 128 });
  });
});
