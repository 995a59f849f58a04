import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Policy } from '../core/policy.ts';
import { prepareCheckedPortrait } from '../media/checked-portrait.ts';
import { createFaceChecker, type FaceCheck } from '../media/face-check.ts';
import { createMedia } from '../media/media.ts';
import { inputProblem } from './file-trouble.ts';
import { problemSentence } from './sentences.ts';

/** As much as the portrait engine renders. */
const LONGEST_VOICE_SECONDS = 300;

export type InputFile = { path: string; contentType: string };
export type Inputs = { ok: true; portrait: InputFile; voice: InputFile; notes: string[] } | { ok: false; problem: string };

export type InputOrder = {
  portrait: string;
  voice: string;
  directory: string;
  faceCheck: Policy['faceCheck'];
  signal: AbortSignal;
};

/** Checks and prepares both files in `directory`, under names without anything special; the sentences are a member's. */
export async function prepareInputs({ portrait, voice, directory, faceCheck, signal }: InputOrder): Promise<Inputs> {
  const unreadable = (await inputProblem(portrait)) ?? (await inputProblem(voice));
  if (unreadable !== undefined) return { ok: false, problem: unreadable };
  const media = createMedia();
  const outputPath = (name: string) => join(directory, `${name}.prepared`);
  const onCheck = (check: FaceCheck) => {
    if (check.kind === 'unknown') process.stderr.write(`The face is not looked at: ${check.problem.detail}.\n`);
  };
  const [made, said] = await Promise.all([
    prepareCheckedPortrait(
      { path: portrait, outputPath: outputPath('portrait'), faceCheck, signal },
      { media, faces: createFaceChecker(), onCheck },
    ),
    media.prepareVoice({ path: voice, outputPath: outputPath('voice'), signal, maxSeconds: LONGEST_VOICE_SECONDS }),
  ]);
  if (!made.ok) return { ok: false, problem: `${portrait}: ${problemSentence(made.problem)}` };
  if (!said.ok) return { ok: false, problem: `${voice}: ${problemSentence(said.problem)}` };
  const named = async (
    name: string,
    { path, extension, contentType }: { path: string; extension: string; contentType: string },
  ) => {
    const copy = join(directory, `${name}.${extension}`);
    await copyFile(path, copy);
    return { path: copy, contentType };
  };
  return {
    ok: true,
    portrait: await named('portrait', made.value),
    voice: await named('voice', said.value),
    notes: made.notes.map(problemSentence),
  };
}
