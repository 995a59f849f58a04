import type { Policy } from '../../core/policy.ts';
import type { Texts } from '../texts/texts.ts';
import { aboutText } from './duration.ts';
import { type View, viewOf } from './view.ts';

/** Short hints; the numbers are the guild's, and how long it takes the service's. */
export function helpView(
  policy: Pick<Policy, 'longestVoiceSeconds' | 'perMemberDay'>,
  usualMs: number,
  locale: string,
  texts: Texts,
): View {
  const seconds = policy.longestVoiceSeconds;
  const took = aboutText(usualMs, locale, texts);
  return viewOf([
    texts.say(locale, 'help.title'),
    texts.say(locale, 'help.portrait'),
    texts.say(locale, 'help.voice', { seconds }),
    texts.say(locale, 'help.weights'),
    texts.say(locale, 'help.wait', { count: policy.perMemberDay, took }),
    texts.say(locale, 'help.more'),
  ]);
}
