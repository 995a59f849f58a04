/** What can be said of a file before it is fetched, and the name under which it is handed on. */
import type { MediaLimits } from './limits.ts';
import type { MediaProblem } from './problem.ts';

/** What a platform states of an attachment; anything may be missing, and none of it is proof. */
export type DeclaredFile = {
  name: string;
  contentType?: string | undefined;
  sizeBytes: number;
  durationSeconds?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
};

/** The media type without parameters, where it says something at all. */
function statedType(contentType: string | undefined): string | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return type === undefined || type === '' || type === 'application/octet-stream' ? undefined : type;
}

/** What is certainly wrong with a portrait by its stated facts; undefined: worth fetching. */
export function checkDeclaredPortrait(file: DeclaredFile, limits: MediaLimits): MediaProblem | undefined {
  const { sizeBytes, width, height } = file;
  if (sizeBytes === 0) return { code: 'file-empty', subject: 'portrait' };
  const type = statedType(file.contentType);
  // By its family only: a jpeg that is stated as png is fine, its content decides.
  if (type !== undefined && !type.startsWith('image/')) return { code: 'not-an-image', found: type };
  const { portraitMaxBytes: maxBytes, portraitMaxPixels: maxPixels, portraitMinSide: minSide } = limits;
  if (sizeBytes > maxBytes) return { code: 'file-too-large', subject: 'portrait', bytes: sizeBytes, maxBytes };
  if (width === undefined || height === undefined || width <= 0 || height <= 0) return undefined;
  if (width * height > maxPixels) return { code: 'too-many-pixels', width, height, maxPixels };
  if (Math.min(width, height) < minSide) return { code: 'portrait-too-small', width, height, minSide };
  return undefined;
}

/** A year. */
const LONGEST_STATED_SECONDS = 365 * 86_400;

/** What is certainly wrong with a voice by its stated facts; undefined: worth fetching. */
export function checkDeclaredVoice(file: DeclaredFile, limits: MediaLimits): MediaProblem | undefined {
  const { sizeBytes, durationSeconds: seconds } = file;
  if (sizeBytes === 0) return { code: 'file-empty', subject: 'voice' };
  const type = statedType(file.contentType);
  // Video types too: recorders state webm, mp4 and ogg files of sound alone as such.
  if (type !== undefined && !/^(audio|video)\/|^application\/ogg$/.test(type)) return { code: 'not-audio', found: type };
  const { voiceMaxBytes: maxBytes, voiceMinSeconds: minSeconds, voiceMaxSeconds: maxSeconds } = limits;
  if (sizeBytes > maxBytes) return { code: 'file-too-large', subject: 'voice', bytes: sizeBytes, maxBytes };
  // No clip lasts for ever: then nothing was stated, and the content decides.
  if (seconds === undefined || !(seconds > 0 && seconds < LONGEST_STATED_SECONDS)) return undefined;
  // A second of tolerance, since platforms round.
  if (seconds > maxSeconds + 1) return { code: 'voice-too-long', seconds, maxSeconds };
  if (seconds < minSeconds) return { code: 'voice-too-short', seconds, minSeconds };
  return undefined;
}

const maxNameLength = 64;

/**
 * A file name that no shell, cache or ffmpeg call of a provider stumbles over: [A-Za-z0-9_-] and one extension. `extension`
 * comes from the content, never from the name.
 */
export function safeName(name: string, extension: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const stem = last
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[_-]+|_+$/g, '')
    .slice(0, maxNameLength);
  return `${stem === '' ? 'file' : stem}.${extension.toLowerCase().replace(/[^a-z0-9]/g, '')}`;
}
