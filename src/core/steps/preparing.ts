import { backoffMs } from '../backoff.ts';
import { type Context, movedOrLost, type PerformStep, type Step } from '../context.ts';
import { PORTRAIT_BLOCKED } from '../guards/held-back.ts';
import { answerTo } from '../known-videos.ts';
import { CANCELLED_FREE, failed } from '../outcomes.ts';
import type { PreparedInput, RenderChange } from '../ports.ts';
import type { Outcome, Prepared, Render } from '../render.ts';

/** An upload is free, so it is repeated through short trouble of the provider. */
const UPLOAD_ATTEMPTS = 6;
const UPLOAD_BACKOFF = { baseMs: 1_000, capMs: 20_000 };

/** What a render ends with before anything is ordered. */
type Ending = RenderChange & { outcome: Outcome };

/** Downloads, checks and normalises the inputs, answers with a video that is there, or uploads them. Nothing is paid here. */
export const preparing: PerformStep = async (render, context, signal) => {
  if (render.messageId === null) return confirmDeferral(render, context);
  const end = async (ending: Ending) => movedOrLost(await context.ledger.advance(render.id, 'preparing', 'announcing', ending));
  if (render.cancelledAtMs !== null) return end({ outcome: CANCELLED_FREE });
  if (context.clock.now() - render.admittedAtMs > context.options.longestWaitMs) {
    return end({ outcome: failed('expired', 'no') });
  }

  void context.announcer.progress(render, { kind: 'preparing' });
  const leave = await context.preparing.enter(render.guildId, signal);
  try {
    const prepared = await prepareInputs(render, context, signal);
    if ('outcome' in prepared) return await end(prepared);
    const moved = await context.ledger.advance(render.id, 'preparing', 'waiting', { prepared });
    await context.wakeups.kick();
    return movedOrLost(moved);
  } finally {
    leave();
  }
};

/** After a crash between row and deferral: a deferral that never reached Discord has no member waiting for it. */
async function confirmDeferral(render: Render, { announcer, ledger }: Context): Promise<Step> {
  const found = await announcer.findDeferral(render);
  switch (found.kind) {
    case 'stands':
      return movedOrLost(await ledger.update(render.id, 'preparing', { messageId: found.messageId }));
    case 'never':
      return movedOrLost(await ledger.advance(render.id, 'preparing', 'closed', { outcome: CANCELLED_FREE, rung: 'none' }));
    case 'again':
      return { kind: 'sleep', untilMs: found.atMs };
  }
}

async function prepareInputs(render: Render, context: Context, signal: AbortSignal): Promise<Prepared | Ending> {
  const inputs = await context.media.prepare(render, await context.policyOf(render.guildId), signal);
  if (!inputs.ok) return { outcome: failed(inputs.reason, 'no', { problem: inputs.problem }) };
  const { hash, fileKey } = inputs.portrait;
  if (hash !== undefined && (await context.moderation.blocksPortrait(render.guildId, hash))) {
    await context.files.remove(fileKey);
    return { outcome: PORTRAIT_BLOCKED };
  }
  const prepared: Prepared = {
    ...{ portraitKey: fileKey, portraitUrl: null, portraitHash: hash, notes: inputs.notes },
    ...{ voiceKey: inputs.voice.fileKey, voiceUrl: null, voiceSeconds: inputs.voice.seconds },
  };
  const answer = await answerTo(render, inputs.madeOf, context);
  if (answer !== undefined) return { ...answer, prepared };
  const portraitUrl = await urlOf(inputs.portrait, context, signal);
  if (typeof portraitUrl !== 'string') return portraitUrl;
  const voiceUrl = await urlOf(inputs.voice, context, signal);
  if (typeof voiceUrl !== 'string') return voiceUrl;
  return { ...prepared, portraitUrl, voiceUrl, madeOf: inputs.madeOf };
}

/** The URL from which the provider fetches an input: the original's where nothing had to change, else an upload's. */
async function urlOf(input: PreparedInput, context: Context, signal: AbortSignal): Promise<string | { outcome: Outcome }> {
  if (input.url !== null) return input.url;
  const path = await context.files.path(input.fileKey);
  if (path === undefined) return { outcome: failed('expired', 'no') };
  for (let attempt = 1; ; attempt += 1) {
    await context.budget.take('other', { signal });
    const answer = await context.provider.upload({ path, contentType: input.contentType }, signal);
    if (answer.ok) return answer.value;
    if (answer.reason === 'busy' && answer.retryAtMs !== null) context.budget.pause(answer.retryAtMs);
    if (answer.reason === 'credits' || answer.reason === 'key') context.breaker.open(answer.reason, answer.detail);
    if (!answer.again || attempt === UPLOAD_ATTEMPTS) return { outcome: failed(answer.reason, 'no', { detail: answer.detail }) };
    const pauseMs = backoffMs(attempt, UPLOAD_BACKOFF, context.random);
    await context.clock.sleep(Math.max(pauseMs, (answer.retryAtMs ?? 0) - context.clock.now()), signal);
  }
}
