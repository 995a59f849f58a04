/**
 * Writes into a finished video that it is AI-generated: its packets go into a new mp4 as they are, index first. Runs in a child
 * process, which tells what the video is on the way. For what is no ordinary mp4; those are marked by ../mp4.
 */
import { AVFMT_FLAG_BITEXACT } from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext, Packet, type Stream } from 'node-av/lib';
import { check, type MediaInput, openInput } from '../av/input.ts';
import type { Task } from '../isolate.ts';
import { MARK, MARKED } from '../mark.ts';
import { sniff, videoContainers } from '../sniff.ts';
import { type MarkOutput, markInput } from './orders.ts';
import { probe } from './probe.ts';

function isMarked({ context }: MediaInput): boolean {
  return ['title', 'comment'].every(name => context.metadata?.get(name)?.includes(MARKED));
}

/** Copies the picture's and the sound's packets, times and all. Throws what FFmpeg says where mp4 can't hold them. */
async function copyMarked({ context, video, audio }: MediaInput, outputPath: string): Promise<void> {
  const output = new FormatContext();
  check(output.allocOutputContext2(null, 'mp4', outputPath), 'mp4');
  output.setFlags(AVFMT_FLAG_BITEXACT);
  output.metadata = Dictionary.fromObject(MARK);
  check(await output.openOutput(), 'open the output');
  const tracks = new Map<number, { from: Stream; to: Stream }>();
  for (const from of [video, audio]) {
    if (from === undefined) continue;
    const to = output.newStream();
    check(from.codecpar.copy(to.codecpar), 'stream parameters');
    // The tag belongs to the container that the stream came in.
    to.codecpar.codecTag = 0;
    to.timeBase = from.timeBase;
    tracks.set(from.index, { from, to });
  }
  check(await output.writeHeader(Dictionary.fromObject({ movflags: '+faststart' })), 'write the header');
  const packet = new Packet();
  packet.alloc();
  while ((await context.readFrame(packet)) >= 0) {
    const track = tracks.get(packet.streamIndex);
    if (track === undefined) {
      packet.unref();
      continue;
    }
    packet.streamIndex = track.to.index;
    packet.rescaleTs(track.from.timeBase, track.to.timeBase);
    check(await output.interleavedWriteFrame(packet), 'write');
  }
  check(await output.writeTrailer(), 'write the index');
  await output.closeOutput();
  packet.free();
}

async function mark(path: string, outputPath: string): Promise<MarkOutput> {
  const probed = await probe(path);
  if (!probed.ok) return probed;
  const container = videoContainers.get((await sniff(path)) ?? '');
  const input = container && (await openInput(path, container));
  if (input === undefined) return { ok: false, problem: { code: 'video-broken' } };
  try {
    if (isMarked(input)) return { ok: true, marked: false };
    await copyMarked(input, outputPath);
    return { ok: true, marked: true };
  } catch (error) {
    // A video is not lost for the want of a mark.
    if (!(error instanceof FFmpegError)) throw error;
    return { ok: true, marked: false };
  } finally {
    await input.close();
  }
}

export const run: Task = async order => {
  const { path, outputPath } = markInput.parse(order);
  return mark(path, outputPath);
};
