/** What can be wrong with a file, as facts. The sentences for members are made elsewhere, from the code and its facts. */
import { z } from 'zod';
import type { FaceProblem } from './tasks/orders-face.ts';

const subject = z.enum(['portrait', 'voice', 'video']);
/** What the media type of the content is, 'image/heic' for instance; undefined when it is nothing that is known. */
const found = z.string().optional();
const pixels = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
const bytes = z.number().int().nonnegative();

/**
 * A file that can't be used. `voice-too-long` states the seconds as far as known: at least so many. `detail` is for logs.
 */
export const mediaProblem = z.discriminatedUnion('code', [
  z.object({ code: z.literal('file-empty'), subject }),
  z.object({ code: z.literal('file-too-large'), subject, bytes, maxBytes: bytes }),
  z.object({ code: z.literal('media-crashed'), subject, detail: z.string() }),
  z.object({ code: z.literal('media-timeout'), subject, seconds }),
  z.object({ code: z.literal('media-memory'), subject, maxBytes: bytes }),
  z.object({ code: z.literal('not-an-image'), found }),
  z.object({ code: z.literal('image-broken') }),
  z.object({ code: z.literal('portrait-too-small'), width: pixels, height: pixels, minSide: pixels }),
  z.object({ code: z.literal('too-many-pixels'), width: pixels, height: pixels, maxPixels: pixels }),
  z.object({ code: z.literal('not-audio'), found }),
  z.object({ code: z.literal('no-sound'), found }),
  z.object({ code: z.literal('audio-broken') }),
  z.object({ code: z.literal('voice-too-short'), seconds, minSeconds: seconds }),
  z.object({ code: z.literal('voice-too-long'), seconds, maxSeconds: seconds }),
  z.object({ code: z.literal('voice-silent'), seconds }),
  z.object({ code: z.literal('not-a-video'), found }),
  z.object({ code: z.literal('video-broken') }),
  z.object({ code: z.literal('video-wont-fit'), bytes, maxBytes: bytes, seconds }),
]);
export type MediaProblem = z.infer<typeof mediaProblem>;

/** What a file is meant to be. */
export type MediaSubject = z.infer<typeof subject>;

function reasonOfSubject(of: MediaSubject): 'image' | 'audio' | 'input' {
  switch (of) {
    case 'portrait':
      return 'image';
    case 'voice':
      return 'audio';
    case 'video':
      return 'input';
  }
}

/** The reason, out of the project's closed list, that a render fails with for such a file. */
export function reasonOf(problem: MediaProblem | FaceProblem): 'image' | 'face' | 'audio' | 'input' {
  switch (problem.code) {
    case 'file-empty':
    case 'file-too-large':
    case 'media-crashed':
    case 'media-timeout':
    case 'media-memory':
      return reasonOfSubject(problem.subject);
    case 'not-an-image':
    case 'image-broken':
    case 'portrait-too-small':
    case 'too-many-pixels':
    case 'face-dark':
    case 'face-blurred':
      return 'image';
    case 'no-face':
    case 'several-faces':
    case 'face-too-small':
    case 'face-turned':
    case 'face-tilted':
      return 'face';
    case 'not-audio':
    case 'no-sound':
    case 'audio-broken':
    case 'voice-too-short':
    case 'voice-too-long':
    case 'voice-silent':
      return 'audio';
    case 'not-a-video':
    case 'video-broken':
    case 'video-wont-fit':
      return 'input';
  }
}
