/** `hallo render --poster` and `--sheet`: pictures of the finished video, whoever rendered it. */
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { judgeVideo } from '../engine/judge/judge.ts';
import { fileTrouble, outputProblem } from './file-trouble.ts';

export type Views = { poster?: string; sheet?: string };

/** A sentence where one of the pictures could not be written, or would replace another file that is made. */
export async function viewsProblem({ poster, sheet, output }: Views & { output: string }): Promise<string | undefined> {
  const paths = [output, poster, sheet].flatMap(path => (path === undefined ? [] : [resolve(path)]));
  if (new Set(paths).size < paths.length) return 'The video, its poster and its contact sheet need different files.';
  for (const path of [poster, sheet]) {
    const problem = path === undefined ? undefined : await outputProblem(resolve(path));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Draws the pictures that are wanted and tells how the mouth goes with the voice; answers why not, in a sentence. */
export async function drawViews(
  { poster, sheet }: Views,
  { directory, voicePath, signal }: { directory: string; voicePath: string; signal: AbortSignal },
): Promise<string | undefined> {
  if (poster === undefined && sheet === undefined) return undefined;
  process.stderr.write('Looking at the video…\n');
  const made = {
    ...(poster && { posterPath: join(directory, 'poster.png') }),
    ...(sheet && { sheetPath: join(directory, 'sheet.png') }),
  };
  const result = await judgeVideo({ videoPath: join(directory, 'video.mp4'), voicePath, signal, ...made }).catch(
    (error: unknown) => {
      if (!signal.aborted) throw error;
      return { ok: false as const, detail: 'Interrupted: no picture of it was drawn.' };
    },
  );
  if (!result.ok) return result.detail;
  for (const [from, to] of [
    [made.posterPath, poster],
    [made.sheetPath, sheet],
  ]) {
    if (from === undefined || to === undefined) continue;
    const trouble = await copyFile(from, resolve(to)).then(() => undefined, fileTrouble);
    if (trouble !== undefined) return `${to} cannot be written: ${trouble}.`;
    console.log(`${to === poster ? 'The poster' : 'The contact sheet'} is in ${to}`);
  }
  return undefined;
}
