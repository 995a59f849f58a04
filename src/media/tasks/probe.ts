/** Tells what a video is, having decoded a picture of it; runs in a child process. */
import { codecName, framesOf, openInput } from '../av/input.ts';
import { videoFacts } from '../av/video.ts';
import type { Task } from '../isolate.ts';
import { sniff, videoContainers } from '../sniff.ts';
import { type ProbeOutput, probeInput } from './orders.ts';

const broken: ProbeOutput = { ok: false, problem: { code: 'video-broken' } };

export async function probe(path: string): Promise<ProbeOutput> {
  const type = await sniff(path);
  const container = type === undefined ? undefined : videoContainers.get(type);
  if (container === undefined) return { ok: false, problem: { code: 'not-a-video', found: type } };
  const input = await openInput(path, container);
  if (input === undefined) return broken;
  try {
    const { video, audio } = input;
    if (video === undefined) return { ok: false, problem: { code: 'not-a-video', found: type } };
    const facts = videoFacts(input, video);
    if (facts === undefined) return broken;
    const first = await framesOf(input, video).next();
    if (first.done === true) return broken;
    return { ok: true, ...facts, videoCodec: codecName(video), ...(audio !== undefined && { audioCodec: codecName(audio) }) };
  } finally {
    await input.close();
  }
}

export const run: Task = async order => probe(probeInput.parse(order).path);
