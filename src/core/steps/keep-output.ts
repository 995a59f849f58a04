import { backoffMs } from '../backoff.ts';
import { type Context, movedOrLost, type Step } from '../context.ts';
import { rememberVideo } from '../known-videos.ts';
import { failed } from '../outcomes.ts';
import type { Outcome, Render } from '../render.ts';

/** The output file lives at a public URL for 7 days; a member does not wait that long. */
const FETCH_FOR_MS = 2 * 60 * 60_000;
const FETCH_BACKOFF = { baseMs: 2_000, capMs: 60_000 };

/** Stores the finished video durably before anything is announced. */
export async function keepOutput(render: Render, context: Context, signal: AbortSignal): Promise<Step> {
  const { clock, ledger, media, policyOf, random, telemetry, watches } = context;
  if (render.outputUrl === null || render.job === null) throw new Error(`render ${render.id} has no output to keep`);
  const end = async (outcome: Outcome, kept: { videoKey: string; videoBytes: number } | object = {}) => {
    watches.delete(render.id);
    return movedOrLost(await ledger.advance(render.id, 'rendering', 'announcing', { outcome, ...kept }));
  };
  if (render.cancelledAtMs !== null) return end({ kind: 'cancelled', charged: 'yes' });
  const policy = await policyOf(render.guildId);
  const kept = await media.keepVideo(render, render.outputUrl, policy, signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    // A full disk, say. It is tried again as a fetch that failed, so that the render ends in any case.
    telemetry.alarm('storage', error instanceof Error ? error.message : String(error));
    return { ok: false as const, again: true, link: true, detail: 'the video could not be stored' };
  });
  if (kept.ok) {
    // Before anybody can see it, and report or delete it.
    await rememberVideo(render, kept.keptUntilMs, context);
    return end({ kind: 'video' }, { videoKey: kept.videoKey, videoBytes: kept.videoBytes });
  }
  const late = clock.now() >= render.job.submittedAtMs + FETCH_FOR_MS;
  if (!kept.again || late) {
    // The operator's to know; the provider itself said nothing, so the member is shown no detail.
    telemetry.log(render.id, 'video-not-kept', { detail: kept.detail });
    // It is paid, so the member gets at least its link; the announcer makes one where there is no file.
    return end(kept.link ? { kind: 'video' } : failed('provider', 'yes'));
  }
  const watch = watches.get(render.id) ?? { lastPollAtMs: null, askAtMs: null, troubleInRow: 0 };
  watch.troubleInRow += 1;
  watches.set(render.id, watch);
  return { kind: 'sleep', untilMs: clock.now() + backoffMs(watch.troubleInRow, FETCH_BACKOFF, random) };
}
