/** A worker thread that finds the face in one picture; with it ends all the memory that the models take. */
import { parentPort, workerData } from 'node:worker_threads';
import { createFaceModel } from './human.ts';
import { locateFace, type Rgb } from './landmarks.ts';

// What find.ts beside this file sends; nothing foreign reaches a worker.
const picture: Rgb = workerData;
parentPort?.postMessage(await locateFace(await createFaceModel(), picture));
