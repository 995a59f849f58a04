import type { ModerationCase } from '../../core/moderation/case.ts';
import {
  type AuditEntry,
  type BlockedPicture,
  BY_BOT,
  type HeldSuspension,
  type MemberRecord,
} from '../../core/moderation/store.ts';
import { cleanDetail } from '../clean-detail.ts';
import { toCustomId } from '../custom-id.ts';
import type { Texts } from '../texts/texts.ts';
import { recordText } from './case.ts';
import { button, fitting, mention, relativeTime, rowOf, type View, viewOf } from './view.ts';

/** Lines of a list, and entries of the log at once: they fit into one message. */
export const MOST_ENTRIES = 10;
/** Buttons in one row. */
const MOST_OPENED = 5;

export function recordView(memberId: string, record: MemberRecord, locale: string, texts: Texts): View {
  const title = texts.say(locale, 'moderation.recordTitle', { member: mention(memberId) });
  const above = [title, recordText(record, locale, texts)];
  const recent = record.recent.map(entry => entryText(entry, locale, texts));
  return viewOf([...above, ...fitting(recent, above)]);
}

export function listView(
  { suspended, cases }: { suspended: readonly HeldSuspension[]; cases: readonly ModerationCase[] },
  locale: string,
  texts: Texts,
): View {
  const say = texts.say;
  const openCases = cases.slice(0, MOST_OPENED);
  const suspensions = suspended.map(({ memberId, untilMs, by, why }) => {
    const until = untilMs === null ? say(locale, 'case.untilLifted') : relativeTime(untilMs);
    const reason = why === null ? undefined : cleanDetail(why);
    return say(locale, 'moderation.suspendedLine', {
      member: mention(memberId),
      until,
      moderator: mention(by),
      why: reason ?? '–',
    });
  });
  const lines = openCases.map((held, index) =>
    say(locale, `moderation.caseLine.${held.kind}`, {
      number: index + 1,
      member: mention(held.memberId),
      when: relativeTime(held.openedAtMs),
    }),
  );
  const buttons = openCases.map((held, index) =>
    button(toCustomId('case-open', held.id), say(locale, 'button.caseOpen', { number: index + 1 })),
  );
  const title = say(locale, 'moderation.suspendedTitle');
  const below = [say(locale, 'moderation.casesTitle'), ...(lines.length > 0 ? lines : [say(locale, 'moderation.noCases')])];
  const above = suspensions.length > 0 ? fitting(suspensions, [title, ...below]) : [say(locale, 'moderation.nobody')];
  return viewOf([title, ...above, ...below], rowOf(...buttons));
}

export function logView(entries: readonly AuditEntry[], locale: string, texts: Texts): View {
  if (entries.length === 0) return viewOf([texts.say(locale, 'moderation.logEmpty')]);
  const title = texts.say(locale, 'moderation.logTitle');
  const moreBefore = (seq = 1) => texts.say(locale, 'moderation.logMore', { before: seq });
  const lines = entries.map(entry => entryText(entry, locale, texts));
  // The newest entry has the longest number.
  const shown = fitting(lines, [title, moreBefore(entries[0]?.seq)]);
  const isAll = shown.length === entries.length && entries.length < MOST_ENTRIES;
  return viewOf([title, ...shown, isAll ? undefined : moreBefore(entries[shown.length - 1]?.seq)]);
}

export function picturesView(pictures: readonly BlockedPicture[], locale: string, texts: Texts): View {
  if (pictures.length === 0) return viewOf([texts.say(locale, 'moderation.noPictures')]);
  const lines = pictures.slice(0, 2 * MOST_ENTRIES).map(({ id, by, atMs, note }) =>
    texts.say(locale, 'moderation.pictureLine', {
      ...{ id, moderator: mention(by), when: relativeTime(atMs), note: (note && cleanDetail(note)) ?? '–' },
    }),
  );
  const title = texts.say(locale, 'moderation.picturesTitle');
  return viewOf([title, ...fitting(lines, [title])]);
}

function entryText({ seq, by, atMs, action, memberId, untilMs, why }: AuditEntry, locale: string, texts: Texts): string {
  const until = untilMs === null ? texts.say(locale, 'case.untilLifted') : relativeTime(untilMs);
  const member = memberId === null ? '' : mention(memberId);
  const what = texts.say(locale, `moderation.action.${action}`, { member, until }).trim();
  const who = by === BY_BOT ? texts.say(locale, 'moderation.theBot') : mention(by);
  // What was set is made of checked values; all else is in somebody's own words.
  const words = why === null ? undefined : action === 'settings-changed' ? why : cleanDetail(why);
  const line = texts.say(locale, 'moderation.entry', { seq, when: relativeTime(atMs), who, what });
  return words === undefined ? line : `${line} (${words})`;
}
