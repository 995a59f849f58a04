import { type APIComponentInLabel, ChannelType, ComponentType, SelectMenuDefaultValueType } from 'discord.js';
import { type Bounds, DETAIL_AUDIENCES, FACE_CHECKS, MOST_IDS, type Policy, type Range } from '../../core/policy.ts';
import { WEIGHT_RANGES } from '../../core/weights.ts';
import { toCustomId } from '../custom-id.ts';
import { LANGUAGES } from '../texts/languages.ts';
import type { Texts } from '../texts/texts.ts';
import { type Choice, checkboxes, labelled, type Modal, modalOf, radios, textField } from '../views/modal.ts';
import { type Field, fieldsOf, type Section } from './sections.ts';

/** What stands for "the requester's own language" in a form. */
export const OWN_LANGUAGE = 'own';
/** Longer than any number that is right. */
const LONGEST_NUMBER = 12;
export const TEXT_CHANNELS = [ChannelType.GuildText, ChannelType.GuildAnnouncement];
export const ASKING_CHANNELS = [...TEXT_CHANNELS, ChannelType.GuildVoice, ChannelType.GuildStageVoice, ChannelType.GuildForum];

export type FormOf = { section: Section; guildId: string; policy: Policy; bounds: Bounds; locale: string; texts: Texts };

/** A section's settings as a form, filled in as they are. */
export function formOf({ section, guildId, ...facts }: FormOf): Modal {
  const { locale, texts } = facts;
  const parts = fieldsOf(section).map(field =>
    labelled(texts.say(locale, `settings.${field.name}.label`), hintOf(field, facts), componentOf(field, facts)),
  );
  return modalOf(toCustomId('settings-form', section, guildId), texts.say(locale, `form.settings.${section}.title`), ...parts);
}

/** The range of a field of numbers, as the operator has bounded it. */
export function rangeOf(field: Field & { kind: 'number' | 'weight' }, bounds: Bounds): Range {
  return field.kind === 'number' ? bounds[field.name] : { ...WEIGHT_RANGES[field.name], whole: false };
}

type Facts = Omit<FormOf, 'section' | 'guildId'>;

function hintOf(field: Field, { bounds, locale, texts }: Facts): string {
  if (field.kind === 'number' || field.kind === 'weight') {
    const { min, max, whole } = rangeOf(field, bounds);
    return texts.say(locale, whole ? 'settings.whole' : 'settings.number', { min, max });
  }
  return texts.say(locale, `settings.${field.name}.hint`);
}

function componentOf(field: Field, { policy, locale, texts }: Facts): APIComponentInLabel {
  const { name } = field;
  switch (field.kind) {
    case 'number':
      return textField(name, { value: String(policy[field.name]), maxLength: LONGEST_NUMBER });
    case 'weight':
      return textField(name, { value: String(policy.weights[field.name]), maxLength: LONGEST_NUMBER });
    case 'roles': {
      const chosen = policy[field.name].map(id => ({ id, type: SelectMenuDefaultValueType.Role as const }));
      return { type: ComponentType.RoleSelect, custom_id: name, ...upTo(MOST_IDS), default_values: chosen };
    }
    case 'channels':
      return { ...channels(name, policy[field.name], MOST_IDS), channel_types: ASKING_CHANNELS };
    case 'channel': {
      const id = policy[field.name];
      return { ...channels(name, id === null ? [] : [id], 1), channel_types: TEXT_CHANNELS };
    }
    case 'choice':
      return radios(name, choicesOf(field, policy, locale, texts));
    case 'language':
      return { type: ComponentType.StringSelect, custom_id: name, options: languages(policy, locale, texts) };
    case 'switches': {
      const options = field.of.map(each => ({
        value: each,
        label: texts.say(locale, `settings.${each}.label`),
        default: policy[each],
      }));
      return checkboxes(name, options);
    }
  }
}

const upTo = (max: number) => ({ required: false, min_values: 0, max_values: max });

function channels(name: string, ids: readonly string[], max: number) {
  const chosen = ids.map(id => ({ id, type: SelectMenuDefaultValueType.Channel as const }));
  return { type: ComponentType.ChannelSelect as const, custom_id: name, ...upTo(max), default_values: chosen };
}

function choicesOf({ name }: Field & { kind: 'choice' }, policy: Policy, locale: string, texts: Texts): Choice[] {
  if (name === 'faceCheck') {
    return FACE_CHECKS.map(value => ({
      ...{ value, label: texts.say(locale, `choice.faceCheck.${value}`) },
      default: policy.faceCheck === value,
    }));
  }
  return DETAIL_AUDIENCES.map(value => ({
    ...{ value, label: texts.say(locale, `choice.audience.${value}`) },
    default: policy[name] === value,
  }));
}

/** Each language by its own name. */
function languages(policy: Policy, locale: string, texts: Texts): Choice[] {
  const own = { value: OWN_LANGUAGE, label: texts.say(locale, 'choice.language.own'), default: policy.language === null };
  const others = Object.keys(LANGUAGES).map(value => ({
    ...{ value, label: texts.say(value, 'language') },
    default: policy.language === value,
  }));
  return [own, ...others];
}
