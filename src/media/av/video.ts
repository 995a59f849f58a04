/** Reading the pictures of a video. Only for child processes, see input.ts. */
import { AV_PIX_FMT_YUV420P, AVCOL_RANGE_MPEG, AVCOL_SPC_BT709, type AVPixelFormat, SWS_BICUBIC } from 'node-av/constants';
import { Frame, SoftwareScaleContext, type Stream } from 'node-av/lib';
import { check, claimedSeconds, framesOf, type MediaInput, maxFramePixels } from './input.ts';

/** Facts of the video stream. `fps` is the mean; `seconds` the container's word, which only `pictures` proves. */
export type VideoFacts = { width: number; height: number; fps: number; seconds: number };

const defaultFps = 25;
const maxFps = 60;

/** Undefined when the stream states no picture size or one beyond the limit, or the file no duration. */
export function videoFacts(input: MediaInput, stream: Stream): VideoFacts | undefined {
  const { width, height } = stream.codecpar;
  const seconds = claimedSeconds(input);
  if (width <= 0 || height <= 0 || width * height > maxFramePixels || seconds === undefined) return undefined;
  const { num, den } = stream.avgFrameRate;
  return { width, height, seconds, fps: num > 0 && den > 0 ? num / den : defaultFps };
}

/** Whole pictures a second for encoding again: as before, in sane bounds. */
export function wholeFps(fps: number): number {
  return Math.min(maxFps, Math.max(1, Math.round(fps)));
}

/** Converts frames of any form to I420 of one size. The colours keep their matrix where both sides are marked alike. */
function createScaler(width: number, height: number) {
  let context: SoftwareScaleContext | undefined;
  let form = '';
  const out = new Frame();
  out.alloc();
  out.width = width;
  out.height = height;
  out.format = AV_PIX_FMT_YUV420P;
  out.colorSpace = AVCOL_SPC_BT709;
  out.colorRange = AVCOL_RANGE_MPEG;
  check(out.getBuffer(), 'picture buffer');

  return {
    async scale(frame: Frame): Promise<Uint8Array> {
      const newForm = `${frame.format}/${frame.width}/${frame.height}`;
      if (context === undefined || newForm !== form) {
        context?.freeContext();
        context = new SoftwareScaleContext();
        context.getContext(
          frame.width,
          frame.height,
          frame.format as AVPixelFormat,
          width,
          height,
          AV_PIX_FMT_YUV420P,
          SWS_BICUBIC,
        );
        form = newForm;
      }
      check(await context.scaleFrame(out, frame), 'scale');
      return out.toBuffer();
    },
    close() {
      context?.freeContext();
      out.free();
    },
  };
}

/**
 * The pictures at a steady rate: repeated or left out where the video's own rate differs, so that they stay in time with the
 * sound. At most `maxCount`, whatever the time stamps say.
 */
export async function* pictures(
  input: MediaInput,
  stream: Stream,
  options: { width: number; height: number; fps: number; maxCount: number },
): AsyncGenerator<Uint8Array> {
  const { width, height, fps, maxCount } = options;
  const scaler = createScaler(width, height);
  const { num, den } = stream.timeBase;
  let start: number | undefined;
  let count = 0;
  let last: Uint8Array | undefined;
  try {
    for await (const frame of framesOf(input, stream)) {
      const at = (Number(frame.bestEffortTimestamp) * num) / den;
      start ??= at;
      // This picture is shown from `due` on; until then the one before it was.
      const due = Math.min(maxCount, Math.max(0, Math.round((at - start) * fps)));
      for (; last !== undefined && count < due; count += 1) yield last;
      last = await scaler.scale(frame);
      if (count >= maxCount) return;
    }
    if (last !== undefined && count < maxCount) yield last;
  } finally {
    scaler.close();
  }
}
