/** A worker thread of a render: paints the frames that it is told to into slots of shared memory. */
import { parentPort } from 'node:worker_threads';
import { frameBytes } from '../raster/i420.ts';
import { poseAt } from '../rig/gains.ts';
import { createPainter } from './painter.ts';
import type { FrameOrder, PoolJob } from './pool.ts';

const port = parentPort;
if (port === null) throw new Error('runs as a worker thread only');
// What the pool beside this file sends; nothing foreign reaches a worker.
port.once('message', ({ scene, curves, slots }: PoolJob) => {
  const painter = createPainter({ texture: scene.texture, mesh: scene.mesh, expand: scene.weights.faceExpandRatio });
  port.on('message', ({ frame, slot }: FrameOrder) => {
    painter.paint(poseAt(curves, frame, scene.weights), new Uint8Array(slots, slot * frameBytes, frameBytes));
    port.postMessage({ frame, slot });
  });
});
