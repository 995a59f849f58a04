/** The portrait engine's work, run in a child process: one picture and one voice to one mp4. */
import { z } from 'zod';
import type { Task } from '../media/isolate.ts';
import { startFaceFinder } from './face/find.ts';

/** JSON has no NaN: what is no number comes as null, and counts as 0. */
const weight = z
  .number()
  .nullable()
  .transform(value => value ?? 0);

const renderInput = z.object({
  portraitPath: z.string(),
  voicePath: z.string(),
  outputPath: z.string(),
  maxSeconds: z.number(),
  maxPixels: z.number(),
  weights: z.object({ poseWeight: weight, faceWeight: weight, lipWeight: weight, faceExpandRatio: weight }),
});
export type RenderInput = z.infer<typeof renderInput>;

export const run: Task = async (order, { progress }) => {
  const input = renderInput.parse(order);
  // The longest way is that of the face's models, so they are on it before the rest of the program is.
  const finder = startFaceFinder();
  try {
    const { renderPortrait } = await import('./portrait-render.ts');
    return await renderPortrait(input, finder, progress);
  } finally {
    await finder.close();
  }
};
