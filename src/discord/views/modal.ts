import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APITextDisplayComponent,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import { LONGEST_MODAL_TITLE } from '../platform.ts';

export type Modal = APIModalInteractionResponseCallbackData;
export type ModalPart = APILabelComponent | APITextDisplayComponent;

/** A form of up to five parts. */
export function modalOf(customId: string, title: string, ...components: ModalPart[]): Modal {
  return { custom_id: customId, title: title.slice(0, LONGEST_MODAL_TITLE), components };
}

/** A field with what it is called and, in small print, what would be right. */
export function labelled(label: string, description: string | undefined, component: APIComponentInLabel): APILabelComponent {
  return { type: ComponentType.Label, label, ...(description === undefined ? {} : { description }), component };
}

/** Text between the fields. */
export function paragraph(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

/** One line of text, or several. */
export function textField(
  name: string,
  { value, maxLength, required = true, long = false }: { value?: string; maxLength: number; required?: boolean; long?: boolean },
): APIComponentInLabel {
  return {
    type: ComponentType.TextInput,
    custom_id: name,
    style: long ? TextInputStyle.Paragraph : TextInputStyle.Short,
    max_length: maxLength,
    required,
    ...(value === undefined ? {} : { value }),
  };
}

export type Choice = { value: string; label: string; description?: string; default?: boolean };

/** A list to tick in. `least`: how many have to be ticked. */
export function checkboxes(name: string, options: Choice[], least = 0): APIComponentInLabel {
  return { type: ComponentType.CheckboxGroup, custom_id: name, options, min_values: least, required: least > 0 };
}

/** One of several; with `required` false, or none. */
export function radios(name: string, options: Choice[], required = true): APIComponentInLabel {
  return { type: ComponentType.RadioGroup, custom_id: name, options, required };
}
