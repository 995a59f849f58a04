import { copyFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Engine, EngineJob, EngineResult } from '../engines/engine.ts';
import type { FaultBook } from './book.ts';

/** One second of grey, 512×512, with silence. */
const instantVideo = fileURLToPath(new URL('./instant.mp4', import.meta.url));

const longestTimerMs = 2 ** 31 - 1;

/** Waits, but not beyond an abort of the render (rejects with its reason) or the clearing of the faults (answers false). */
async function pause(ms: number, job: EngineJob, cleared: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal: AbortSignal.any([job.signal, cleared]) });
    return true;
  } catch {
    job.signal.throwIfAborted();
    return false;
  }
}

/** An engine for one render, which obeys the next ordered fault if there is one for a render. */
export function createFaultyEngine(engine: Engine, book: FaultBook, requestId: string): Engine {
  const fault = book.takeForRender(requestId);
  const cleared = book.clearedSignal();
  return {
    name: engine.name,
    async render(job): Promise<EngineResult> {
      switch (fault?.fault) {
        case undefined:
          return engine.render(job);
        case 'failed':
          return { ok: false, detail: fault.text };
        case 'instant':
          await copyFile(instantVideo, job.outputPath);
          return { ok: true };
        case 'never-finishes':
          await pause(longestTimerMs, job, cleared);
          return { ok: false, detail: 'The fault was cleared' };
        case 'render-takes':
          await pause(fault.durationMs, job, cleared);
          return engine.render(job);
      }
    },
  };
}
