import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_WEIGHTS, WEIGHT_RANGES, type WeightRange, type Weights } from '../core/weights.ts';
import { createPortraitEngine } from '../engine/portrait.ts';
import { createMedia, type MediaProblem } from '../media/media.ts';
import { renderHosted } from './render-hosted.ts';
import { fail, settings } from './settings.ts';

type RenderOptions = Weights & { output: string; baseUrl?: string };

/** What renders: writes the video, telling how far it is as a fraction; answers why not. */
export type RenderJob = {
  portraitPath: string;
  voicePath: string;
  outputPath: string;
  weights: Weights;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
};

/** `hallo render`: the same job without Discord. */
export function addRender(program: Command): void {
  program
    .command('render')
    .description('make a portrait speak, without Discord: on this machine, or at the hosted API with a key')
    .argument('<portrait>', 'image with one face: jpeg, png, webp, avif or gif')
    .argument('<voice>', 'speech: wav, mp3, ogg, opus, m4a, flac or webm')
    .requiredOption('-o, --output <file>', 'where the mp4 goes')
    .option('--pose-weight <number>', 'how much the head moves', weight(WEIGHT_RANGES.poseWeight), DEFAULT_WEIGHTS.poseWeight)
    .option(
      '--face-weight <number>',
      'how much brows, cheeks and eyes move',
      weight(WEIGHT_RANGES.faceWeight),
      DEFAULT_WEIGHTS.faceWeight,
    )
    .option('--lip-weight <number>', 'how much the mouth moves', weight(WEIGHT_RANGES.lipWeight), DEFAULT_WEIGHTS.lipWeight)
    .option(
      '--face-expand-ratio <number>',
      'how far around the face the motion is felt',
      weight(WEIGHT_RANGES.faceExpandRatio),
      DEFAULT_WEIGHTS.faceExpandRatio,
    )
    .option('--base-url <url>', 'a server of the Hallo API; with SEGMIND_API_KEY alone: the hosted one')
    .action(render);
}

async function render(portrait: string, voice: string, options: RenderOptions): Promise<void> {
  const config = settings();
  const directory = await mkdtemp(join(tmpdir(), 'hallo-render-'));
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort(new Error('interrupted')));
  const bar = new SingleBar({ format: 'rendering {bar} {percentage} % | {duration} s', hideCursor: true, noTTYOutput: false });
  try {
    const inputs = await prepare(resolve(portrait), resolve(voice), directory, stopped.signal);
    if (!inputs.ok) return refuse(inputs.problem);
    const { output: _output, baseUrl = config.provider.baseUrl, ...weights } = options;
    const outputPath = join(directory, 'video.mp4');
    bar.start(100, 0);
    const job: RenderJob = {
      ...inputs.paths,
      ...{ outputPath, weights, signal: stopped.signal },
      onProgress: fraction => bar.update(Math.floor(fraction * 100)),
    };
    const hosted = baseUrl !== undefined || config.provider.apiKey !== undefined;
    const result = hosted
      ? await renderHosted(job, { ...config, provider: { ...config.provider, baseUrl } })
      : await createPortraitEngine().render(job);
    if (result.ok) bar.update(100);
    bar.stop();
    if (!result.ok) return refuse(result.detail);
    await copyFile(outputPath, options.output);
    console.log(`The video is in ${options.output}`);
  } catch (error) {
    bar.stop();
    if (!stopped.signal.aborted) throw error;
    refuse('Interrupted; nothing was written.');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function refuse(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

async function prepare(portrait: string, voice: string, directory: string, signal: AbortSignal) {
  const media = createMedia();
  const copies = { portrait: join(directory, 'portrait'), voice: join(directory, 'voice') };
  await Promise.all([take(portrait, copies.portrait), take(voice, copies.voice)]);
  const made = await media.preparePortrait({ path: copies.portrait, outputPath: join(directory, 'portrait.out'), signal });
  if (!made.ok) return { ok: false as const, problem: describe(portrait, made.problem) };
  const said = await media.prepareVoice({
    path: copies.voice,
    outputPath: join(directory, 'voice.out'),
    maxSeconds: 600,
    signal,
  });
  if (!said.ok) return { ok: false as const, problem: describe(voice, said.problem) };
  return { ok: true as const, paths: { portraitPath: made.value.path, voicePath: said.value.path } };
}

async function take(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch(() => fail(`${from} cannot be read.`));
}

function describe(file: string, { code, ...facts }: MediaProblem): string {
  const stated = Object.entries(facts)
    .map(([name, fact]) => `${name} ${fact}`)
    .join(', ');
  return `${file} cannot be used: ${code}${stated && ` (${stated})`}`;
}

function weight({ min, max }: WeightRange) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`must be a number from ${min} to ${max}.`);
  };
}
