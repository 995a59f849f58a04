import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { canvasUnits } from './painting/anatomy.ts';
import { featureDefs, paintFeatures } from './painting/features.ts';
import { paintBackHair, paintFrontHair } from './painting/hair.ts';
import { createRandom } from './painting/random.ts';
import { paintBackdrop, paintClothes, paintNeck, sceneDefs } from './painting/scene.ts';
import { paintSkin } from './painting/skin.ts';

const seed = 20;

const blurs = [1, 2, 3, 4, 6, 8, 12]
  .map(
    units =>
      `<filter id="soft${units}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${units * 0.8}"/></filter>`,
  )
  .join('');

const layer = (sizePx: number, content: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePx}" height="${sizePx}" viewBox="0 0 ${canvasUnits} ${canvasUnits}"><defs>${blurs}${featureDefs}${sceneDefs}</defs>${content}</svg>`,
  );

/** Paints the sample portrait as a square JPEG. The same size gives the same picture. */
export const paintPortrait = async (sizePx: number): Promise<Buffer> => {
  const random = createRandom(seed);
  const behind = layer(sizePx, paintBackdrop(random) + paintBackHair(random) + paintNeck() + paintClothes(random));
  const before = layer(sizePx, paintFeatures(random) + paintFrontHair(random));
  const skin = {
    raw: { width: sizePx, height: sizePx, channels: 4 as const },
    input: Buffer.from(paintSkin(sizePx, canvasUnits)),
  };
  return sharp(behind)
    .composite([skin, { input: before }])
    .removeAlpha()
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer();
};

if (import.meta.main) {
  const target = process.argv[2] ?? new URL('portrait.jpg', import.meta.url);
  await writeFile(target, await paintPortrait(1024));
}
