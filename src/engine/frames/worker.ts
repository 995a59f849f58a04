/** A worker thread of a render: paints the frames that it is told to into slots of shared memory. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Curves } from '../curves.ts';
import { frameBytes } from '../raster/i420.ts';
import { poseAt } from '../rig/gains.ts';
import { createPainter } from './painter.ts';
import type { FrameOrder, PoolScene } from './pool.ts';

type Data = { scene: PoolScene; curves: Curves; slots: SharedArrayBuffer };

const port = parentPort;
if (port === null) throw new Error('runs as a worker thread only');
// What the pool beside this file sends; nothing foreign reaches a worker.
const { scene, curves, slots }: Data = workerData;
const painter = createPainter({ texture: scene.texture, mesh: scene.mesh, expand: scene.weights.faceExpandRatio });

port.on('message', ({ frame, slot }: FrameOrder) => {
  painter.paint(poseAt(curves, frame, scene.weights), new Uint8Array(slots, slot * frameBytes, frameBytes));
  port.postMessage({ frame, slot });
});
