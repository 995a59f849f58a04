import type { Policy } from '../../core/policy.ts';
import { isBlocked, type Reason } from '../../core/reasons.ts';
import type { Outcome, Render } from '../../core/render.ts';
import { cleanDetail } from '../clean-detail.ts';
import { toCustomId } from '../custom-id.ts';
import { LONGEST_DESCRIPTION } from '../platform.ts';
import type { Texts } from '../texts/texts.ts';
import { durationText } from './duration.ts';
import { problemText } from './problem.ts';
import { type Audience, button, dateTime, mention, messageLink, relativeTime, rowOf, type View, viewOf } from './view.ts';

export type Failed = Outcome & { kind: 'failed' };

/** The output file lives so long at the provider, counted from the submit, which is before it was made. */
const LINK_LIVES_MS = 7 * 24 * 3_600_000;

/** How the video is given: attached, as a link, or not at all any more. */
export type VideoMeans = 'file' | 'link' | 'lost';

/** The caption of a finished video: who, that it is AI-generated, weights and time taken, and what there is to say of the portrait. */
export function videoView(render: Render, means: VideoMeans, texts: Texts): View {
  const { locale, weights } = render;
  const ready = render.private
    ? texts.say(locale, 'video.readyPrivate')
    : texts.say(locale, 'video.ready', { member: mention(render.memberId) });
  const facts = texts.say(locale, 'video.facts', {
    pose: weights.poseWeight,
    face: weights.faceWeight,
    lip: weights.lipWeight,
    expand: weights.faceExpandRatio,
    took: timeTaken(render, texts),
  });
  const answered = answeredLine(render, texts);
  const small = [facts, ...noteTexts(render, texts)].map(text => `-# ${text}`);
  if (means === 'file') return viewOf([ready, answered, ...small], endButtons(render, texts, true));
  const link = means === 'link' ? linkLine(render, texts) : undefined;
  return viewOf(
    [link === undefined ? undefined : ready, link ?? texts.say(locale, 'video.lost'), answered, ...small],
    endButtons(render, texts, true),
  );
}

/** That the video was there already, where, and how a new one is made. */
function answeredLine({ answeredFrom, guildId, locale }: Render, texts: Texts): string | undefined {
  if (answeredFrom === undefined) return undefined;
  const { channelId, messageId, submittedAtMs } = answeredFrom;
  const url = messageId === null ? undefined : messageLink(guildId, channelId, messageId);
  const when = relativeTime(submittedAtMs);
  return texts.say(locale, 'video.answered', {
    made: url === undefined ? when : `[${when}](${url})`,
    again: texts.say(locale, 'button.again'),
  });
}

/** What was found in the portrait, or done about it. */
function noteTexts({ prepared, locale }: Render, texts: Texts): string[] {
  return (prepared?.notes ?? []).flatMap(note => problemText(note, locale, texts) ?? []);
}

/** Where the video is at the provider, and until when; undefined where that is not known. */
export function linkLine(render: Render, texts: Texts): string | undefined {
  const link = linkFacts(render);
  return link && texts.say(render.locale, render.spoiler ? 'video.linkSpoiler' : 'video.link', link);
}

export function linkFacts(render: Render): { url: string; until: string } | undefined {
  if (render.outputUrl === null) return undefined;
  const { submittedAtMs } = render.answeredFrom ?? render.job ?? { submittedAtMs: render.admittedAtMs };
  return { url: render.outputUrl, until: dateTime(submittedAtMs + LINK_LIVES_MS) };
}

/** Alt text of the attachment. */
export function videoAlt(render: Render, texts: Texts): string {
  return texts.say(render.locale, 'video.alt', { took: timeTaken(render, texts) }).slice(0, LONGEST_DESCRIPTION);
}

export function failureView(render: Render, outcome: Failed, { audience, rules }: Reader, texts: Texts): View {
  const { line, detail, next, charged } = failureTexts(outcome, render.locale, { audience, rules }, texts);
  // What is kept from this message, somebody else may be shown.
  const more = !render.private && detail === undefined && detailText(outcome, 'moderators', rules) !== undefined;
  const again = [next, charged].filter(text => text !== undefined).join(' ');
  const buttons = outcome.problem === null && canBeTriedAgain(outcome.reason);
  return viewOf([line, detail, again], endButtons(render, texts, buttons, more));
}

/** The parts of a failure's message: what happened, the provider's words, what to do next, what it cost. */
export function failureTexts(outcome: Failed, locale: string, { audience, rules }: Reader, texts: Texts) {
  const problem = audience !== 'public' && outcome.problem !== null ? problemText(outcome.problem, locale, texts) : undefined;
  // That somebody is suspended concerns nobody else.
  const reason = audience === 'public' && outcome.reason === 'suspended' ? 'policy' : outcome.reason;
  const what = problem ?? texts.say(locale, `reason.${reason}.what`);
  const detail = detailText(outcome, audience, rules);
  return {
    line: texts.say(locale, 'failure.line', { what }),
    detail: detail === undefined ? undefined : texts.say(locale, 'failure.detail', { detail }),
    // A problem's sentence already says what would be right.
    next: problem === undefined ? texts.say(locale, `reason.${reason}.next`) : undefined,
    charged: texts.say(locale, `failure.charged.${outcome.charged}`),
  };
}

export function cancelledView(render: Render, outcome: Outcome & { kind: 'cancelled' }, texts: Texts): View {
  return viewOf([texts.say(render.locale, `cancelled.${outcome.charged}`)], endButtons(render, texts, true));
}

/** Who reads, and the guild's rules about details. */
export type Reader = { audience: Audience; rules: DetailRules };
export type DetailRules = Pick<Policy, 'detailsTo' | 'blockedDetailsTo'>;

/** What holds where no guild has set anything. */
export const USUAL_RULES: DetailRules = { detailsTo: 'everyone', blockedDetailsTo: 'requester' };

/** The provider's own words, cleaned; undefined where there are none, or not for these eyes. */
export function detailText({ reason, detail }: Failed, audience: Audience, rules: DetailRules): string | undefined {
  // Details about the key concern the operator alone; a broken connection's are of no use to anybody else.
  if (detail === null || reason === 'key' || reason === 'submit-unknown') return undefined;
  const allowed = isBlocked(reason) ? rules.blockedDetailsTo : rules.detailsTo;
  const mayRead = audience === 'moderators' || allowed === 'everyone' || (allowed === 'requester' && audience === 'private');
  return mayRead ? cleanDetail(detail) : undefined;
}

/** With the same inputs, that is: where another result may be had. */
export function canBeTriedAgain(reason: Reason): boolean {
  switch (reason) {
    case 'busy':
    case 'provider':
    case 'timeout':
    case 'expired':
    case 'submit-unknown':
    case 'permission':
    case 'credits':
    case 'key':
    case 'limit':
      return true;
    default:
      return false;
  }
}

function timeTaken(render: Render, texts: Texts): string {
  const tookMs = render.answeredFrom?.tookMs ?? render.phaseAtMs - render.admittedAtMs;
  return durationText(tookMs, render.locale, texts);
}

/** Nobody but its member sees a private message, and that one can dismiss it. */
function endButtons(render: Render, texts: Texts, again: boolean, details = false) {
  const say = (key: 'button.again' | 'button.againWith' | 'button.delete' | 'button.details' | 'button.report') =>
    texts.say(render.locale, key);
  const isVideo = render.outcome?.kind === 'video';
  return rowOf(
    ...(again ? [button(toCustomId('again', render.id), say('button.again'))] : []),
    ...(again && isVideo ? [button(toCustomId('again-with', render.id), say('button.againWith'))] : []),
    ...(details ? [button(toCustomId('details', render.id), say('button.details'))] : []),
    ...(render.private ? [] : [button(toCustomId('delete', render.id), say('button.delete'))]),
    ...(render.private || !isVideo ? [] : [button(toCustomId('report', render.id), say('button.report'))]),
  );
}
