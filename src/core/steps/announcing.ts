import { type Context, isStillOurs, movedOrLost, type PerformStep } from '../context.ts';
import { keepsOnlyHash } from '../moderation/case.ts';
import type { Render } from '../render.ts';

/** Brings the outcome to the member and closes the render. To repeat it after a crash is harmless: an edit, or a message with a nonce. */
export const announcing: PerformStep = async (render, context) => {
  const { announcer, clock, files, ledger, moderation, telemetry, wakeups } = context;
  if (!(await isStillOurs(render, context))) return { kind: 'lost' };
  // The provider is done with it, so its place is the next one's, however long Discord takes.
  await wakeups.kick();
  const { outcome, prepared } = render;
  // Nothing but its hash is kept of such a portrait, from the first moment on.
  if (outcome?.kind === 'failed' && keepsOnlyHash(outcome.reason) && prepared) await files.remove(prepared.portraitKey);
  const delivered = await announcer.outcome(render);
  if (delivered.kind === 'again') {
    await ledger.update(render.id, 'announcing', { deliveryAttempts: render.deliveryAttempts + 1 });
    return { kind: 'sleep', untilMs: delivered.atMs };
  }
  const { rung, channelId, messageId } = delivered;
  const final = { rung, finalChannelId: channelId, finalMessageId: messageId };
  await moderation.ended({ ...render, ...final });
  const isPinging = await wantsPing({ ...render, ...final }, context);
  // Recorded before it is sent, so it is sent at most once.
  const pingedAtMs = isPinging ? clock.now() : render.pingedAtMs;
  const closed = await ledger.advance(render.id, 'announcing', 'closed', { ...final, pingedAtMs });
  if (closed) telemetry.outcome(closed);
  if (closed && isPinging) await announcer.ping(closed);
  return movedOrLost(closed);
};

/** An edit never pings, and a render takes minutes. */
async function wantsPing(render: Render, { policyOf }: Context): Promise<boolean> {
  const wanted = render.job !== null && render.outcome?.kind !== 'cancelled' && !render.private;
  const visible = render.rung === 'interaction' || render.rung === 'message' || render.rung === 'channel';
  return wanted && visible && render.pingedAtMs === null && (await policyOf(render.guildId)).ping;
}
