import type { Reason } from '../core/reasons.ts';
import { LANGUAGES } from './language-rules.ts';

const REFUSABLE = ['minor', 'sexual', 'violence', 'hate', 'person'] as const;
const LANGUAGE_LIST = Object.values(LANGUAGES);

/** As blockedReason, for the texts of other languages. */
export function blockedElsewhere(text: string): Reason | undefined {
  const language = LANGUAGE_LIST.find(
    ({ filter, refused, topics }) =>
      filter.test(text) || (refused.test(text) && REFUSABLE.some(topic => topics[topic].test(text))),
  );
  if (language === undefined) return undefined;
  const { topics } = language;
  const topic = ([...REFUSABLE, 'audio'] as const).find(name => topics[name].test(text));
  return topic === undefined ? 'blocked-other' : `blocked-${topic}`;
}
