/**
 * Pictures in, sound in, mp4 out: H.264 High (yuv420p, BT.709) and AAC, the index before the data. The same input gives the
 * same bytes. Only for child processes: importing this loads the native FFmpeg binding.
 */
import { stat } from 'node:fs/promises';
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_YUV420P,
  AV_PROFILE_H264_HIGH,
  AV_SAMPLE_FMT_FLTP,
  AVCHROMA_LOC_LEFT,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_BITEXACT,
  FF_ENCODER_AAC,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FormatContext, Frame, Packet, Rational, type Stream } from 'node-av/lib';
import { check } from '../media/av/input.ts';
import { i420Bytes, rgbaToI420 } from './colour.ts';

/** One picture of the video's size, rows without padding. I420 is BT.709 in limited range. */
export type Picture = { format: 'i420' | 'rgba'; data: Uint8Array };

export type EncodeOptions = {
  path: string;
  /** Even numbers. */
  width: number;
  height: number;
  /** Whole pictures a second. */
  fps: number;
  /** Mono, -1 to 1; undefined for a video without sound. It should last as long as the pictures. */
  sound: { samples: Float32Array; sampleRate: number } | undefined;
  /** Constant quality (x264's crf, 18 is very good), or a bit rate that is kept over any two seconds. */
  rate: { crf: number } | { bitsPerSecond: number };
  soundBitsPerSecond?: number;
  title?: string;
  comment?: string;
};

export type VideoEncoder = {
  /** Encodes the next picture; wait for it before the next, so memory stays bounded. */
  write(picture: Picture): Promise<void>;
  /** Writes what is left and the index; answers the size of the file. */
  finish(): Promise<{ bytes: number; frames: number }>;
};

/** x264's result depends on its number of threads, so it is fixed. */
const encoderThreads = 2;

type Track = { codec: CodecContext; stream: Stream };

function addTrack(output: FormatContext, codec: CodecContext): Track {
  const stream = output.newStream();
  stream.timeBase = codec.timeBase;
  check(codec.parametersFromContext(stream.codecpar), 'stream parameters');
  return { codec, stream };
}

function codecContext(name: typeof FF_ENCODER_LIBX264 | typeof FF_ENCODER_AAC): { codec: Codec; context: CodecContext } {
  const codec = Codec.findEncoderByName(name);
  if (codec === null) throw new Error(`no encoder ${name}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_FRAME_DURATION);
  return { codec, context };
}

async function openVideo(options: EncodeOptions): Promise<CodecContext> {
  const { codec, context } = codecContext(FF_ENCODER_LIBX264);
  context.width = options.width;
  context.height = options.height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, options.fps);
  context.framerate = new Rational(options.fps, 1);
  context.sampleAspectRatio = new Rational(1, 1);
  context.gopSize = options.fps * 4;
  context.profile = AV_PROFILE_H264_HIGH;
  context.colorPrimaries = AVCOL_PRI_BT709;
  context.colorTrc = AVCOL_TRC_BT709;
  context.colorSpace = AVCOL_SPC_BT709;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.chromaLocation = AVCHROMA_LOC_LEFT;
  context.threadCount = encoderThreads;
  const settings: Record<string, string> = { preset: 'veryfast', profile: 'high' };
  if ('crf' in options.rate) {
    settings.crf = String(options.rate.crf);
  } else {
    const bits = BigInt(Math.round(options.rate.bitsPerSecond));
    context.bitRate = bits;
    context.rcMaxRate = bits;
    context.rcBufferSize = Number(bits) * 2;
  }
  check(await context.open2(codec, Dictionary.fromObject(settings)), 'open the video encoder');
  return context;
}

async function openSound(sampleRate: number, bitsPerSecond: number): Promise<CodecContext> {
  const { codec, context } = codecContext(FF_ENCODER_AAC);
  context.sampleRate = sampleRate;
  context.sampleFormat = AV_SAMPLE_FMT_FLTP;
  context.channelLayout = AV_CHANNEL_LAYOUT_MONO;
  context.timeBase = new Rational(1, sampleRate);
  context.bitRate = BigInt(bitsPerSecond);
  check(await context.open2(codec, null), 'open the sound encoder');
  return context;
}

async function openOutput(options: EncodeOptions): Promise<FormatContext> {
  const output = new FormatContext();
  check(output.allocOutputContext2(null, 'mp4', options.path), 'mp4');
  output.setFlags(AVFMT_FLAG_BITEXACT);
  output.metadata = Dictionary.fromObject({ title: options.title, comment: options.comment });
  check(await output.openOutput(), 'open the output');
  return output;
}

/** Sends one frame, or the end, through a track's encoder into the file. */
async function encode(output: FormatContext, { codec, stream }: Track, frame: Frame | null, packet: Packet): Promise<void> {
  check(await codec.sendFrame(frame), 'encode');
  let code = await codec.receivePacket(packet);
  for (; code >= 0; code = await codec.receivePacket(packet)) {
    packet.streamIndex = stream.index;
    packet.rescaleTs(codec.timeBase, stream.timeBase);
    check(await output.interleavedWriteFrame(packet), 'write');
  }
  if (code !== AVERROR_EAGAIN && code !== AVERROR_EOF) check(code, 'encode');
}

/** Opens the file and its encoders. Throws what FFmpeg says when that can't be. */
export async function createEncoder(options: EncodeOptions): Promise<VideoEncoder> {
  const { width, height, fps, sound, soundBitsPerSecond = 96_000 } = options;
  const output = await openOutput(options);
  const video = addTrack(output, await openVideo(options));
  const audio = sound === undefined ? undefined : addTrack(output, await openSound(sound.sampleRate, soundBitsPerSecond));
  check(await output.writeHeader(Dictionary.fromObject({ movflags: '+faststart' })), 'write the header');
  const packet = new Packet();
  packet.alloc();
  let frames = 0;
  let soundAt = 0;

  /** Encodes sound up to a time, so that it never runs far ahead of the pictures or behind them. */
  async function writeSound(untilSeconds: number): Promise<void> {
    if (sound === undefined || audio === undefined) return;
    const end = Math.min(sound.samples.length, Math.floor(untilSeconds * sound.sampleRate));
    const size = audio.codec.frameSize;
    while (soundAt < end && (soundAt + size <= end || end === sound.samples.length)) {
      const block = sound.samples.slice(soundAt, soundAt + size);
      using frame = Frame.fromAudioBuffer(Buffer.from(block.buffer), {
        nbSamples: block.length,
        format: AV_SAMPLE_FMT_FLTP,
        sampleRate: sound.sampleRate,
        channelLayout: AV_CHANNEL_LAYOUT_MONO,
        timeBase: { num: 1, den: sound.sampleRate },
        pts: BigInt(soundAt),
      });
      await encode(output, audio, frame, packet);
      soundAt += block.length;
    }
  }

  return {
    async write(picture) {
      const data = picture.format === 'i420' ? picture.data : rgbaToI420(picture.data, width, height);
      if (data.length !== i420Bytes(width, height)) throw new RangeError(`a picture of ${data.length} bytes`);
      using frame = Frame.fromVideoBuffer(Buffer.from(data.buffer, data.byteOffset, data.length), {
        width,
        height,
        format: AV_PIX_FMT_YUV420P,
        timeBase: { num: 1, den: fps },
        pts: BigInt(frames),
      });
      frame.duration = 1n; // else the last picture lasts no time, and players leave it out
      await encode(output, video, frame, packet);
      frames += 1;
      await writeSound(frames / fps);
    },
    async finish() {
      await writeSound(Number.POSITIVE_INFINITY);
      await encode(output, video, null, packet);
      if (audio !== undefined) await encode(output, audio, null, packet);
      check(await output.writeTrailer(), 'write the index');
      await output.closeOutput();
      for (const track of [video, audio]) track?.codec.freeContext();
      packet.free();
      return { bytes: (await stat(options.path)).size, frames };
    },
  };
}
