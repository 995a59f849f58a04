import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import type { Policy } from '../core/policy.ts';
import { DEFAULT_WEIGHTS, WEIGHT_RANGES, type WeightRange, type Weights } from '../core/weights.ts';
import { createPortraitEngine } from '../engine/portrait.ts';
import { DEFAULT_BASE_URL } from '../segmind/index.ts';
import { fileTrouble, outputProblem } from './file-trouble.ts';
import { httpUrl, numberFrom } from './options.ts';
import { onParentGone } from './parent.ts';
import { renderHosted } from './render-hosted.ts';
import { type InputFile, prepareInputs } from './render-inputs.ts';
import { drawViews, type Views, viewsProblem } from './render-views.ts';
import { failureSentence } from './sentences.ts';
import { fail, settings } from './settings.ts';

type RenderOptions = Weights & Views & { output: string; baseUrl?: string; local: boolean };

/** What renders: writes the video, telling how far it is as a fraction; answers why not, in a sentence. */
export type RenderJob = {
  portrait: InputFile;
  voice: InputFile;
  outputPath: string;
  weights: Weights;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
};
export type RenderResult = { ok: true } | { ok: false; problem: string };

/** `hallo render`: the same job without Discord. */
export function addRender(program: Command): void {
  const { poseWeight, faceWeight, lipWeight, faceExpandRatio } = WEIGHT_RANGES;
  const weight = ({ min, max }: WeightRange) => numberFrom(min, max);
  program
    .command('render')
    .description('make a portrait speak, without Discord: on this machine, or at the Hallo API if the settings name one')
    .argument('<portrait>', 'image with one face: jpeg, png, webp, avif or gif')
    .argument('<voice>', 'speech: wav, mp3, ogg, opus, m4a, flac or webm')
    .requiredOption('-o, --output <file>', 'where the mp4 goes')
    .option('--pose-weight <number>', 'how much the head moves, 0-10', weight(poseWeight), DEFAULT_WEIGHTS.poseWeight)
    .option(
      '--face-weight <number>',
      'how much brows, cheeks and eyes move, 0-10',
      weight(faceWeight),
      DEFAULT_WEIGHTS.faceWeight,
    )
    .option('--lip-weight <number>', 'how much the mouth moves, 0-10', weight(lipWeight), DEFAULT_WEIGHTS.lipWeight)
    .option(
      '--face-expand-ratio <number>',
      'how far around the face the motion is felt, 0-10',
      weight(faceExpandRatio),
      DEFAULT_WEIGHTS.faceExpandRatio,
    )
    .option('--poster <file>', 'also writes one good frame of the video, as PNG')
    .option('--sheet <file>', "also writes a contact sheet, as PNG: frames, the voice's energy, the mouth's movement")
    .option('--base-url <url>', 'at this server of the Hallo API; SEGMIND_API_KEY is its key', httpUrl)
    .option('--local', 'on this machine, whatever the settings name', false)
    .addHelpText('after', '\nWith SEGMIND_API_KEY alone it renders at the hosted API, which charges for it.')
    .action(render);
}

async function render(portrait: string, voice: string, options: RenderOptions): Promise<void> {
  const config = settings();
  const provider = providerOf(config, options);
  const output = resolve(options.output);
  const unwritable = (await outputProblem(output)) ?? (await viewsProblem(options));
  if (unwritable !== undefined) fail(unwritable);
  const directory = await mkdtemp(join(tmpdir(), 'hallo-render-'));
  const signal = untilStopped();
  const result = await renderIn(directory, {
    portrait: resolve(portrait),
    voice: resolve(voice),
    output,
    options,
    provider,
    faceCheck: config.defaultPolicy.faceCheck,
    signal,
  })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return { ok: false as const, problem: 'Interrupted: no video was written.' };
    })
    .finally(() => rm(directory, { recursive: true, force: true }));
  if (!result.ok && signal.aborted) {
    process.stderr.write(`${result.problem}\n`);
    process.exit(130);
  }
  if (!result.ok) fail(result.problem);
  console.log(`The video is in ${options.output}`);
}

type Order = {
  portrait: string;
  voice: string;
  output: string;
  options: RenderOptions;
  provider: Config | undefined;
  faceCheck: Policy['faceCheck'];
  signal: AbortSignal;
};

async function renderIn(directory: string, order: Order): Promise<RenderResult> {
  const { options, output, provider, signal } = order;
  const inputs = await prepareInputs({ ...order, directory });
  if (!inputs.ok) return inputs;
  for (const note of inputs.notes) process.stderr.write(`${note}\n`);
  const { poseWeight, faceWeight, lipWeight, faceExpandRatio } = options;
  const outputPath = join(directory, 'video.mp4');
  const bar = new SingleBar({ format: 'rendering {bar} {percentage} % | {duration} s', hideCursor: true, noTTYOutput: false });
  const job: RenderJob = {
    ...{ portrait: inputs.portrait, voice: inputs.voice, outputPath, signal },
    weights: { poseWeight, faceWeight, lipWeight, faceExpandRatio },
    onProgress: fraction => bar.update(Math.floor(fraction * 100)),
  };
  const where =
    provider === undefined ? 'on this machine' : `at ${new URL(provider.provider.baseUrl ?? DEFAULT_BASE_URL).origin}`;
  process.stderr.write(`Rendering ${where}…\n`);
  bar.start(100, 0);
  try {
    const result = provider === undefined ? await renderHere(job) : await renderHosted(job, provider);
    if (result.ok) bar.update(100);
    if (!result.ok) return result;
  } finally {
    bar.stop();
  }
  // A copy by content: the working file's rights are not those of the person's files.
  const trouble = await pipeline(createReadStream(outputPath), createWriteStream(output)).then(() => undefined, fileTrouble);
  if (trouble !== undefined) return { ok: false, problem: `${output} cannot be written: ${trouble}.` };
  const missing = await drawViews(options, { directory, voicePath: inputs.voice.path, signal });
  return missing === undefined ? { ok: true } : { ok: false, problem: `The video is in ${options.output}. ${missing}` };
}

async function renderHere(job: RenderJob): Promise<RenderResult> {
  const { portrait, voice, ...rest } = job;
  const result = await createPortraitEngine().render({ portraitPath: portrait.path, voicePath: voice.path, ...rest });
  return result.ok ? result : { ok: false, problem: failureSentence(result.detail) };
}

/** The settings with the API that renders; undefined: this machine does. */
function providerOf(config: Config, { local, baseUrl }: RenderOptions): Config | undefined {
  if (local) return undefined;
  // An upload address from the settings belongs to the API that they name.
  if (baseUrl !== undefined) return { ...config, provider: { ...config.provider, baseUrl, uploadUrl: undefined } };
  return config.provider.baseUrl === undefined && config.provider.apiKey === undefined ? undefined : config;
}

/** A second signal ends the process as it would any other. */
function untilStopped(): AbortSignal {
  const stopped = new AbortController();
  const stop = () => stopped.abort(new Error('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  onParentGone(stop);
  return stopped.signal;
}
