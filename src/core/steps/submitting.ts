import { backoffMs } from '../backoff.ts';
import { type Context, isStillOurs, movedOrLost, type PerformStep, type Step } from '../context.ts';
import { heldBack } from '../guards/held-back.ts';
import { failed } from '../outcomes.ts';
import type { SubmitAnswer } from '../ports.ts';
import { isBlocked, type Reason } from '../reasons.ts';
import type { Outcome, Render } from '../render.ts';

/** A submit that certainly was not taken is sent again after this; the provider's own time goes before. */
const REPEAT_BACKOFF = { baseMs: 2_000, capMs: 60_000 };

/** How long a submit without a readable answer keeps its place: by then the provider is done with it, if it ever took it. */
const UNKNOWN_KEEPS_PLACE = { sigmas: 2, maxMs: 60 * 60_000 };

/** Woken while its submit is in flight: whoever claimed it carries it on. */
export const submitting: PerformStep = async () => ({ kind: 'lost' });

/** The process that was submitting it died: it may have been taken, so it is never sent again. */
export function submitAbandoned(render: Render, context: Context): Promise<Step> {
  return endUnknown(render, context, 'The bot was interrupted while it handed the render over.');
}

/** A render that was just claimed: what moderators decided while it waited is heeded, then it is ordered; `unsent` is called where it is not. */
export async function submitClaimed(render: Render, context: Context, unsent: () => void): Promise<Step> {
  const { ledger, telemetry } = context;
  let outcome: Outcome | undefined;
  try {
    outcome = await heldBack(render, context);
  } catch (error) {
    // Nothing was sent yet, and must not be before it is known.
    telemetry.alarm('storage', error instanceof Error ? error.message : String(error));
    unsent();
    return sendLater(render, null, context);
  }
  if (outcome === undefined) return submit(render, context);
  telemetry.log(render.id, 'held-back', {});
  unsent();
  return movedOrLost(await ledger.advance(render.id, 'submitting', 'announcing', { outcome }));
}

/** It certainly was not taken: back in line for another time. */
async function sendLater(render: Render, retryAtMs: number | null, { clock, ledger, random }: Context): Promise<Step> {
  const submitAttempts = render.submitAttempts + 1;
  const againAtMs = clock.now() + backoffMs(submitAttempts, REPEAT_BACKOFF, random);
  const notBeforeMs = Math.ceil(Math.max(againAtMs, retryAtMs ?? 0));
  return movedOrLost(await ledger.advance(render.id, 'submitting', 'waiting', { notBeforeMs, submitAttempts }));
}

/** Sends the one submit. Not abortable: its answer decides what is paid. */
async function submit(render: Render, context: Context): Promise<Step> {
  const { breaker, budget, clock, ledger, telemetry } = context;
  if (render.prepared === null) throw new Error(`render ${render.id} was claimed unprepared`);
  const { portraitUrl, voiceUrl } = render.prepared;
  if (portraitUrl === null || voiceUrl === null) throw new Error(`render ${render.id} was claimed without its files' addresses`);
  if (!(await isStillOurs(render, context))) return { kind: 'lost' };
  const answer = await context.provider.submit({ portraitUrl, voiceUrl, weights: render.weights }, new AbortController().signal);
  telemetry.log(render.id, 'submit', { answer: answer.kind });
  switch (answer.kind) {
    case 'accepted': {
      breaker.taken();
      const { requestId, statusUrl, responseUrl } = answer;
      const job = { requestId, statusUrl, responseUrl, submittedAtMs: clock.now() };
      return movedOrLost(await ledger.advance(render.id, 'submitting', 'rendering', { job, submitAttempts: 0 }));
    }
    case 'not-taken':
      if (answer.retryAtMs !== null) budget.pause(answer.retryAtMs);
      return sendLater(render, answer.retryAtMs, context);
    case 'refused': {
      if (answer.reason === 'credits' || answer.reason === 'key') breaker.open(answer.reason, answer.detail);
      const outcome = failed(refusedReason(answer, context), 'no', { detail: answer.detail });
      return movedOrLost(await ledger.advance(render.id, 'submitting', 'announcing', { outcome }));
    }
    case 'unknown':
      return endUnknown(render, context, answer.detail);
  }
}

/** A safety filter may speak at once, and an input may be named: then the text tells more than the answer's code. */
function refusedReason({ reason, detail }: SubmitAnswer & { kind: 'refused' }, { classify }: Context): Reason {
  if (reason === 'credits' || reason === 'key') return reason;
  const told = classify(detail);
  return isBlocked(told) || told === 'face' || told === 'image' || told === 'audio' ? told : reason;
}

async function endUnknown(render: Render, context: Context, detail: string): Promise<Step> {
  const placeUntilMs = context.clock.now() + unknownMs(context, render);
  const outcome = failed('submit-unknown', 'maybe', { detail });
  return movedOrLost(await context.ledger.advance(render.id, 'submitting', 'announcing', { outcome, placeUntilMs }));
}

function unknownMs({ expectations }: Context, render: Render): number {
  const { medianMs, sigma } = expectations.of(render.prepared?.voiceSeconds ?? 1);
  return Math.ceil(Math.min(UNKNOWN_KEEPS_PLACE.maxMs, medianMs * Math.exp(UNKNOWN_KEEPS_PLACE.sigmas * sigma)));
}
