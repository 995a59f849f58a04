/** Media for tests, made by code: voices in every accepted format, pictures, videos. */
import { writeFile } from 'node:fs/promises';
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  type AVSampleFormat,
  FF_ENCODER_AAC,
  FF_ENCODER_FLAC,
  FF_ENCODER_LIBMP3LAME,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_LIBVORBIS,
  type FFAudioEncoder,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FFmpegError, FormatContext, Frame, Packet, Rational } from 'node-av/lib';
import { createEncoder } from '../../src/engine/encode.ts';

/** Something with the ups and downs of speech: a buzz of harmonics, a syllable about every quarter of a second. */
export function speechLike(seconds: number, sampleRate: number, gain = 0.3): Float32Array {
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  for (let at = 0; at < samples.length; at += 1) {
    const time = at / sampleRate;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2 * time)) ** 0.5;
    let sound = 0;
    for (let harmonic = 1; harmonic <= 6; harmonic += 1) sound += Math.sin(2 * Math.PI * 140 * harmonic * time) / harmonic;
    samples[at] = gain * syllable * sound * 0.5;
  }
  return samples;
}

/** A WAV file of 16-bit PCM; each channel holds the same samples. `statedBytes` replaces the length of the data in the header. */
export function wavOf(
  samples: Float32Array,
  sampleRate: number,
  options: { channels?: number; statedBytes?: number } = {},
): Buffer {
  const { channels = 1, statedBytes } = options;
  const dataBytes = samples.length * channels * 2;
  const file = Buffer.alloc(44 + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * channels * 2, 28);
  file.writeUInt16LE(channels * 2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(statedBytes ?? dataBytes, 40);
  samples.forEach((sample, at) => {
    for (let channel = 0; channel < channels; channel += 1) {
      file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + (at * channels + channel) * 2);
    }
  });
  return file;
}

type Coding = { muxer: string; encoder: FFAudioEncoder; sampleFormat: AVSampleFormat; sampleRate: number };

/** The coded formats of voices, by the extension that they usually have. */
export const codings = {
  mp3: { muxer: 'mp3', encoder: FF_ENCODER_LIBMP3LAME, sampleFormat: AV_SAMPLE_FMT_FLTP, sampleRate: 44_100 },
  ogg: { muxer: 'ogg', encoder: FF_ENCODER_LIBVORBIS, sampleFormat: AV_SAMPLE_FMT_FLTP, sampleRate: 44_100 },
  opus: { muxer: 'ogg', encoder: FF_ENCODER_LIBOPUS, sampleFormat: AV_SAMPLE_FMT_FLT, sampleRate: 48_000 },
  m4a: { muxer: 'ipod', encoder: FF_ENCODER_AAC, sampleFormat: AV_SAMPLE_FMT_FLTP, sampleRate: 44_100 },
  mp4: { muxer: 'mp4', encoder: FF_ENCODER_AAC, sampleFormat: AV_SAMPLE_FMT_FLTP, sampleRate: 48_000 },
  flac: { muxer: 'flac', encoder: FF_ENCODER_FLAC, sampleFormat: AV_SAMPLE_FMT_S16, sampleRate: 44_100 },
  webm: { muxer: 'webm', encoder: FF_ENCODER_LIBOPUS, sampleFormat: AV_SAMPLE_FMT_FLT, sampleRate: 48_000 },
} satisfies Record<string, Coding>;

function packed(samples: Float32Array, format: AVSampleFormat): Buffer {
  if (format !== AV_SAMPLE_FMT_S16) return Buffer.from(samples.slice().buffer);
  return Buffer.from(Int16Array.from(samples, sample => Math.round(sample * 32_767)).buffer);
}

/** Writes a coded sound file; the samples are taken at the coding's own rate. */
export async function writeCoded(path: string, name: keyof typeof codings, samples: Float32Array): Promise<void> {
  const { muxer, encoder, sampleFormat, sampleRate } = codings[name];
  const check = (code: number) => FFmpegError.throwIfError(code, `make ${name}`);
  const codec = Codec.findEncoderByName(encoder);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.sampleRate = sampleRate;
  context.sampleFormat = sampleFormat;
  context.channelLayout = AV_CHANNEL_LAYOUT_MONO;
  context.timeBase = new Rational(1, sampleRate);
  context.bitRate = 96_000n;
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  check(await context.open2(codec, null));
  const output = new FormatContext();
  check(output.allocOutputContext2(null, muxer, path));
  check(await output.openOutput());
  const stream = output.newStream();
  stream.timeBase = context.timeBase;
  check(context.parametersFromContext(stream.codecpar));
  check(await output.writeHeader(new Dictionary()));
  const packet = new Packet();
  packet.alloc();
  const send = async (frame: Frame | null) => {
    check(await context.sendFrame(frame));
    while ((await context.receivePacket(packet)) >= 0) {
      packet.streamIndex = stream.index;
      packet.rescaleTs(context.timeBase, stream.timeBase);
      check(await output.interleavedWriteFrame(packet));
    }
  };
  const size = context.frameSize || 1024;
  for (let at = 0; at < samples.length; at += size) {
    const block = samples.slice(at, at + size);
    using frame = Frame.fromAudioBuffer(packed(block, sampleFormat), {
      ...{ nbSamples: block.length, format: sampleFormat, sampleRate, channelLayout: AV_CHANNEL_LAYOUT_MONO },
      ...{ timeBase: { num: 1, den: sampleRate }, pts: BigInt(at) },
    });
    await send(frame);
  }
  await send(null);
  check(await output.writeTrailer());
  await output.closeOutput();
  context.freeContext();
}

/** Writes an mp4 of moving coloured noise, which is hard to compress; `seconds` of it, with sound unless told otherwise. */
export async function writeVideo(
  path: string,
  options: { seconds: number; width: number; height: number; crf?: number; silent?: boolean },
): Promise<void> {
  const { seconds, width, height, crf = 12, silent = false } = options;
  const fps = 25;
  const sampleRate = 44_100;
  const sound = silent ? undefined : { samples: speechLike(seconds, sampleRate), sampleRate };
  const encoder = await createEncoder({ path, width, height, fps, sound, rate: { crf } });
  let seed = 1;
  for (let count = 0; count < Math.round(seconds * fps); count += 1) {
    const data = new Uint8Array(width * height * 4);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      const wave = 100 + 60 * Math.sin((pixel % width) / 20 + count / 3);
      data.fill(wave + (seed >>> 27), pixel * 4, pixel * 4 + 3);
    }
    await encoder.write({ format: 'rgba', data });
  }
  await encoder.finish();
}

/** A PNG whose header states a size that it does not have: a bomb for who decodes before looking. */
export async function writePngBomb(path: string, width: number, height: number): Promise<void> {
  const { crc32, deflateSync } = await import('node:zlib');
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(1 << 20));
  await writeFile(path, Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]));
}
