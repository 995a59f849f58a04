/** With what size and bit rates a video fits into so many bytes. Pure. */

export type ShrinkPlan = { width: number; height: number; videoBitsPerSecond: number; soundBitsPerSecond: number };

/** What the container, its index and an encoder that overshoots may take. */
const usableShare = 0.92;
const containerBytes = 8_000;
const soundSteps = [96_000, 64_000, 32_000];
/** Sound gets at most this share of the bits. */
const maxSoundShare = 0.3;
const sizeSteps = [1, 0.75, 0.5];
/** Below so many bits per pixel and picture, H.264 shows blocks in a face that talks; then a smaller picture looks better. */
const minBitsPerPixel = 0.03;
/** More is wasted on pictures like these. */
const maxBitsPerPixel = 0.25;
const minSide = 192;

const even = (length: number) => Math.max(2, Math.round(length / 2) * 2);

/** The best plan that fits, undefined when none keeps a quality worth watching. */
export function planShrink(
  video: { width: number; height: number; fps: number; seconds: number; hasSound: boolean },
  maxBytes: number,
): ShrinkPlan | undefined {
  const bits = Math.floor(((maxBytes * usableShare - containerBytes) * 8) / video.seconds);
  if (bits <= 0) return undefined;
  const soundBitsPerSecond = video.hasSound ? soundSteps.find(step => step <= bits * maxSoundShare) : 0;
  if (soundBitsPerSecond === undefined) return undefined;
  const left = bits - soundBitsPerSecond;
  for (const step of sizeSteps) {
    const width = even(video.width * step);
    const height = even(video.height * step);
    const pixelRate = width * height * video.fps;
    if (Math.min(width, height) < minSide && step < 1) return undefined;
    if (left >= pixelRate * minBitsPerPixel) {
      return { width, height, soundBitsPerSecond, videoBitsPerSecond: Math.floor(Math.min(left, pixelRate * maxBitsPerPixel)) };
    }
  }
  return undefined;
}
