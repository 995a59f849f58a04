/** Looks at a finished video, whoever rendered it, in a child process: figures, a poster, a contact sheet. */
import { z } from 'zod';
import { type IsolateProblem, runIsolated } from '../../media/isolate.ts';
import { sighting } from './watch.ts';

/** `frames` of the video at 25 a second; `missed` of those that were looked at show no face. `sync`: see sync.ts. */
export const judgement = z.object({
  frames: z.number(),
  missed: z.number(),
  sync: z.object({ correlation: z.number(), lag: z.number() }),
  seen: z.array(sighting),
});
export type Judgement = z.infer<typeof judgement>;

const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), judgement }),
  z.object({ ok: z.literal(false), detail: z.string() }),
]);

export type JudgeOptions = {
  videoPath: string;
  voicePath: string;
  /** Where PNGs go: one good frame (no larger than 512 pixels), and a contact sheet. */
  posterPath?: string | undefined;
  sheetPath?: string | undefined;
  /** The face is looked for in each `every`-th frame, which takes 30 ms each. */
  every?: number;
  maxSeconds?: number;
  signal?: AbortSignal;
};

const wallClockMs = 10 * 60_000;
const memoryBytes = 1_000_000_000;

export type JudgeResult = { ok: true; judgement: Judgement } | { ok: false; detail: string };

export async function judgeVideo(options: JudgeOptions): Promise<JudgeResult> {
  const { videoPath, voicePath, posterPath = null, sheetPath = null, every = 2, maxSeconds = 600, signal } = options;
  const result = await runIsolated({
    task: new URL('./judge-task.ts', import.meta.url),
    input: { videoPath, voicePath, posterPath, sheetPath, every, maxSeconds },
    schema: answer,
    ...(signal && { signal }),
    wallClockMs,
    memoryBytes,
  });
  return result.ok ? result.value : { ok: false, detail: describe(result.problem) };
}

const describe = ({ kind, detail }: IsolateProblem) => `The video could not be looked at (${kind}: ${detail}).`;
