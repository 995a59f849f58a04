/** Finds the face again in the frames of a finished video, whoever rendered it. Only for child processes. */
import { z } from 'zod';
import type { FaceModel } from '../face/human.ts';
import { bend, measureFace } from './face-measures.ts';
import type { VideoFrames } from './frames.ts';

/** A face seen in a frame; lengths in heights of the face. `bend`: see face-measures.ts, against the first frame. */
export const sighting = z.object({
  frame: z.number(),
  gap: z.number(),
  mouthWidth: z.number(),
  lids: z.number(),
  bend: z.number(),
});
export type Sighting = z.infer<typeof sighting>;

/** `mesh`: the landmarks of the first face seen, in pixels of the frames. `missed`: frames without a face. */
export type Watched = { seen: Sighting[]; mesh: Float32Array | undefined; missed: number; frames: number };

export async function watch(video: VideoFrames, model: FaceModel, every: number): Promise<Watched> {
  const { width, height } = video;
  const rgb = new Float32Array(width * height * 3);
  const result: Watched = { seen: [], mesh: undefined, missed: 0, frames: 0 };
  for await (const { frame, picture } of video.frames(every)) {
    rgb.set(picture.data);
    const faces = await model.detect({ rgb, width, height });
    const face = faces.sort((a, b) => b.boxScore - a.boxScore)[0];
    if (face === undefined) {
      result.missed += 1;
      continue;
    }
    result.mesh ??= face.mesh;
    result.seen.push({ frame, ...measureFace(face.mesh), bend: bend(result.mesh, face.mesh) });
  }
  return { ...result, frames: video.passed() };
}
