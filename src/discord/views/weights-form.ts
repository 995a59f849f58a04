import { PRESET_NAMES, WEIGHT_NAMES, WEIGHT_RANGES, type Weights } from '../../core/weights.ts';
import { toCustomId } from '../custom-id.ts';
import type { Texts } from '../texts/texts.ts';
import { labelled, type Modal, modalOf, radios, textField } from './modal.ts';

/** Longer than any weight that is right. */
const LONGEST_WEIGHT = 20;

/** The weights of a render, to be changed for another one with the same portrait and voice. */
export function weightsForm(renderId: string, weights: Weights, locale: string, texts: Texts): Modal {
  const fields = WEIGHT_NAMES.map(name =>
    labelled(
      texts.say(locale, `settings.${name}.label`),
      rightWeight(name, locale, texts),
      textField(name, { value: weightText(weights[name]), maxLength: LONGEST_WEIGHT }),
    ),
  );
  const presets = PRESET_NAMES.map(value => ({
    value,
    label: texts.say(locale, `command.hallo.option.preset.choice.${value}.name`),
  }));
  const preset = labelled(
    texts.say(locale, 'form.againWith.preset.label'),
    texts.say(locale, 'form.againWith.preset.hint'),
    radios('preset', presets, false),
  );
  return modalOf(toCustomId('again-with', renderId), texts.say(locale, 'form.againWith.title'), preset, ...fields);
}

/** A weight as the form shows it and takes it back: `/hallo` takes any number, a form no more decimals than somebody would type. */
export function weightText(weight: number): string {
  return String(Number(weight.toFixed(4)));
}

/** What would be right for a weight. */
export function rightWeight(name: keyof Weights, locale: string, texts: Texts): string {
  const { min, max } = WEIGHT_RANGES[name];
  return texts.say(locale, 'settings.number', { min, max });
}
