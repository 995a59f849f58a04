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
import { button, mention, relativeTime, rowOf, type View, viewOf } from './view.ts';

/** Lines of a list, and entries of the log at once: they fit into one message. */
export const MOST_ENTRIES = 10;
/** Buttons in one row. */
const MOST_OPENED = 5;

export function recordView(memberId: string, record: MemberRecord, locale: string, texts: Texts): View {
  const title = texts.say(locale, 'moderation.recordTitle', { member: mention(memberId) });
  return viewOf([title, recordText(record, locale, texts), ...record.recent.map(entry => entryText(entry, locale, texts))]);
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
  return viewOf(
    [
      say(locale, 'moderation.suspendedTitle'),
      ...(suspensions.length > 0 ? suspensions : [say(locale, 'moderation.nobody')]),
      say(locale, 'moderation.casesTitle'),
      ...(lines.length > 0 ? lines : [say(locale, 'moderation.noCases')]),
    ],
    rowOf(...buttons),
  );
}

export function logView(entries: readonly AuditEntry[], locale: string, texts: Texts): View {
  if (entries.length === 0) return viewOf([texts.say(locale, 'moderation.logEmpty')]);
  const lines = entries.map(entry => entryText(entry, locale, texts));
  const more = texts.say(locale, 'moderation.logMore', { before: entries.at(-1)?.seq ?? 1 });
  return viewOf([texts.say(locale, 'moderation.logTitle'), ...lines, entries.length < MOST_ENTRIES ? undefined : more]);
}

export function picturesView(pictures: readonly BlockedPicture[], locale: string, texts: Texts): View {
  if (pictures.length === 0) return viewOf([texts.say(locale, 'moderation.noPictures')]);
  const lines = pictures.slice(0, 2 * MOST_ENTRIES).map(({ id, by, atMs, note }) =>
    texts.say(locale, 'moderation.pictureLine', {
      ...{ id, moderator: mention(by), when: relativeTime(atMs), note: (note && cleanDetail(note)) ?? '–' },
    }),
  );
  return viewOf([texts.say(locale, 'moderation.picturesTitle'), ...lines]);
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
