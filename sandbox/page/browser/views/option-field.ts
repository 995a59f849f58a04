import { useId } from 'preact/hooks';
import { componentTypes, optionTypes as types } from '../../../discord/numbers.ts';
import type { CommandOption } from '../../../discord/rest/command-schema.ts';
import type { PageChannel } from '../../protocol.ts';
import { choicesOf } from '../choices.ts';
import { descriptionIn, nameIn } from '../commands.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { Files } from './files.ts';

export type OptionFieldValue = string | number | boolean | File | undefined;

export interface OptionFieldProps {
  option: CommandOption;
  locale: string;
  channel: PageChannel;
  value: OptionFieldValue;
  onChange: (value: OptionFieldValue) => void;
}

/** One option of a command, with its name, what it is for and the values it takes. */
export function OptionField(props: OptionFieldProps) {
  const { option, locale } = props;
  const id = useId();
  const name = html`${nameIn(locale, option)}${option.required && html`<span class="required" aria-hidden="true"> *</span>`}`;
  const about = html`<small id=${`${id}-about`}>${descriptionIn(locale, option)}${rangeText(option)}</small>`;
  if (option.type === types.attachment) {
    const { value, onChange } = props;
    return html`<fieldset class="field wide"><legend>${name}</legend>${about}
      <${Files} label=${nameIn(locale, option)} types=${option.file_types ?? []} most=${1}
        files=${value instanceof File ? [value] : []} onChange=${(files: File[]) => onChange(files.at(-1))} /></fieldset>`;
  }
  return html`<div class="field"><label for=${id}>${name}</label>${about}<${Control} id=${id} ...${props} /></div>`;
}

function rangeText({ min_value: least, max_value: most }: CommandOption): string {
  if (least == null && most == null) return '';
  if (most == null) return ` · ≥ ${least}`;
  return least == null ? ` · ≤ ${most}` : ` · ${least}–${most}`;
}

function Control({ id, option, locale, channel, value, onChange }: OptionFieldProps & { id: string }) {
  const page = usePage();
  const numeric = option.type === types.number || option.type === types.integer;
  const typed = (text: string): OptionFieldValue => {
    if (text === '') return undefined;
    if (option.type === types.boolean) return text === 'true';
    return numeric ? Number(text) : text;
  };
  const shared = {
    ...{
      id,
      required: option.required === true,
      value: value === undefined ? '' : String(value),
      'aria-describedby': `${id}-about`,
    },
    [option.choices?.length || !numeric ? 'onChange' : 'onInput']: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      onChange(typed(currentTarget.value)),
  };
  const list = listOf();
  if (list)
    return html`<select ...${shared}><option value=""></option>${list.map(
      each => html`<option
      value=${each.value}>${each.label}</option>`,
    )}</select>`;
  if (numeric)
    return html`<input type="number" step=${option.type === types.integer ? 1 : 'any'} min=${option.min_value}
      max=${option.max_value} ...${shared} />`;
  return html`<input type="text" minlength=${option.min_length} maxlength=${option.max_length} autocomplete="off"
    ...${shared} />`;

  /** What there is to choose from; undefined where one types. */
  function listOf(): { value: string; label: string }[] | undefined {
    if (option.choices?.length)
      return option.choices.map(each => ({
        value: String(each.value),
        label: nameIn(locale, { name: each.name, name_localizations: each.name_localizations }),
      }));
    switch (option.type) {
      case types.boolean:
        return [
          { value: 'true', label: 'True' },
          { value: 'false', label: 'False' },
        ];
      case types.user:
        return choicesOf({ type: componentTypes.userSelect }, page, channel.id);
      case types.role:
        return choicesOf({ type: componentTypes.roleSelect }, page, channel.id);
      case types.channel:
        return choicesOf({ type: componentTypes.channelSelect }, page, channel.id);
      case types.mentionable:
        return choicesOf({ type: componentTypes.mentionableSelect }, page, channel.id);
      default:
        return undefined;
    }
  }
}
