/** The portrait engine: renders on the CPU, in a child process per render. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { runIsolated } from '../media/isolate.ts';
import type { Engine } from '../server/engines/engine.ts';

export type PortraitEngineOptions = {
  /** The longest voice that is rendered, in seconds. */
  maxSeconds?: number;
  maxPixels?: number;
  /** How long one render may take at most. */
  wallClockMs?: number;
  memoryBytes?: number;
};

const result = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), detail: z.string() }),
]);

/** Writes H.264 and AAC, 512×512, 25 pictures a second, as long as the voice within one picture; the same input, the same bytes. */
export function createPortraitEngine(options: PortraitEngineOptions = {}): Engine {
  const { maxSeconds = 300, maxPixels = 50_000_000, wallClockMs = 15 * 60_000, memoryBytes = 1_500_000_000 } = options;
  return {
    name: 'portrait',
    async render({ portraitPath, voicePath, outputPath, weights, signal, onProgress }) {
      const outcome = await runIsolated({
        task: new URL('./portrait-task.ts', import.meta.url),
        input: { portraitPath, voicePath, outputPath, maxSeconds, maxPixels, weights },
        schema: result,
        signal,
        wallClockMs,
        memoryBytes,
        onProgress,
      }).catch(async (error: unknown) => {
        await rm(outputPath, { force: true });
        throw error;
      });
      if (outcome.ok && outcome.value.ok) return outcome.value;
      await rm(outputPath, { force: true });
      if (outcome.ok) return outcome.value;
      return { ok: false, detail: `Rendering failed! (${outcome.problem.kind}: ${outcome.problem.detail})` };
    },
  };
}
