/**
 * Opening and decoding files with FFmpeg. Only for child processes: importing this loads the native binding, and hostile files
 * may crash it.
 */
import {
  AV_LOG_QUIET,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  type AVMediaType,
} from 'node-av/constants';
import type { Stream } from 'node-av/lib';
import { Codec, CodecContext, Dictionary, FFmpegError, FormatContext, Frame, InputFormat, Log, Packet } from 'node-av/lib';

Log.setLevel(AV_LOG_QUIET);

/** The demuxers that are used at all. Never left to FFmpeg's own guess: playlists among its formats open further files. */
export type Container = 'wav' | 'mp3' | 'ogg' | 'mov' | 'flac' | 'matroska';

/** An opened file; `packets` and `broken` count what the decoder was given and what it could not read. */
export type MediaInput = {
  context: FormatContext;
  audio: Stream | undefined;
  video: Stream | undefined;
  tally: { packets: number; broken: number };
  close(): Promise<void>;
};

/** The most pixels of a video frame that is decoded: 4096x2304. */
export const maxFramePixels = 4096 * 2304;
/** The most samples of one audio frame; the largest real ones (flac) have 65,535. */
const maxFrameSamples = 1 << 18;

const microsecondsPerSecond = 1e6;

/** Throws where FFmpeg reports a failure that is no property of the input. */
export function check(code: number, what: string): number {
  FFmpegError.throwIfError(code, what);
  return code;
}

function best(context: FormatContext, type: AVMediaType): Stream | undefined {
  const index = context.findBestStream(type);
  return index < 0 ? undefined : context.streams[index];
}

/** Opens a file as the given container; undefined when it is none that can be read. */
export async function openInput(path: string, container: Container): Promise<MediaInput | undefined> {
  const format = InputFormat.findInputFormat(container);
  if (format === null) throw new Error(`no demuxer ${container}`);
  const context = new FormatContext();
  const options = Dictionary.fromObject({ protocol_whitelist: 'file', max_streams: 16 });
  if ((await context.openInput(path, format, options)) < 0) return undefined;
  if ((await context.findStreamInfo()) < 0) {
    await context.closeInput();
    return undefined;
  }
  return {
    context,
    audio: best(context, AVMEDIA_TYPE_AUDIO),
    video: best(context, AVMEDIA_TYPE_VIDEO),
    tally: { packets: 0, broken: 0 },
    close: () => context.closeInput(),
  };
}

/** The duration that the container claims, in seconds; undefined when it claims none. Nothing may rely on it. */
export function claimedSeconds(input: MediaInput): number | undefined {
  const microseconds = input.context.duration;
  return microseconds > 0n ? Number(microseconds) / microsecondsPerSecond : undefined;
}

/** The decoder's name of a stream, as in 'h264'. */
export function codecName(stream: Stream): string {
  return Codec.findDecoder(stream.codecpar.codecId)?.name ?? 'unknown';
}

async function openDecoder(stream: Stream): Promise<CodecContext | undefined> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) return undefined;
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  check(decoder.parametersToContext(stream.codecpar), 'decoder parameters');
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 1;
  check(decoder.setOption('max_pixels', maxFramePixels), 'max_pixels');
  check(decoder.setOption('max_samples', maxFrameSamples), 'max_samples');
  if ((await decoder.open2(codec, null)) >= 0) return decoder;
  decoder.freeContext();
  return undefined;
}

/**
 * The decoded frames of a stream, in order; the same object each time, valid until the next. What can't be decoded is skipped
 * and counted in `tally`; ends with the file, or when the caller has enough.
 */
export async function* framesOf(input: MediaInput, stream: Stream): AsyncGenerator<Frame> {
  const decoder = await openDecoder(stream);
  if (decoder === undefined) return;
  const packet = new Packet();
  packet.alloc();
  const frame = new Frame();
  frame.alloc();
  try {
    for (let ended = false; !ended; ) {
      ended = (await input.context.readFrame(packet)) < 0;
      if (!ended && packet.streamIndex !== stream.index) {
        packet.unref();
        continue;
      }
      const sent = await decoder.sendPacket(ended ? null : packet);
      if (!ended) packet.unref();
      let code = await decoder.receiveFrame(frame);
      for (; code >= 0; code = await decoder.receiveFrame(frame)) yield frame;
      input.tally.packets += 1;
      if (sent < 0 || (code !== AVERROR_EAGAIN && code !== AVERROR_EOF)) input.tally.broken += 1;
    }
  } finally {
    frame.free();
    packet.free();
    decoder.freeContext();
  }
}
