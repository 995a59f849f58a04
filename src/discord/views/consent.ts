import type { Policy } from '../../core/policy.ts';
import { toCustomId } from '../custom-id.ts';
import type { Texts } from '../texts/texts.ts';
import { checkboxes, labelled, type Modal, modalOf, paragraph } from './modal.ts';
import { button, relativeTime, rowOf, type View } from './view.ts';

/** What has to be confirmed, each by a tick. */
export const CONFIRMATIONS = ['rights', 'agreed', 'honest'] as const;
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** The field that holds the ticks. */
export const CONFIRMED = 'confirmed';

type Kept = Pick<Policy, 'keepInputsHours' | 'keepVideosDays'>;

/** Nothing has to be ticked for the form to be sent: what is missing is said by us, in the member's language. */
export function consentForm(draftId: string, kept: Kept, locale: string, texts: Texts): Modal {
  const options = CONFIRMATIONS.map(value => ({ value, label: texts.say(locale, `choice.consent.${value}`) }));
  const { keepInputsHours: hours, keepVideosDays: days } = kept;
  return modalOf(
    toCustomId('consent', draftId),
    texts.say(locale, 'form.consent.title'),
    paragraph(texts.say(locale, 'form.consent.about', { hours, days })),
    labelled(texts.say(locale, 'form.consent.label'), texts.say(locale, 'form.consent.hint'), checkboxes(CONFIRMED, options)),
  );
}

/** What is still to be confirmed, with the way back to the form. */
export function notConfirmedView(
  draft: { id: string; untilMs: number },
  missing: readonly Confirmation[],
  locale: string,
  texts: Texts,
): View {
  const lines = missing.map(each => `- ${texts.say(locale, `choice.consent.${each}`)}`);
  const until = texts.say(locale, 'consent.keptUntil', { until: relativeTime(draft.untilMs) });
  return {
    content: [texts.say(locale, 'consent.missing'), ...lines, until].join('\n'),
    components: rowOf(button(toCustomId('consent', draft.id), texts.say(locale, 'button.consent'), 'main')),
  };
}
