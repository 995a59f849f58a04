import { DECISION_NAMES, type DecisionName, isFor, type ModerationCase, videoWanted } from '../../core/moderation/case.ts';
import type { MemberRecord, Report } from '../../core/moderation/store.ts';
import { isBlocked, type Reason } from '../../core/reasons.ts';
import { cleanDetail } from '../clean-detail.ts';
import { toCustomId } from '../custom-id.ts';
import type { TextKey, Texts } from '../texts/texts.ts';
import { button, fitting, mention, messageLink, type Row, relativeTime, rowOf, type View, viewOf } from './view.ts';

/** A case with what a moderator wants to know beside it. */
export type CaseFacts = { case: ModerationCase; record: MemberRecord; reports: readonly Report[] };

/** Reports whose words stand on a card. */
export const REPORTS_SHOWN = 5;

const BUTTONS = {
  dismiss: 'button.caseDismiss',
  warn: 'button.caseWarn',
  remove: 'button.caseRemove',
  'suspend-hour': 'button.caseSuspendHour',
  'suspend-day': 'button.caseSuspendDay',
  'suspend-week': 'button.caseSuspendWeek',
  'suspend-open': 'button.caseSuspendOpen',
} as const satisfies Record<DecisionName, TextKey>;

/** The card of a case in the moderation channel: what happened, what is known of the member, what was decided, and what can be. */
export function caseView({ case: held, record, reports }: CaseFacts, locale: string, texts: Texts): View {
  const say = (key: TextKey, facts = {}) => texts.say(locale, key, facts);
  const { guildId, channelId, messageId, kind, reason, detail } = held;
  const place = messageId === null ? `<#${channelId}>` : messageLink(guildId, channelId, messageId);
  const cleaned = detail === null ? undefined : cleanDetail(detail);
  const before = [
    kind === 'blocked' ? say('case.titleBlocked') : say('case.titleReport', { count: held.reports }),
    say('case.who', { member: mention(held.memberId), id: held.memberId, place, when: relativeTime(held.openedAtMs) }),
    reason === null ? undefined : say(`reason.${reason}.what`),
    cleaned && say('failure.detail', { detail: cleaned }),
    held.state === 'open' && reason !== null ? adviceText(reason, locale, texts) : undefined,
  ];
  const after = [
    recordText(record, locale, texts),
    kind === 'report' ? say(`case.video.${videoStateOf(held)}`) : undefined,
    held.pictureId === null ? undefined : say('case.pictureBlocked', { id: held.pictureId }),
    decisionText(held, locale, texts),
  ];
  const words = reports.map(({ memberId, why }) =>
    say('case.report', { member: mention(memberId), why: cleanDetail(why) ?? '…' }),
  );
  // However much reporters say, what was decided stays on the card.
  return viewOf([...before, ...fitting(words, [...before, ...after]), ...after], rowsOf(held, locale, texts));
}

/** What helps a moderator to judge a block; undefined for what no filter declined. */
export function adviceText(reason: Reason, locale: string, texts: Texts): string | undefined {
  return isBlocked(reason) ? texts.say(locale, `case.advice.${reason}`) : undefined;
}

export function recordText({ blocked, reported, warnings, suspension }: MemberRecord, locale: string, texts: Texts): string {
  const counts = texts.say(locale, 'case.record', { blocked, reported, warnings });
  if (suspension === undefined) return counts;
  const until = suspension.untilMs === null ? texts.say(locale, 'case.untilLifted') : relativeTime(suspension.untilMs);
  return `${counts} ${texts.say(locale, 'case.suspendedNow', { until })}`;
}

/** Who decided what; undefined while the case is open. */
export function decisionText({ state, decision }: ModerationCase, locale: string, texts: Texts): string | undefined {
  if (state === 'open' || decision === null) return undefined;
  const { by, atMs, untilMs } = decision;
  const until = untilMs === null ? texts.say(locale, 'case.untilLifted') : relativeTime(untilMs);
  return texts.say(locale, `case.decided.${state}`, { moderator: mention(by), when: relativeTime(atMs), until });
}

function videoStateOf(held: ModerationCase) {
  const wanted = videoWanted(held);
  return held.video === wanted || held.video === 'gone' ? held.video : 'pending';
}

function rowsOf(held: ModerationCase, locale: string, texts: Texts): Row[] {
  const picture =
    held.portraitHash === null
      ? []
      : held.pictureId === null
        ? [button(toCustomId('case-picture', held.id, 'block'), texts.say(locale, 'button.caseBlockPicture'), 'danger')]
        : [button(toCustomId('case-picture', held.id, 'unblock'), texts.say(locale, 'button.caseUnblockPicture'))];
  if (held.state !== 'open') {
    const undo = button(toCustomId('case-undo', held.id, String(held.revision)), texts.say(locale, 'button.caseUndo'));
    return rowOf(undo, ...picture);
  }
  const buttons = (suspends: boolean) =>
    DECISION_NAMES.filter(name => name.startsWith('suspend') === suspends && isFor(name, held.kind)).map(name =>
      button(toCustomId('case', held.id, name), texts.say(locale, BUTTONS[name])),
    );
  return [...rowOf(...buttons(false), ...picture), ...rowOf(...buttons(true))];
}
