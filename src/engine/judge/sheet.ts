/** A picture of a whole video: frames at even times, the mouth through its liveliest second, the voice's energy, the mouth's gap. */
import sharp, { type OverlayOptions } from 'sharp';
import type { Rgb } from '../face/landmarks.ts';
import { judgedFps } from './frames.ts';
import type { Sync } from './sync.ts';
import type { Sighting } from './watch.ts';

/** Where to cut the mouth out of the frames, in pixels. */
export type Cut = { left: number; top: number; width: number; height: number };

export type SheetContent = {
  frames: number;
  seen: readonly Sighting[];
  energy: Float32Array;
  sync: Sync;
  /** The whole frames and the mouths that are shown, each with its number. */
  wholes: readonly { frame: number; picture: Rgb }[];
  mouths: readonly { frame: number; picture: Rgb }[];
  mouthCut: Cut | undefined;
};

const sheetWidth = 1_600;
const columns = 8;
const cell = sheetWidth / columns;
const graphHeight = 120;
const labelHeight = 16;

/** How many frames a sheet shows whole, and how many mouths. */
export const wholesShown = 24;
export const mouthsShown = 16;

/** Even times over the whole video. */
export const wholeFrames = (frames: number): number[] =>
  Array.from({ length: Math.min(wholesShown, frames) }, (_, at) =>
    Math.floor(((at + 0.5) * frames) / Math.min(wholesShown, frames)),
  );

/** The run of frames in which the mouth moves most. */
export function mouthFrames(seen: readonly Sighting[], frames: number): number[] {
  let best = 0;
  let most = -1;
  for (let from = 0; from + mouthsShown <= frames; from += 2) {
    const run = seen.filter(({ frame }) => frame >= from && frame < from + mouthsShown);
    const way = run.reduce((sum, { gap }, at) => sum + Math.abs(gap - (run[at - 1]?.gap ?? gap)), 0);
    if (way > most) [best, most] = [from, way];
  }
  return Array.from({ length: Math.min(mouthsShown, frames) }, (_, at) => best + at);
}

const raw = ({ data, width, height }: Rgb) => sharp(data, { raw: { width, height, channels: 3 } });
const seconds = (frame: number) => (frame / judgedFps).toFixed(2);
const text = (x: number, y: number, words: string, colour = '#333') =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="12" fill="${colour}">${words}</text>`;

/** A line over time with its ground filled, as SVG. */
function graph(points: readonly { frame: number; share: number }[], frames: number, top: number, colour: string): string {
  const place = ({ frame, share }: { frame: number; share: number }) =>
    `${(((frame + 0.5) * sheetWidth) / frames).toFixed(1)},${(top + graphHeight - 4 - share * (graphHeight - 24)).toFixed(1)}`;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '';
  const ground = [{ ...first, share: 0 }, ...points, { ...last, share: 0 }].map(place).join(' ');
  return `<polygon points="${ground}" fill="${colour}" fill-opacity="0.25"/><polyline points="${points.map(place).join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

function graphs(content: SheetContent, top: number): string {
  const { frames, seen, energy, sync, wholes, mouths } = content;
  const least = Math.min(...seen.map(({ gap }) => gap), 0.2);
  const most = Math.max(...seen.map(({ gap }) => gap), least + 0.02);
  const floor = energy.reduce((low, value) => Math.min(low, value), -1);
  const x = (frame: number) => (((frame + 0.5) * sheetWidth) / frames).toFixed(1);
  const marks = wholes.map(
    ({ frame }) => `<line x1="${x(frame)}" x2="${x(frame)}" y1="${top}" y2="${top + 2 * graphHeight}" stroke="#bbb"/>`,
  );
  const [from, to] = [mouths[0]?.frame ?? 0, mouths.at(-1)?.frame ?? 0];
  const span = `<rect x="${x(from)}" y="${top}" width="${Number(x(to)) - Number(x(from))}" height="${2 * graphHeight}" fill="#fd8" fill-opacity="0.35"/>`;
  const loud = Array.from(energy, (value, frame) => ({ frame, share: 1 - value / floor }));
  const gaps = seen.map(({ frame, gap }) => ({ frame, share: (gap - least) / (most - least) }));
  const figures = `correlation ${sync.correlation.toFixed(2)}, the mouth ${Math.abs(sync.lag)} frames ${sync.lag < 0 ? 'early' : 'late'}`;
  return [
    ...[span, ...marks, graph(loud, frames, top, '#777'), graph(gaps, frames, top + graphHeight, '#06c')],
    text(4, top + 14, `voice, dB (${floor.toFixed(0)} to 0), over ${seconds(frames)} s`),
    text(
      4,
      top + graphHeight + 14,
      `gap of the lips, ${least.toFixed(3)} to ${most.toFixed(3)} heights of the face; ${figures}`,
      '#06c',
    ),
  ].join('');
}

/** The sheet as PNG. */
export async function drawSheet(content: SheetContent): Promise<Buffer> {
  const { wholes, mouths, mouthCut } = content;
  const layers: OverlayOptions[] = [];
  const labels: string[] = [];
  for (const [at, { frame, picture }] of wholes.entries()) {
    const [left, top] = [(at % columns) * cell, Math.floor(at / columns) * (cell + labelHeight)];
    const input = await raw(picture).resize(cell, cell, { fit: 'contain', background: '#fff' }).png().toBuffer();
    layers.push({ input, left, top: top + labelHeight });
    labels.push(text(left + 4, top + 12, `${seconds(frame)} s`));
  }
  let bottom = Math.ceil(wholes.length / columns) * (cell + labelHeight);
  const side = sheetWidth / (mouthsShown / 2);
  const tall = Math.round(side * 0.62);
  if (mouthCut !== undefined) {
    for (const [at, { frame, picture }] of mouths.entries()) {
      const [left, top] = [(at % (mouthsShown / 2)) * side, bottom + Math.floor(at / (mouthsShown / 2)) * (tall + labelHeight)];
      const input = await raw(picture).extract(mouthCut).resize(side, tall, { fit: 'cover', kernel: 'cubic' }).png().toBuffer();
      layers.push({ input, left, top: top + labelHeight });
      labels.push(text(left + 4, top + 12, `${seconds(frame)} s`, '#a60'));
    }
    bottom += Math.ceil(mouths.length / (mouthsShown / 2)) * (tall + labelHeight);
  }
  const height = bottom + 2 * graphHeight;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${height}">${labels.join('')}${graphs(content, bottom)}</svg>`;
  return sharp({ create: { width: sheetWidth, height, channels: 3, background: '#fff' } })
    .composite([...layers, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toBuffer();
}
