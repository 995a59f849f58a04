import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTexts } from '../../src/discord/texts/texts.ts';
import { problemText } from '../../src/discord/views/problem.ts';
import { defaultMediaLimits } from '../../src/media/limits.ts';
import { checkDeclaredPortrait, checkDeclaredVoice, type Media, type MediaProblem, safeName } from '../../src/media/media.ts';
import { inputProblem } from '../../src/media/render-media.ts';
import type { CorpusFile } from './corpus.ts';

/** How a file fared. `faults` says what the product did that it must not do; `code` is the problem, undefined: it was taken. */
export type Verdict = { file: CorpusFile; code: string | undefined; detail: string; ms: number; faults: string[] };

/** A mark, and an index written anew; FFmpeg's may be larger than the one that was there. */
const MOST_ADDED_BYTES = 100_000;

const texts = createTexts();
const nameOfChild = /^[A-Za-z0-9_-]{1,64}\.[a-z0-9]+$/;

function declaredProblem(file: CorpusFile): MediaProblem | undefined {
  const { name, contentType, sizeBytes, durationSeconds, role } = file;
  const declared = { name, contentType, sizeBytes, durationSeconds };
  if (role === 'portrait') return checkDeclaredPortrait(declared, defaultMediaLimits);
  return role === 'voice' ? checkDeclaredVoice(declared, defaultMediaLimits) : undefined;
}

/** What can be said against a sentence that a member would be shown. */
function faultsOfSentence(problem: MediaProblem): string[] {
  const sentence = problemText(inputProblem(problem), 'en-US', texts);
  if (sentence === undefined || sentence === '') return [`no sentence for ${problem.code}`];
  return /\{\{|undefined|NaN|Infinity|\/tmp|file:|https?:|@everyone/.test(sentence)
    ? [`a sentence with foreign words: ${sentence}`]
    : [];
}

async function prepare(media: Media, file: CorpusFile, path: string) {
  const order = { path, outputPath: `${path}.prepared` };
  switch (file.role) {
    case 'portrait':
      return media.preparePortrait(order);
    case 'voice':
      return media.prepareVoice(order);
    case 'video':
      return media.markVideo(order);
  }
}

/** What can be said against what was made of a file. */
function faultsOfValue(
  file: CorpusFile,
  value: { path: string; width?: number; height?: number; seconds?: number; changed?: boolean },
): string[] {
  const faults: string[] = [];
  if (file.mustBeRefused === true) faults.push('taken although it must be refused');
  if (file.role === 'portrait' && (value.width !== value.height || !((value.width ?? 0) <= 1_024)))
    faults.push('no small square');
  if (file.role === 'voice' && !((value.seconds ?? 0) >= 0.3 && (value.seconds ?? 0) <= 60.1))
    faults.push(`a voice of ${value.seconds} s`);
  return faults;
}

/** Takes a file the way that the bot takes an attachment, in a folder that is as empty afterwards as it was before. */
export async function examine(media: Media, file: CorpusFile, workDirectory: string): Promise<Verdict> {
  const faults: string[] = [];
  const declared = declaredProblem(file);
  if (declared !== undefined) faults.push(...faultsOfSentence(declared));
  if (!nameOfChild.test(safeName(file.name, 'png'))) faults.push('a name that is not safe');
  const folder = await mkdtemp(join(workDirectory, 'render-'));
  const path = join(folder, 'input');
  await copyFile(file.path, path);
  const startMs = performance.now();
  let code: string | undefined;
  let detail = '';
  try {
    const result = await prepare(media, file, path);
    if (result.ok) faults.push(...faultsOfValue(file, result.value));
    else {
      code = result.problem.code;
      detail = 'detail' in result.problem ? result.problem.detail : '';
      // What is wrong with a provider's video is for the operator's log alone.
      if (file.role !== 'video') faults.push(...faultsOfSentence(result.problem));
    }
    const made = result.ok && result.value.path !== path;
    const expected = made ? ['input', 'input.prepared'] : ['input'];
    if (made && file.role === 'video' && (await stat(result.value.path)).size > 2 * file.sizeBytes + MOST_ADDED_BYTES)
      faults.push('it grew');
    const left = await readdir(folder);
    if (left.sort().join() !== expected.join()) faults.push(`left behind: ${left.join()}`);
  } catch (error) {
    faults.push(`thrown: ${error instanceof Error ? error.message : 'something'}`);
  }
  const ms = performance.now() - startMs;
  if (code === 'media-crashed' || code === 'media-timeout') faults.push(`${code} ${detail}`);
  await rm(folder, { recursive: true });
  if (existsSync(folder)) faults.push('its folder stays');
  return { file, code, detail, ms, faults };
}
