import { useId } from 'preact/hooks';
import { componentTypes as types } from '../../../discord/numbers.ts';
import { choicesOf, initialChoice } from '../choices.ts';
import type { Component } from '../components.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { Files } from './files.ts';
import { Picker } from './picker.ts';

export type FieldValue = string | string[] | boolean | { files: File[] } | undefined;

export interface ModalFieldProps {
  field: Component;
  label: string;
  description: string | undefined;
  value: FieldValue;
  onChange: (value: FieldValue) => void;
}

/** What a field holds before anybody touches it. */
export function initialValue(field: Component): FieldValue {
  switch (field.type) {
    case types.textInput:
      return field.value ?? '';
    case types.checkbox:
      return field.default ?? false;
    case types.radioGroup:
      return field.options?.find(each => each.default)?.value;
    case types.fileUpload:
      return { files: [] };
    default:
      return initialChoice(field);
  }
}

/** A field of a dialogue with its label. */
export function ModalField(props: ModalFieldProps) {
  const { field, label, description } = props;
  const id = useId();
  const required = field.required !== false && field.type !== types.checkbox;
  const name = html`${label}${required && html`<span class="required" aria-hidden="true"> *</span>`}`;
  const about = description && html`<small id=${`${id}-about`}>${description}</small>`;
  const describedBy = description ? `${id}-about` : undefined;
  if (field.type === types.checkbox)
    return html`<div class="field"><label class="tick">
      <input type="checkbox" checked=${props.value === true} aria-describedby=${describedBy}
        onChange=${({ currentTarget }: { currentTarget: HTMLInputElement }) => props.onChange(currentTarget.checked)} />${label}</label>${about}</div>`;
  if (field.type === types.textInput)
    return html`<div class="field"><label for=${id}>${name}</label>${about}<${Text} id=${id} describedBy=${describedBy}
      required=${required} ...${props} /></div>`;
  // Groups of controls have no single one that a label could name.
  return html`<fieldset class="field" aria-describedby=${describedBy}><legend>${name}</legend>${about}<${Group} id=${id}
    describedBy=${describedBy} required=${required} ...${props} /></fieldset>`;
}

type Inner = ModalFieldProps & { id: string; describedBy: string | undefined; required: boolean };

function Text({ field, value, onChange, id, describedBy, required }: Inner) {
  const shared = {
    ...{
      id,
      required,
      placeholder: field.placeholder,
      value: typeof value === 'string' ? value : '',
      'aria-describedby': describedBy,
    },
    ...{ minLength: field.min_length, maxLength: field.max_length ?? 4_000 },
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => onChange(currentTarget.value),
  };
  return field.style === 2 ? html`<textarea rows="4" ...${shared}></textarea>` : html`<input type="text" ...${shared} />`;
}

function Group({ field, label, value, onChange, id, describedBy, required }: Inner) {
  const page = usePage();
  const chosen = Array.isArray(value) ? value : [];
  const files = typeof value === 'object' && 'files' in value ? value.files : [];
  switch (field.type) {
    case types.fileUpload:
      return html`<${Files} label=${label} types=${field.file_types ?? []} most=${field.max_values ?? 1}
        files=${files} onChange=${(given: File[]) => onChange({ files: given })} />`;
    case types.radioGroup:
      return field.options?.map(
        each => html`<label class="tick" key=${each.value}>
        <input type="radio" name=${id} required=${required} checked=${value === each.value}
          onChange=${() => onChange(each.value)} />
        <span>${each.label}${each.description && html`<small>${each.description}</small>`}</span></label>`,
      );
    case types.checkboxGroup:
      return field.options?.map(
        each => html`<label class="tick" key=${each.value}>
        <input type="checkbox" checked=${chosen.includes(each.value)}
          onChange=${() => onChange(chosen.includes(each.value) ? chosen.filter(it => it !== each.value) : [...chosen, each.value])} />
        <span>${each.label}${each.description && html`<small>${each.description}</small>`}</span></label>`,
      );
    default:
      return html`<${Picker} label=${field.placeholder ?? label}
        choices=${choicesOf(field, page, page.state.channelId ?? '')} chosen=${chosen}
        least=${required ? (field.min_values ?? 1) : 0} most=${field.max_values ?? 1} describedBy=${describedBy}
          onChoose=${onChange} />`;
  }
}
