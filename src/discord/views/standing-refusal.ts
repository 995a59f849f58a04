import type { StandingRefusal } from '../../core/guards/guard.ts';
import type { Suspension } from '../../core/ports.ts';
import { cleanDetail } from '../clean-detail.ts';
import type { Texts } from '../texts/texts.ts';
import { relativeTime } from './view.ts';

/** What a moderator's decision keeps a member from, with what would be right: before a render is admitted, or while it waits. */
export function standingRefusalText(refusal: StandingRefusal, locale: string, texts: Texts): string {
  switch (refusal.kind) {
    case 'guild-not-served':
      return texts.say(locale, 'refusal.guildNotServed');
    case 'disabled':
      return texts.say(locale, 'refusal.disabled');
    case 'suspended':
      return suspendedText(refusal, locale, texts);
    case 'role':
      return refusal.allowed.length === 0
        ? texts.say(locale, 'refusal.roleDenied')
        : texts.say(locale, 'refusal.roleNeeded', { roles: refusal.allowed.map(id => `<@&${id}>`).join(', ') });
    case 'channel':
      return refusal.allowed.length === 0
        ? texts.say(locale, 'refusal.channelDenied')
        : texts.say(locale, 'refusal.channelNeeded', { channels: refusal.allowed.map(id => `<#${id}>`).join(', ') });
    case 'age-restricted':
      return texts.say(locale, 'refusal.ageRestricted');
  }
}

/** A moderator's words are foreign too. */
function suspendedText({ untilMs, why }: Suspension, locale: string, texts: Texts): string {
  const until =
    untilMs === null
      ? texts.say(locale, 'refusal.suspended')
      : texts.say(locale, 'refusal.suspendedUntil', { free: relativeTime(Math.ceil(untilMs / 1000) * 1000) });
  const reason = why === null ? undefined : cleanDetail(why);
  return reason === undefined ? until : `${until}\n${texts.say(locale, 'refusal.suspendedWhy', { reason })}`;
}
