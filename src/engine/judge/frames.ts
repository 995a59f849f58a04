/** The pictures of a finished video, as colours. Only for child processes: decoding is native. */
import { openInput } from '../../media/av/input.ts';
import { pictures, videoFacts } from '../../media/av/video.ts';
import type { Rgb } from '../face/landmarks.ts';

/** Frames a second in which videos are judged, whatever their own are: those of the curves. */
export const judgedFps = 25;
/** Videos are judged at most this large. */
const longestSide = 512;

/** BT.709 in limited range to RGB; chroma as it is, one for four pixels. */
export function i420ToRgb(i420: Uint8Array, width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const uAt = width * height;
  const vAt = uAt + uAt / 4;
  const bounded = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const pixel = y * width + x;
      const chroma = (y >> 1) * (width / 2) + (x >> 1);
      const luma = 1.16438 * ((i420[pixel] ?? 16) - 16);
      const u = (i420[uAt + chroma] ?? 128) - 128;
      const v = (i420[vAt + chroma] ?? 128) - 128;
      rgb[pixel * 3] = bounded(luma + 1.79274 * v);
      rgb[pixel * 3 + 1] = bounded(luma - 0.21325 * u - 0.53291 * v);
      rgb[pixel * 3 + 2] = bounded(luma + 2.1124 * u);
    }
  }
  return rgb;
}

export type VideoFrames = {
  width: number;
  height: number;
  /** Each `every`-th picture from the first on, with its number. Can be gone through once. */
  frames(every: number): AsyncGenerator<{ frame: number; picture: Rgb }>;
  /** How many pictures went by so far, shown or not. */
  passed(): number;
  close(): Promise<void>;
};

/** The mp4's pictures at 25 a second, at most 512 pixels on the longer side; undefined if it has none. */
export async function openFrames(path: string, maxSeconds: number): Promise<VideoFrames | undefined> {
  const input = await openInput(path, 'mov');
  const stream = input?.video;
  const facts = input && stream && videoFacts(input, stream);
  if (input === undefined || stream === undefined || facts === undefined) {
    await input?.close();
    return undefined;
  }
  const scale = Math.min(1, longestSide / Math.max(facts.width, facts.height));
  const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2);
  const size = { width: even(facts.width), height: even(facts.height) };
  const all = pictures(input, stream, { ...size, fps: judgedFps, maxCount: Math.ceil(maxSeconds * judgedFps) });
  let passed = 0;
  return {
    ...size,
    passed: () => passed,
    async *frames(every) {
      for await (const i420 of all) {
        const frame = passed;
        passed += 1;
        if (frame % every === 0) yield { frame, picture: { data: i420ToRgb(i420, size.width, size.height), ...size } };
      }
    },
    close: () => input.close(),
  };
}
