/**
 * Looks at a portrait before anything is paid for it: one face, large enough, towards the viewer, light and sharp. All reading and
 * detecting happens in a child process; what is wrong with the face is a value. It does not see what covers a face.
 */
import type { Focus, QuarterTurns } from './crop.ts';
import { type IsolateProblem, runIsolated } from './isolate.ts';
import { defaultMediaLimits } from './limits.ts';
import { type FaceProblem, faceOutput } from './tasks/orders-face.ts';

export type { FaceProblem } from './tasks/orders-face.ts';

/**
 * `focus`: where to crop, as `preparePortrait` takes it; undefined when the usual square shows the face well. `quarterTurns`
 * clockwise set it upright. `unknown`: the check itself failed, or is not installed, which says nothing about the face.
 */
export type FaceCheck =
  | { kind: 'good'; focus: Focus | undefined; quarterTurns: QuarterTurns; facePixels: number }
  | { kind: 'bad'; problem: FaceProblem }
  | { kind: 'unknown'; problem: IsolateProblem };

export type FaceCheckOptions = { maxPixels?: number; wallClockMs?: number; memoryBytes?: number };

export type FaceChecker = {
  /** Takes about a second, up to four where a small face is searched for. Rejects with the signal's reason when aborted. */
  check(order: { path: string; signal?: AbortSignal }): Promise<FaceCheck>;
};

export function createFaceChecker(options: FaceCheckOptions = {}): FaceChecker {
  const { maxPixels = defaultMediaLimits.portraitMaxPixels, wallClockMs = 30_000, memoryBytes = 1_000_000_000 } = options;
  return {
    async check({ path, signal }) {
      const result = await runIsolated({
        task: new URL('./tasks/face.ts', import.meta.url),
        input: { path, maxPixels },
        schema: faceOutput,
        ...{ wallClockMs, memoryBytes },
        ...(signal && { signal }),
      });
      if (!result.ok) {
        const { kind, detail } = result.problem;
        // The rest of a missing module's message is where it was looked for.
        return { kind: 'unknown', problem: { kind, detail: detail.split('\n', 1)[0] ?? detail } };
      }
      if (!result.value.ok) return { kind: 'bad', problem: result.value.problem };
      const { focus, quarterTurns, facePixels } = result.value;
      return { kind: 'good', focus, quarterTurns, facePixels };
    },
  };
}
