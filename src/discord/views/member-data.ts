import type { KeptOfMember } from '../../core/member-data.ts';
import { toCustomId } from '../custom-id.ts';
import type { Texts } from '../texts/texts.ts';
import { button, dateTime, rowOf, type View, viewOf } from './view.ts';

/** Everything that is kept about the member, for the member alone. */
export function memberDataView(kept: KeptOfMember, locale: string, texts: Texts): View {
  const { consent, closed, open, files, held, record, oldestMs } = kept;
  const suspension = record?.suspension;
  const lines = [
    texts.say(locale, 'data.title'),
    consent === undefined
      ? texts.say(locale, 'data.noConsent')
      : texts.say(locale, 'data.consent', { version: consent.version, when: dateTime(consent.atMs) }),
    oldestMs === undefined
      ? texts.say(locale, 'data.noRenders')
      : texts.say(locale, 'data.renders', { closed, open, oldest: dateTime(oldestMs) }),
    texts.say(locale, 'data.files', { files }),
    record &&
      texts.say(locale, 'data.moderation', { blocked: record.blocked, reported: record.reported, warnings: record.warnings }),
    held === 0 ? undefined : texts.say(locale, 'data.held', { held }),
    suspension &&
      (suspension.untilMs === null
        ? texts.say(locale, 'data.suspended')
        : texts.say(locale, 'data.suspendedUntil', { until: dateTime(suspension.untilMs) })),
    texts.say(locale, 'data.here'),
  ];
  return viewOf(lines, rowOf(button(toCustomId('data-delete'), texts.say(locale, 'button.deleteData'), 'danger')));
}

/** What goes and what stays, before it is done. */
export function confirmDeletionView(locale: string, texts: Texts): View {
  const sure = button(toCustomId('data-delete-sure'), texts.say(locale, 'button.deleteDataSure'), 'danger');
  return viewOf([texts.say(locale, 'data.confirm'), texts.say(locale, 'data.stays')], rowOf(sure));
}
