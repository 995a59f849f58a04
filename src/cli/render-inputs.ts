import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMedia } from '../media/media.ts';
import { inputProblem } from './file-trouble.ts';
import { problemSentence } from './sentences.ts';

/** As much as the portrait engine renders. */
const LONGEST_VOICE_SECONDS = 300;

export type InputFile = { path: string; contentType: string };
export type Inputs = { ok: true; portrait: InputFile; voice: InputFile } | { ok: false; problem: string };

/** Checks and prepares both files in `directory`, under names without anything special; the sentences are a member's. */
export async function prepareInputs(portrait: string, voice: string, directory: string, signal: AbortSignal): Promise<Inputs> {
  const unreadable = (await inputProblem(portrait)) ?? (await inputProblem(voice));
  if (unreadable !== undefined) return { ok: false, problem: unreadable };
  const media = createMedia();
  const outputPath = (name: string) => join(directory, `${name}.prepared`);
  const made = await media.preparePortrait({ path: portrait, outputPath: outputPath('portrait'), signal });
  if (!made.ok) return { ok: false, problem: `${portrait}: ${problemSentence(made.problem)}` };
  const said = await media.prepareVoice({
    ...{ path: voice, outputPath: outputPath('voice'), signal },
    maxSeconds: LONGEST_VOICE_SECONDS,
  });
  if (!said.ok) return { ok: false, problem: `${voice}: ${problemSentence(said.problem)}` };
  const named = async (
    name: string,
    { path, extension, contentType }: { path: string; extension: string; contentType: string },
  ) => {
    const copy = join(directory, `${name}.${extension}`);
    await copyFile(path, copy);
    return { path: copy, contentType };
  };
  return { ok: true, portrait: await named('portrait', made.value), voice: await named('voice', said.value) };
}
