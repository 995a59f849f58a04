import sharp from 'sharp';

/** Where a crop starts and ends, as shares of the sides that it takes away. */
export type Crop = { left: number; right: number; top: number; bottom: number };

export async function cropped(picture: Uint8Array, { left, right, top, bottom }: Crop): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  const [x, y] = [Math.round(left * width), Math.round(top * height)];
  const area = { left: x, top: y, width: Math.round(width * (1 - right)) - x, height: Math.round(height * (1 - bottom)) - y };
  return sharp(picture).extract(area).png().toBuffer();
}

/** What members do to a picture so that it seems another one. */
export const CHANGES = {
  mirrored: picture => sharp(picture).flop().png().toBuffer(),
  'as JPEG of quality 30': picture => sharp(picture).jpeg({ quality: 30 }).toBuffer(),
  'made small': picture => sharp(picture).resize(160).jpeg({ quality: 70 }).toBuffer(),
  'made large': picture => sharp(picture).resize(1200).webp({ quality: 60 }).toBuffer(),
  lighter: picture => sharp(picture).modulate({ brightness: 1.12 }).png().toBuffer(),
  darker: picture => sharp(picture).modulate({ brightness: 0.85 }).png().toBuffer(),
  'without colours': picture => sharp(picture).greyscale().png().toBuffer(),
  'cropped by 8 % on the left': picture => cropped(picture, { left: 0.08, right: 0, top: 0, bottom: 0 }),
  'cropped by 8 % on each side': picture => cropped(picture, { left: 0.08, right: 0.08, top: 0.08, bottom: 0.08 }),
  'cropped by uneven shares': picture => cropped(picture, { left: 0.02, right: 0.07, top: 0.055, bottom: 0.015 }),
  'cropped, mirrored, lighter, small, as JPEG of quality 30': async picture => {
    const part = await cropped(picture, { left: 0.03, right: 0.04, top: 0.05, bottom: 0.03 });
    return sharp(await sharp(part).flop().modulate({ brightness: 1.1 }).resize(300).png().toBuffer())
      .jpeg({ quality: 30 })
      .toBuffer();
  },
} as const satisfies Record<string, (picture: Uint8Array) => Promise<Buffer>>;
