/** What the face task is given and what it answers. */
import { z } from 'zod';
import { quarterTurns } from './orders.ts';

/** What is wrong with the face of a picture that can be read, as facts. Pixels are the original's, degrees whole. */
export const faceProblem = z.discriminatedUnion('code', [
  z.object({ code: z.literal('no-face') }),
  z.object({ code: z.literal('several-faces'), count: z.number().int() }),
  /** Forehead to chin. */
  z.object({ code: z.literal('face-too-small'), facePixels: z.number(), leastFacePixels: z.number() }),
  z.object({ code: z.literal('face-turned'), degrees: z.number() }),
  z.object({ code: z.literal('face-tilted'), degrees: z.number() }),
  /** The luma of the face's lightest tenth, 0-255. */
  z.object({ code: z.literal('face-dark'), light: z.number(), leastLight: z.number() }),
  z.object({ code: z.literal('face-blurred'), detail: z.number(), leastDetail: z.number() }),
]);
export type FaceProblem = z.infer<typeof faceProblem>;

export const faceInput = z.object({ path: z.string(), maxPixels: z.number().positive() });
export const faceOutput = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    /** Quarter turns clockwise that set the face upright. */
    quarterTurns,
    facePixels: z.number(),
    /** In pixels of the picture after those turns. */
    focus: z.object({ x: z.number(), y: z.number(), side: z.number() }).optional(),
  }),
  z.object({ ok: z.literal(false), problem: faceProblem }),
]);
export type FaceOutput = z.infer<typeof faceOutput>;
