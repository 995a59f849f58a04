/** Finds the face of a picture in a worker thread, beside which other work goes on. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FaceResult, Rgb } from './landmarks.ts';

/** Rejects when the models can't be loaded or run. */
export async function findFace(picture: Rgb): Promise<FaceResult> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: picture });
  try {
    const [result]: FaceResult[] = await once(worker, 'message');
    if (result === undefined) throw new Error('the face worker sent nothing');
    return result;
  } finally {
    await worker.terminate();
  }
}
