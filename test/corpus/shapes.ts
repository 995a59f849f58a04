import sharp, { type Sharp } from 'sharp';
import { type Family, type HostileFile, nthOf } from './hostile-file.ts';
import { encodePicture, picture, pictureFormats } from './samples.ts';

const sides = [
  ...([
    [1, 1],
    [1, 300],
    [300, 1],
    [2, 2],
    [127, 300],
    [128, 128],
    [129, 4_000],
    [16_383, 129],
    [8, 8],
    [1_024, 1_024],
  ] as const),
  ...([
    [1_025, 1_025],
    [3, 5_000],
    [5_000, 128],
  ] as const),
];

/** Pictures of several frames, as raw rows one below the other. */
function frames(count: number, side: number): Sharp {
  const data = new Uint8Array(side * side * count * 4);
  for (let at = 0; at < data.length; at += 1) data[at] = (at >> 9) & 0xff;
  return sharp(data, { raw: { width: side, height: side * count, channels: 4, pageHeight: side } });
}

const forms: readonly (readonly [string, string, () => Promise<Buffer>])[] = [
  ['animated gif', 'anim.gif', () => frames(30, 160).gif({ loop: 0, delay: 0 }).toBuffer()],
  ['animated webp', 'anim.webp', () => frames(30, 160).webp({ loop: 0, effort: 0 }).toBuffer()],
  ['webp of one pixel in 200 frames', 'anim.webp', () => frames(200, 1).webp({ effort: 0 }).toBuffer()],
  ['gif too small in 50 frames', 'anim.gif', () => frames(50, 100).gif({ delay: 65_535 }).toBuffer()],
  ['cmyk', 'cmyk.jpg', () => picture(300, 300).toColourspace('cmyk').jpeg().toBuffer()],
  ['grey', 'grey.png', () => picture(300, 300).toColourspace('b-w').png().toBuffer()],
  ['16 bits', 'deep.png', () => picture(300, 300).toColourspace('rgb16').png().toBuffer()],
  ['palette', 'palette.png', () => picture(300, 300).png({ palette: true, colours: 2 }).toBuffer()],
  [
    'wholly transparent',
    'clear.png',
    () =>
      sharp({ create: { width: 300, height: 300, channels: 4, background: '#0000' } })
        .png()
        .toBuffer(),
  ],
  ['interlaced', 'laced.png', () => picture(300, 300).png({ progressive: true }).toBuffer()],
  ['progressive', 'progressive.jpg', () => picture(300, 300).jpeg({ progressive: true }).toBuffer()],
  ['jpeg of quality 1', 'poor.jpg', () => picture(300, 300).jpeg({ quality: 1 }).toBuffer()],
  ['wide colours', 'p3.jpg', () => picture(300, 300).withIccProfile('p3').jpeg().toBuffer()],
  ['lossless webp', 'lossless.webp', () => picture(300, 300).webp({ lossless: true }).toBuffer()],
  ['avif of 10 bits', 'deep.avif', () => picture(300, 300).avif({ bitdepth: 10, effort: 0 }).toBuffer()],
  ['avif with alpha', 'alpha.avif', () => frames(1, 200).avif({ effort: 0 }).toBuffer()],
  ['tiff', 'scan.jpg', () => picture(300, 300).tiff().toBuffer()],
  [
    'jpeg as mpo',
    'stereo.jpg',
    async () => Buffer.concat([await picture(300, 300).jpeg().toBuffer(), await picture(300, 300).jpeg().toBuffer()]),
  ],
];

/** Whole pictures of odd sides, frames, depths and colours: most are fine, some are too small. */
export const shapes: Family = {
  name: 'shapes',
  weight: 3,
  async make(nth, { dice }): Promise<HostileFile> {
    if (nth % 2 === 0) {
      const [what, name, make] = nthOf(forms, nth / 2);
      return { role: 'portrait', what, name, bytes: await make() };
    }
    const [width, height] = nthOf(sides, (nth - 1) / 2);
    const format = width > 1_024 || height > 1_024 ? dice.pick(['png', 'jpg'] as const) : dice.pick(pictureFormats);
    const bytes = await encodePicture(picture(width, height), format);
    const mustBeRefused = Math.min(width, height) < 128;
    return { role: 'portrait', what: `${format} of ${width}x${height}`, name: `odd.${format}`, bytes, mustBeRefused };
  },
};
