import type { Refusal } from '../../core/limits.ts';
import type { AdmitRefusal } from '../../core/service.ts';
import type { Texts } from '../texts/texts.ts';
import { relativeTime } from './view.ts';

/** Why a render was not admitted, and when the next one would be. */
export function refusalText(refusal: AdmitRefusal, locale: string, texts: Texts): string {
  switch (refusal.kind) {
    case 'limit':
      return limitText(refusal.refusal, locale, texts);
    case 'paused':
      return texts.say(locale, 'refusal.paused');
    case 'guild-not-served':
      return texts.say(locale, 'refusal.guildNotServed');
    case 'draining':
      return texts.say(locale, 'refusal.draining');
  }
}

function limitText({ limit, size, freeAtMs }: Refusal, locale: string, texts: Texts): string {
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
