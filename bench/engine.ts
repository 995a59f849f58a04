/** Renders portraits with voices from cold processes, and looks at the videos: speed, memory, how the mouths go with the voices. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Judgement, judgeVideo } from '../src/engine/judge/judge.ts';
import { abortMs, lastingVoice } from './engine-limits.ts';
import { type Figure, median } from './figure.ts';
import { runMeasured } from './process-tree.ts';

const fps = 25;
const megabyte = 1_048_576;
const longSeconds = 60;
/** The voice that speed is judged with. */
const judgedSeconds = 15;
const plain = { poseWeight: 1, faceWeight: 1, lipWeight: 1, faceExpandRatio: 1.2 };
const still = { poseWeight: 0, faceWeight: 0, lipWeight: 0, faceExpandRatio: 1.2 };

export type EngineBenchOptions = {
  /** A folder with portrait*.jpg and voice*.wav; default: the bundled samples. */
  samples?: string | undefined;
  /** Only pairs whose name, as in 'portrait-a × voice-1', has all these words in it. */
  pairs?: string | undefined;
  /** Told after each measurement. */
  onFigures?: (figures: readonly Figure[]) => void;
};

type Bound = { unit: string; limit?: number; better: 'lower' | 'higher' };
const figure = (name: string, value: number, bound: Bound): Figure => ({
  ...{ figure: name, value: Number(value.toPrecision(4)), ...bound },
  ok: Number.isFinite(value) && holds(value, bound),
});
const holds = (value: number, { limit, better }: Bound): boolean =>
  limit === undefined || (better === 'lower' ? value <= limit : value >= limit);

const bounds = {
  // What a pair takes has no limit of its own: a short voice carries the same start as a long one.
  seconds: { unit: 's', better: 'lower' },
  pairSpeed: { unit: '× real time', better: 'higher' },
  framesPerSecond: { unit: 'frames/s', better: 'higher' },
  speed: { unit: '× real time', limit: 2.5, better: 'higher' },
  memory: { unit: 'MB PSS', limit: 400, better: 'lower' },
  bytes: { unit: 'bytes', limit: 10 * megabyte, better: 'lower' },
  sync: { unit: 'correlation', limit: 0.45, better: 'higher' },
  medianSync: { unit: 'correlation', limit: 0.6, better: 'higher' },
  late: { unit: 'frames', limit: 2, better: 'lower' },
  early: { unit: 'frames', limit: 0, better: 'lower' },
  missed: { unit: 'frames without a face', limit: 0, better: 'lower' },
  identity: { unit: 'heights of the face', limit: 0.015, better: 'lower' },
  // Landmarks come in whole pixels of about 0.005: one that flips between two of them deviates by half of that.
  abort: { unit: 'ms', limit: 200, better: 'lower' },
  rest: { unit: 'heights of the face', limit: 0.003, better: 'lower' },
} as const satisfies Record<string, Bound>;

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

type Pair = { name: string; portrait: string; voice: string; video: string };

const portraitName = (path: string): string => basename(path).replace(/\.jpe?g$/, '');

/** Every portrait*.jpg of a folder with every voice*.wav. */
async function pairsIn(directory: string, video: string): Promise<Pair[]> {
  const names = (await readdir(directory)).sort();
  const those = (pattern: RegExp) => names.filter(name => pattern.test(name)).map(name => join(directory, name));
  return those(/^portrait.*\.jpe?g$/).flatMap(portrait =>
    those(/^voice.*\.wav$/).map(voice => {
      return { name: `${portraitName(portrait)} × ${basename(voice, '.wav')}`, portrait, voice, video };
    }),
  );
}

const hasWords = (name: string, words: string): boolean => words.split(' ').every(word => name.includes(word));

async function judged(pair: Pair, every: number): Promise<Judgement> {
  const result = await judgeVideo({ videoPath: pair.video, voicePath: pair.voice, every });
  if (!result.ok) throw new Error(`${pair.name}: ${result.detail}`);
  return result.judgement;
}

async function rendered(pair: Pair, weights: typeof plain) {
  const args = [pair.portrait, pair.voice, pair.video, JSON.stringify(weights)];
  const spent = await runMeasured(new URL('./engine-child.ts', import.meta.url), args);
  if (spent.exitCode !== 0) throw new Error(`${pair.name}: ${spent.stderr}`);
  return spent;
}

/** One render at weight 1, looked at frame by frame. */
async function measurePair(pair: Pair): Promise<{ figures: Figure[]; correlation: number }> {
  const { seconds, peakPssBytes } = await rendered(pair, plain);
  const { size } = await stat(pair.video);
  const { frames, missed, sync, seen } = await judged(pair, 1);
  const named = (what: string) => `${what}, ${pair.name}`;
  const figures = [
    figure(named('end to end'), seconds, bounds.seconds),
    figure(named('speed'), frames / fps / seconds, bounds.pairSpeed),
    figure(named('frames'), frames / seconds, bounds.framesPerSecond),
    figure(named('memory'), peakPssBytes / megabyte, bounds.memory),
    figure(named('size'), size, bounds.bytes),
    figure(named('sync'), sync.correlation, bounds.sync),
    figure(named('mouth late by'), sync.lag, bounds.late),
    figure(named('mouth early by'), Math.max(0, -sync.lag), bounds.early),
    figure(named('face lost'), missed, bounds.missed),
    figure(named('still parts moved, median'), median(seen.map(({ bend }) => bend)), bounds.identity),
  ];
  return { figures, correlation: sync.correlation };
}

/** With a voice of 15 s, the given one repeated or cut: the median of three renders, so that one moment of the machine does not judge. */
async function measureSpeed(pair: Pair, directory: string): Promise<Figure> {
  const voice = await lastingVoice(pair.voice, directory, judgedSeconds);
  const all: number[] = [];
  for (let render = 0; render < 3; render += 1) all.push((await rendered({ ...pair, voice }, plain)).seconds);
  const name = `speed with ${judgedSeconds} s of voice, median of 3, ${portraitName(pair.portrait)}`;
  return figure(name, judgedSeconds / median(all), bounds.speed);
}

/** With all weights 0 the lips rest. */
async function measureRest(pair: Pair): Promise<Figure> {
  await rendered(pair, still);
  const { seen } = await judged(pair, 4);
  return figure(`gap of the lips varies at weights 0, ${pair.name}`, deviation(seen.map(({ gap }) => gap)), bounds.rest);
}

/** With a voice of a minute: memory, and the end after an abort. */
async function measureLimits(pair: Pair, directory: string): Promise<Figure[]> {
  const voice = await lastingVoice(pair.voice, directory, longSeconds);
  const { peakPssBytes } = await rendered({ ...pair, voice }, plain);
  return [
    figure(`memory with ${longSeconds} s of voice`, peakPssBytes / megabyte, bounds.memory),
    figure('end after an abort', await abortMs(pair.portrait, voice, pair.video), bounds.abort),
  ];
}

/** Every chosen pair; speed and stillness for each portrait with its first voice; the limits once. */
export async function engine({ samples, pairs: words = '', onFigures = () => {} }: EngineBenchOptions = {}): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'hallo-bench-'));
  const folder = samples ?? fileURLToPath(new URL('../sandbox/samples', import.meta.url));
  const pairs = (await pairsIn(folder, join(directory, 'video.mp4'))).filter(({ name }) => hasWords(name, words));
  const figures: Figure[] = [];
  const correlations: number[] = [];
  const add = (made: Figure[]) => {
    figures.push(...made);
    onFigures(made);
  };
  try {
    const [first] = pairs;
    if (first === undefined) throw new Error('There is no portrait*.jpg with a voice*.wav, or none of that name.');
    add(await measureLimits(first, directory));
    const portraits = new Set<string>();
    for (const pair of pairs) {
      const { figures: made, correlation } = await measurePair(pair);
      correlations.push(correlation);
      add(made);
      if (portraits.has(pair.portrait)) continue;
      portraits.add(pair.portrait);
      add([await measureSpeed(pair, directory), await measureRest(pair)]);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  add([figure('sync, median of the pairs', median(correlations), bounds.medianSync)]);
  return figures;
}
