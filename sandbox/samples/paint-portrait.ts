import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { canvasUnits } from './painting/anatomy.ts';
import { featureDefs, paintFeatures } from './painting/features.ts';
import { finish } from './painting/finish.ts';
import { paintBackHair, paintFrontHair } from './painting/hair.ts';
import { createRandom } from './painting/random.ts';
import { paintBackdrop, paintClothes, paintNeck, sceneDefs } from './painting/scene.ts';
import { paintSkin } from './painting/skin.ts';
import { hairDefs } from './painting/tones.ts';

const seed = 20;

const blurs = [1, 2, 3, 4, 6, 8, 12, 20]
  .map(
    units =>
      `<filter id="soft${units}" x="-300%" y="-300%" width="700%" height="700%"><feGaussianBlur stdDeviation="${units * 0.8}"/></filter>`,
  )
  .join('');

const layer = (sizePx: number, content: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePx}" height="${sizePx}" viewBox="0 0 ${canvasUnits} ${canvasUnits}"><defs>${blurs}${featureDefs}${hairDefs}${sceneDefs}</defs>${content}</svg>`,
  );

/** Painted larger and scaled down, so that the edges of the dabs come out smooth. */
const oversize = 1.5;

/** Paints the sample portrait as a square JPEG. The same size gives the same picture. */
export const paintPortrait = async (sizePx: number): Promise<Buffer> => {
  const random = createRandom(seed);
  const paintedPx = Math.round(sizePx * oversize);
  const behind = layer(paintedPx, paintBackdrop(random) + paintBackHair(random) + paintNeck() + paintClothes(random));
  const before = layer(paintedPx, paintFeatures(random) + paintFrontHair(random));
  const skin = Buffer.from(paintSkin(paintedPx, canvasUnits));
  const smooth = await sharp(behind)
    .composite([{ input: skin, raw: { width: paintedPx, height: paintedPx, channels: 4 } }, { input: before }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return sharp(finish(smooth, paintedPx, random), { raw: { width: paintedPx, height: paintedPx, channels: 3 } })
    .resize(sizePx, sizePx)
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer();
};

if (import.meta.main) {
  const target = process.argv[2] ?? new URL('portrait.jpg', import.meta.url);
  await writeFile(target, await paintPortrait(1024));
}
