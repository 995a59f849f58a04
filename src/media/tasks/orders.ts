/** What the tasks of this folder are given and what they answer. Kept apart from them, so that the parent loads no native code. */
import { z } from 'zod';
import { mediaProblem } from '../problem.ts';

const refusal = z.object({ ok: z.literal(false), problem: mediaProblem });
const pixels = z.number().int().positive();

export const voiceInput = z.object({
  path: z.string(),
  outputPath: z.string(),
  minSeconds: z.number().positive(),
  maxSeconds: z.number().positive(),
});
export const voiceOutput = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), seconds: z.number().positive(), changed: z.boolean() }),
  refusal,
]);
export type VoiceOutput = z.infer<typeof voiceOutput>;

export const quarterTurns = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
export const portraitInput = z.object({
  path: z.string(),
  outputPath: z.string(),
  maxPixels: z.number().positive(),
  minSide: z.number().positive(),
  focus: z.object({ x: z.number(), y: z.number(), side: z.number().positive() }).optional(),
  quarterTurns,
});
export const portraitOutput = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    changed: z.boolean(),
    contentType: z.enum(['image/jpeg', 'image/png']),
    hash: z.string(),
    width: pixels,
    height: pixels,
  }),
  refusal,
]);
export type PortraitOutput = z.infer<typeof portraitOutput>;

export const probeInput = z.object({ path: z.string() });
export const probeOutput = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    seconds: z.number().positive(),
    width: pixels,
    height: pixels,
    fps: z.number().positive(),
    videoCodec: z.string(),
    audioCodec: z.string().optional(),
  }),
  refusal,
]);
export type ProbeOutput = z.infer<typeof probeOutput>;

export const markInput = z.object({ path: z.string(), outputPath: z.string() });
export const markOutput = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), marked: z.boolean() }), refusal]);
export type MarkOutput = z.infer<typeof markOutput>;

export const shrinkInput = z.object({ path: z.string(), outputPath: z.string(), bytes: pixels, maxBytes: pixels });
export const shrinkOutput = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), bytes: pixels }), refusal]);
export type ShrinkOutput = z.infer<typeof shrinkOutput>;
