import type { Refusal } from '../../core/limits.ts';
import type { AdmitRefusal } from '../../core/service.ts';
import type { Texts } from '../texts/texts.ts';
import { problemText } from './problem.ts';
import { standingRefusalText } from './standing-refusal.ts';
import { relativeTime } from './view.ts';

/** Why a render was not admitted, with what would be right, for limits when, and that nothing was charged. */
export function refusalText(refusal: AdmitRefusal, locale: string, texts: Texts): string {
  const sentence = sentenceOf(refusal, locale, texts);
  // That one says so itself.
  return refusal.kind === 'paused' ? sentence : `${sentence}\n${texts.say(locale, 'failure.charged.no')}`;
}

function sentenceOf(refusal: AdmitRefusal, locale: string, texts: Texts): string {
  switch (refusal.kind) {
    case 'limit':
      return limitText(refusal.refusal, locale, texts);
    case 'paused':
      return texts.say(locale, 'refusal.paused');
    case 'permissions': {
      const missing = refusal.missing.map(name => texts.say(locale, `refusal.permission.${name}`)).join(', ');
      return texts.say(locale, 'refusal.permissions', { missing });
    }
    case 'consent':
      return `${texts.say(locale, 'reason.consent.what')} ${texts.say(locale, 'reason.consent.next')}`;
    case 'input': {
      const what = problemText(refusal.problem, locale, texts) ?? texts.say(locale, 'reason.input.what');
      return texts.say(locale, 'failure.line', { what });
    }
    case 'draining':
      return texts.say(locale, 'refusal.draining');
    default:
      return standingRefusalText(refusal, locale, texts);
  }
}

export function limitText({ limit, size, freeAtMs }: Refusal, locale: string, texts: Texts): string {
  // Rounded up: at the second that is shown, the limit must be free.
  const free = freeAtMs === null ? texts.say(locale, 'refusal.unknownTime') : relativeTime(Math.ceil(freeAtMs / 1000) * 1000);
  switch (limit) {
    case 'cooldown':
      return texts.say(locale, 'refusal.cooldown', { size, free });
    case 'per-member-day':
      return texts.say(locale, 'refusal.perMemberDay', { count: size, free });
    case 'per-hour':
      return texts.say(locale, 'refusal.perHour', { count: size, free });
    case 'guild-money':
      return texts.say(locale, 'refusal.guildMoney', { size, free });
    case 'operator-day-money':
    case 'operator-month-money':
      return texts.say(locale, 'refusal.operatorMoney', { free });
    case 'waiting':
      return texts.say(locale, 'refusal.waiting');
  }
}
