/** Paints the frames of a video on all cores and hands them out in their order, never more at once than there are slots. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Curves } from '../curves.ts';
import { frameBytes } from '../raster/i420.ts';
import type { Weights } from '../rig/gains.ts';
import type { Texture } from '../rig/texture.ts';

/** What every worker paints; the texture lies in shared memory. */
export type PoolScene = { texture: Texture; mesh: Float32Array; weights: Weights };
/** A worker's first message; all others are orders. */
export type PoolJob = { scene: PoolScene; curves: Curves; slots: SharedArrayBuffer };
export type FrameOrder = { frame: number; slot: number };

export type Pool = {
  /**
   * Once alone. Yields every frame as I420, in order. A picture is valid until the next one is asked for: its slot is then painted
   * anew. How many workers there are changes nothing in the pictures.
   */
  frames(scene: PoolScene, curves: Curves): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
};

const maxWorkers = 4;
/** What a frame leaves behind is small and short-lived; with more room V8 would only clear up later. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };
/** Slots for each worker: one that it paints and three that wait for the encoder. */
const slotsPerWorker = 4;

/** The workers' threads start at once, before there is anything to paint. */
export function startPool(count: number = Math.min(maxWorkers, availableParallelism())): Pool {
  const slotCount = count * slotsPerWorker;
  const slots = new SharedArrayBuffer(slotCount * frameBytes);
  const free = Array.from({ length: slotCount }, (_, slot) => slot);
  const done = new Map<number, number>();
  let next = 0;
  let failure: Error | undefined;
  let wake = () => {};

  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits });
    worker.on('message', ({ frame, slot }: FrameOrder) => {
      done.set(frame, slot);
      busy.set(worker, (busy.get(worker) ?? 1) - 1);
      wake();
    });
    worker.on('error', error => {
      failure = error instanceof Error ? error : new Error(String(error));
      wake();
    });
    return worker;
  });
  const busy = new Map<Worker, number>(workers.map(worker => [worker, 0]));

  /** Two orders a worker: one in work, one that it finds when it is done. */
  function order(frames: number) {
    for (const worker of [...workers, ...workers]) {
      if (next >= frames || (busy.get(worker) ?? 0) >= 2) continue;
      const slot = free.pop();
      if (slot === undefined) return;
      busy.set(worker, (busy.get(worker) ?? 0) + 1);
      worker.postMessage({ frame: next, slot } satisfies FrameOrder);
      next += 1;
    }
  }

  return {
    async *frames(scene, curves) {
      for (const worker of workers) worker.postMessage({ scene, curves, slots } satisfies PoolJob);
      for (let frame = 0; frame < curves.frames; frame += 1) {
        for (;;) {
          if (failure !== undefined) throw failure;
          order(curves.frames);
          if (done.has(frame)) break;
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        }
        const slot = done.get(frame) ?? 0;
        done.delete(frame);
        yield new Uint8Array(slots, slot * frameBytes, frameBytes);
        free.push(slot);
      }
    },
    async close() {
      await Promise.all(workers.map(worker => worker.terminate()));
    },
  };
}
