/** A worker thread that finds the faces of pictures. */
import { parentPort } from 'node:worker_threads';
import { createFaceModel } from './human.ts';
import { locateFace, type Rgb } from './landmarks.ts';

const port = parentPort;
if (port === null) throw new Error('runs as a worker thread only');
const loading = createFaceModel();
// What goes wrong counts when there is somebody who waits for it: below.
loading.catch(() => {});
// What find.ts beside this file sends; nothing foreign reaches a worker.
port.on('message', async (picture: Rgb) => port.postMessage(await locateFace(await loading, picture)));
