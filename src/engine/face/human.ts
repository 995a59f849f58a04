/**
 * The face detector and the landmark model of @vladmandic/human, whose weights are inside its package. Only for child
 * processes and their workers: it takes 150 MB, and it replaces `fetch` by a reader of files while it loads.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';

/** Landmarks of the mesh; each is x, y (pixels of the picture) and z (pixels too, smaller is nearer). */
export const meshPoints = 468;

/** `boxScore`: how sure the detector is (0-1). `meshScore`: how much the crop looked like a face to the landmark model. */
export type DetectedFace = { boxScore: number; meshScore: number; mesh: Float32Array };

export type FaceModel = {
  /** All faces of a picture, RGB of 0-255. */
  detect(picture: { rgb: Float32Array; width: number; height: number }): Promise<DetectedFace[]>;
  /** For each landmark the one on the other side of the face. */
  readonly mirrored: Uint16Array;
};

const point = z.tuple([z.number(), z.number(), z.number()]);
const detected = z.object({
  face: z.array(z.object({ boxScore: z.number(), faceScore: z.number(), mesh: z.array(point) })),
});

/** As much of Human as is used here; its own types are not exported in a way that the resolver finds. */
type Tensor = object;
type HumanInstance = {
  load(): Promise<void>;
  detect(input: Tensor): Promise<unknown>;
  faceUVMap: [number, number][];
  tf: { tensor4d(data: Float32Array, shape: number[]): Tensor; dispose(tensor: Tensor): void };
};
const humanModule = z.object({ Human: z.custom<new (config: object) => HumanInstance>(value => typeof value === 'function') });

const off = { enabled: false };
/** Below this not even a hint of a face; what passes as one is decided by who asks. */
const minConfidence = 0.2;

/** Runs `work` while fetch reads files instead of reaching out. */
async function withFileFetch<T>(work: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch;
  globalThis.fetch = async input => {
    const url = input instanceof Request ? input.url : String(input);
    const path = url.startsWith('file:') ? fileURLToPath(url) : url;
    const type = path.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
    return new Response(await readFile(path), {
      headers: { 'content-type': path.endsWith('.json') ? 'application/json' : type },
    });
  };
  try {
    return await work();
  } finally {
    globalThis.fetch = original;
  }
}

/** The reference map of the mesh is symmetric about its middle, so the mirrored landmark is the one nearest to (1 - u, v). */
function mirrorMap(uv: readonly [number, number][]): Uint16Array {
  return Uint16Array.from(uv.slice(0, meshPoints), ([u, v]) => {
    const distances = uv.slice(0, meshPoints).map(([x, y]) => Math.hypot(x - (1 - u), y - v));
    return distances.indexOf(Math.min(...distances));
  });
}

/** Loads the two models (0.3 s). */
export async function createFaceModel(): Promise<FaceModel> {
  const require = createRequire(import.meta.url);
  const dist = dirname(require.resolve('@vladmandic/human'));
  const { Human } = humanModule.parse(require(join(dist, 'human.node-wasm.js')));
  const human = new Human({
    backend: 'wasm',
    wasmPath: `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`,
    modelBasePath: pathToFileURL(join(dist, '../models/')).href,
    debug: false,
    warmup: 'none',
    ...{ filter: off, gesture: off, body: off, hand: off, object: off, segmentation: off },
    face: {
      detector: { rotation: false, maxDetected: 5, minConfidence, skipFrames: 0, skipTime: 0 },
      mesh: { enabled: true },
      ...{ attention: off, iris: off, emotion: off, description: off, antispoof: off, liveness: off },
    },
  });
  await withFileFetch(() => human.load());
  return {
    mirrored: mirrorMap(human.faceUVMap),
    async detect({ rgb, width, height }) {
      const tensor = human.tf.tensor4d(rgb, [1, height, width, 3]);
      try {
        const { face } = detected.parse(await human.detect(tensor));
        return face
          .filter(({ mesh }) => mesh.length >= meshPoints)
          .map(({ boxScore, faceScore, mesh }) => ({
            ...{ boxScore, meshScore: faceScore },
            mesh: Float32Array.from(mesh.slice(0, meshPoints).flat()),
          }));
      } finally {
        human.tf.dispose(tensor);
      }
    },
  };
}
