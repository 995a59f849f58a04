/** A portrait made ready: the file itself, and the face in it. */
import type { Policy } from '../core/policy.ts';
import type { FaceCheck, FaceChecker, FaceProblem } from './face-check.ts';
import type { Media, MediaProblem, PreparedPortrait } from './media.ts';

/** What its member is told of a portrait that was taken: what was mended, or what is wrong with its face all the same. */
export type PortraitNote = { code: 'portrait-cropped' } | { code: 'portrait-turned' } | FaceProblem;

export type CheckedPortrait =
  | { ok: true; value: PreparedPortrait; notes: PortraitNote[] }
  | { ok: false; problem: MediaProblem | FaceProblem };

export type PortraitOrder = { path: string; outputPath: string; faceCheck: Policy['faceCheck']; signal: AbortSignal };

/**
 * Prepares a portrait as the face in it asks for: turned upright, and cropped where the face would be small or cut. A face check that
 * fails itself stands in nobody's way. `onCheck` is told of every look at a face.
 */
export async function prepareCheckedPortrait(
  { path, outputPath, faceCheck, signal }: PortraitOrder,
  { media, faces, onCheck = () => {} }: { media: Media; faces: FaceChecker; onCheck?: (check: FaceCheck) => void },
): Promise<CheckedPortrait> {
  // The file first: a face is looked for only in what is a picture.
  const plain = await media.preparePortrait({ path, outputPath, signal });
  if (!plain.ok || faceCheck === 'off') return plain.ok ? { ...plain, notes: [] } : plain;
  const check = await faces.check({ path, signal });
  onCheck(check);
  switch (check.kind) {
    case 'unknown':
      return { ...plain, notes: [] };
    case 'bad':
      return faceCheck === 'strict' ? { ok: false, problem: check.problem } : { ...plain, notes: [check.problem] };
    case 'good': {
      const { focus, quarterTurns } = check;
      const notes: PortraitNote[] = [];
      if (quarterTurns !== 0) notes.push({ code: 'portrait-turned' });
      if (focus !== undefined) notes.push({ code: 'portrait-cropped' });
      if (notes.length === 0) return { ...plain, notes };
      const made = await media.preparePortrait({ path, outputPath, signal, focus, quarterTurns });
      return made.ok ? { ...made, notes } : made;
    }
  }
}
