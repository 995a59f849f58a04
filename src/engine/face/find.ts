/** Finds the face of a picture in a worker thread, beside which other work goes on. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FaceResult, Rgb } from './landmarks.ts';

export type FaceFinder = {
  /** One picture at a time. Rejects when the models can't be loaded or run. */
  find(picture: Rgb): Promise<FaceResult>;
  /** Ends the thread, and with it all the memory that the models take. */
  close(): Promise<void>;
};

/** The thread loads the models at once, before there is a picture. */
export function startFaceFinder(): FaceFinder {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  return {
    async find(picture) {
      const answered = once(worker, 'message');
      worker.postMessage(picture);
      const [result]: FaceResult[] = await answered;
      if (result === undefined) throw new Error('the face worker sent nothing');
      return result;
    },
    async close() {
      await worker.terminate();
    },
  };
}
