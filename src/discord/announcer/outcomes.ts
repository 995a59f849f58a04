import type { Clock } from '../../core/clock.ts';
import type { Delivered } from '../../core/ports.ts';
import type { Reason } from '../../core/reasons.ts';
import type { Outcome, Render, Rung } from '../../core/render.ts';
import type { Answer } from '../rest.ts';
import type { Texts } from '../texts/texts.ts';
import { cancelledView, type DetailRules, type Failed, failureView } from '../views/outcome.ts';
import { type Audience, messageLink, type View } from '../views/view.ts';
import {
  afterRefusal,
  type LadderFacts,
  openRungs,
  retryDelayMs,
  type SendingRung,
  type Step,
  uploadLimitBytes,
} from './ladder.ts';
import { type Place, type Posts, placeOf } from './posts.ts';
import { sendVideo } from './send-video.ts';
import type { VideoFiles, VideoUpload } from './video-files.ts';

export type OutcomesDeps = {
  posts: Posts;
  clock: Clock;
  texts: Texts;
  videoFiles: VideoFiles;
  factsOf(render: Render): LadderFacts;
  /** who may be shown details in this guild */
  policyOf(guildId: string): Promise<DetailRules>;
  log(renderId: string, event: string, facts?: Record<string, string | number | boolean | null>): void;
};

/** Reasons that lie in what the member gave or may do: found before a submit, they are told to the member alone. */
const MEMBERS_OWN: ReadonlySet<Reason> = new Set(['image', 'face', 'audio', 'input', 'limit', 'policy', 'permission']);

/** Is it about the inputs, found before anything was ordered? */
export function isMembersOwn(render: Pick<Render, 'job'>, outcome: Outcome): outcome is Failed {
  if (outcome.kind !== 'failed') return false;
  return outcome.problem !== null || (render.job === null && outcome.charged === 'no' && MEMBERS_OWN.has(outcome.reason));
}

/** Brings an outcome to the member, rung by rung. */
export function createOutcomes({ posts, clock, texts, videoFiles, factsOf, policyOf, log }: OutcomesDeps) {
  const again = (render: Render, retryAfterMs: number | null): Delivered => ({
    kind: 'again',
    atMs: clock.now() + retryDelayMs(render.deliveryAttempts, retryAfterMs),
  });
  const delivered = (rung: Rung, place: Place = { channelId: null, messageId: null }): Delivered => ({
    kind: 'delivered',
    rung,
    ...place,
  });

  async function deliver(render: Render): Promise<Delivered> {
    const { outcome } = render;
    if (outcome === null) throw new Error('a render without an outcome has nothing to deliver');
    const rungs = openRungs(factsOf(render));
    if (!render.private && isMembersOwn(render, outcome) && rungs[0] === 'interaction') {
      return tellMemberAlone(render, outcome);
    }
    return descend(render, outcome, rungs[0] ?? 'kept');
  }

  async function descend(render: Render, outcome: Outcome, from: Step): Promise<Delivered> {
    let rung = from;
    // A rung is never tried twice: each refusal leads further down.
    while (rung !== 'kept') {
      const answer = await sendOn(render, outcome, rung);
      log(render.id, 'delivery', { rung, answer: answer.kind });
      if (answer.kind === 'ok') return delivered(rung, placeOn(render, rung, answer.body));
      const next = afterRefusal(factsOf(render), rung, answer);
      if (next.kind === 'none') return delivered('none');
      if (next.kind === 'again') return again(render, next.retryAfterMs);
      rung = next.rung;
    }
    return delivered('kept');
  }

  /** The deferral was public, and a follow-up inherits its visibility as long as it stands: it is deleted first. */
  async function tellMemberAlone(render: Render, outcome: Failed): Promise<Delivered> {
    const deleted = await posts.deleteOriginal(render);
    if (deleted.kind === 'unreachable') return again(render, deleted.retryAfterMs);
    // Gone: deleted by an earlier try, or by somebody else. The private words still reach the member.
    if (deleted.kind !== 'ok' && deleted.kind !== 'gone') return descend(render, outcome, belowInteraction(render));
    const rules = await policyOf(render.guildId);
    const view = failureView(forMember(render), outcome, { audience: 'private', rules }, texts);
    const answer = await posts.followUpPrivately(render, { view: withoutButtons(view) });
    log(render.id, 'delivery', { rung: 'private-follow-up', answer: answer.kind });
    if (answer.kind === 'ok') return delivered('interaction', placeOf(answer.body));
    if (answer.kind === 'unreachable') return again(render, answer.retryAfterMs);
    // The public message is gone by our own hand: what is left is the member's own mailbox.
    return descend(render, outcome, 'direct');
  }

  function belowInteraction(render: Render): Step {
    return openRungs({ ...factsOf(render), tokenAgeMs: Number.POSITIVE_INFINITY })[0] ?? 'kept';
  }

  async function sendOn(asked: Render, outcome: Outcome, rung: SendingRung): Promise<Answer> {
    const render = rung === 'direct' ? forMember(asked) : asked;
    const post = (view: View, video?: VideoUpload) =>
      posts.send(render, rung, { view: pointingBack(render, rung, view), ...(video === undefined ? {} : { video }) });
    const audience: Audience = render.private || rung === 'direct' ? 'private' : 'public';
    switch (outcome.kind) {
      case 'video':
        return sendVideo(render, uploadLimitBytes(rung, render.attachmentSizeLimitBytes), { videoFiles, texts }, post);
      case 'failed':
        return post(failureView(render, outcome, { audience, rules: await policyOf(render.guildId) }, texts));
      case 'cancelled':
        return post(cancelledView(render, outcome, texts));
    }
  }

  /** Away from its own message, a text says what it is about; buttons work where the guild is known. */
  function pointingBack(render: Render, rung: SendingRung, view: View): View {
    if (rung === 'interaction' || rung === 'message') return view;
    if (rung === 'direct') {
      const about = texts.say(render.locale, 'elsewhere.direct', { channel: `<#${render.channelId}>` });
      return { content: `${about}\n${view.content}`, components: [] };
    }
    if (render.messageId === null) return view;
    const link = messageLink(render.guildId, render.channelId, render.messageId);
    return { ...view, content: `${texts.say(render.locale, 'elsewhere.channel', { link })}\n${view.content}` };
  }

  return { deliver };
}

function placeOn(render: Render, rung: SendingRung, body: unknown): Place {
  const place = placeOf(body);
  if (rung !== 'interaction' && rung !== 'message') return place;
  return { channelId: place.channelId ?? render.channelId, messageId: place.messageId ?? render.messageId };
}

/** What the member alone reads is in the member's own language, whichever the guild has set for all. */
function forMember(render: Render): Render {
  return { ...render, locale: render.memberLocale ?? render.locale };
}

function withoutButtons(view: View): View {
  return { ...view, components: [] };
}
