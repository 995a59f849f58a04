import type { Policy } from '../../core/policy.ts';
import type { Texts } from '../texts/texts.ts';
import { type View, viewOf } from './view.ts';

/** Short hints; the numbers are the guild's. */
export function helpView(policy: Pick<Policy, 'longestVoiceSeconds' | 'perMemberDay'>, locale: string, texts: Texts): View {
  const seconds = policy.longestVoiceSeconds;
  return viewOf([
    texts.say(locale, 'help.title'),
    texts.say(locale, 'help.portrait'),
    texts.say(locale, 'help.voice', { seconds }),
    texts.say(locale, 'help.weights'),
    texts.say(locale, 'help.wait', { count: policy.perMemberDay }),
    texts.say(locale, 'help.more'),
  ]);
}
