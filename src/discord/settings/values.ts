import type { Policy } from '../../core/policy.ts';
import type { Weights } from '../../core/weights.ts';
import type { Texts } from '../texts/texts.ts';
import type { SettingName } from './sections.ts';

/** Ids that are shown of a longer list. */
const MOST_SHOWN = 3;

/** A setting's value as people read it. */
export function valueText(name: SettingName, policy: Policy, locale: string, texts: Texts): string {
  switch (name) {
    case 'allowedRoles':
      return listText(policy[name], id => `<@&${id}>`, 'everybody', locale, texts);
    case 'deniedRoles':
      return listText(policy[name], id => `<@&${id}>`, 'none', locale, texts);
    case 'allowedChannels':
      return listText(policy[name], id => `<#${id}>`, 'everywhere', locale, texts);
    case 'deniedChannels':
      return listText(policy[name], id => `<#${id}>`, 'none', locale, texts);
    case 'moderationChannelId':
      return listText(policy[name] === null ? [] : [policy[name]], id => `<#${id}>`, 'none', locale, texts);
    case 'faceCheck':
      return texts.say(locale, `choice.faceCheck.${policy[name]}`);
    case 'detailsTo':
    case 'blockedDetailsTo':
      return texts.say(locale, `choice.audience.${policy[name]}`);
    case 'language':
      return policy.language === null ? texts.say(locale, 'choice.language.own') : texts.say(policy.language, 'language');
    case 'enabled':
    case 'ageRestrictedOnly':
    case 'spoilerAlways':
    case 'ping':
    case 'messageCommand':
    case 'answerRepeats':
    case 'cardPortraits':
      return texts.say(locale, policy[name] ? 'settings.value.on' : 'settings.value.off');
    case 'poseWeight':
    case 'faceWeight':
    case 'lipWeight':
    case 'faceExpandRatio':
      return String(weightOf(policy, name));
    default:
      return String(policy[name]);
  }
}

const weightOf = ({ weights }: Policy, name: keyof Weights) => weights[name];

/** `empty`: what it means that nothing was chosen. */
function listText(
  ids: readonly string[],
  mention: (id: string) => string,
  empty: 'none' | 'everybody' | 'everywhere',
  locale: string,
  texts: Texts,
): string {
  if (ids.length === 0) return texts.say(locale, `settings.value.${empty}`);
  const shown = ids.slice(0, MOST_SHOWN).map(mention).join(' ');
  return ids.length <= MOST_SHOWN ? shown : texts.say(locale, 'settings.value.more', { shown, count: ids.length - MOST_SHOWN });
}
