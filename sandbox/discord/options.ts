import { z } from 'zod';
import type { GivenFile } from './attachments.ts';
import { contentTypeOf } from './cdn.ts';
import type { RegisteredCommand } from './commands.ts';
import { optionTypes } from './numbers.ts';
import { type AnyOption, type CommandOption, nestedOptions } from './rest/command-schema.ts';

/** A value that a member gives to an option; a file for an attachment, an id for a user, channel or role. */
export type OptionValue = string | number | boolean | { file: GivenFile };

export interface ChosenOptions {
  /** Subcommand group and subcommand, outermost first, with their kinds. */
  path: { name: string; type: number }[];
  given: { option: CommandOption; value: OptionValue }[];
}

export type OptionsCheck = { ok: true; chosen: ChosenOptions } | { ok: false; problem: string };

const problem = (text: string): { ok: false; problem: string } => ({ ok: false, problem: text });

/** Fits a member's input to the registered command; with `lenient`, ranges and file types are not looked at. */
export function chooseOptions(
  command: RegisteredCommand,
  path: readonly string[],
  values: Record<string, OptionValue | undefined>,
  lenient: boolean,
): OptionsCheck {
  let level: AnyOption[] = command.body.options ?? [];
  const chosenPath: ChosenOptions['path'] = [];
  for (const name of path) {
    const found = level.find(each => each.name === name && each.type <= optionTypes.subcommandGroup);
    if (!found) return problem(`/${command.body.name} has no subcommand ${name}`);
    chosenPath.push({ name, type: found.type });
    level = nestedOptions(found);
  }
  if (level.some(each => each.type <= optionTypes.subcommandGroup)) return problem('a subcommand must be chosen');
  const options = level.filter((each): each is CommandOption => each.type > optionTypes.subcommandGroup);
  const given: ChosenOptions['given'] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const option = options.find(each => each.name === name);
    if (!option) return problem(`there is no option ${name}`);
    const wrong = wrongType(option, value) ?? (lenient ? null : outOfBounds(option, value));
    if (wrong) return problem(`option ${name}: ${wrong}`);
    given.push({ option, value });
  }
  const missing = options.find(each => each.required === true && values[each.name] === undefined);
  if (missing && !lenient) return problem(`option ${missing.name} is required`);
  return { ok: true, chosen: { path: chosenPath, given } };
}

function wrongType(option: CommandOption, value: OptionValue): string | null {
  switch (option.type) {
    case optionTypes.integer:
      return Number.isInteger(value) ? null : 'must be a whole number';
    case optionTypes.number:
      return typeof value === 'number' ? null : 'must be a number';
    case optionTypes.boolean:
      return typeof value === 'boolean' ? null : 'must be true or false';
    case optionTypes.attachment:
      return typeof value === 'object' ? null : 'must be a file';
    default:
      return typeof value === 'string' ? null : 'must be text';
  }
}

function outOfBounds(option: CommandOption, value: OptionValue): string | null {
  if (typeof value === 'number') {
    if (option.min_value != null && value < option.min_value) return `must be at least ${option.min_value}`;
    if (option.max_value != null && value > option.max_value) return `must be at most ${option.max_value}`;
  }
  if (typeof value === 'string') {
    if (option.min_length != null && value.length < option.min_length)
      return `must have at least ${option.min_length} characters`;
    if (option.max_length != null && value.length > option.max_length) return `must have at most ${option.max_length} characters`;
  }
  if (typeof value === 'object') return fileTypeProblem(option.file_types, value.file);
  if (option.choices?.length && !option.choices.some(each => each.value === value)) return 'must be one of the choices';
  return null;
}

/** `file_types` filters by kind (image, audio, video) or by extension. */
export function fileTypeProblem(fileTypes: readonly string[] | null | undefined, file: GivenFile): string | null {
  if (!fileTypes?.length) return null;
  const name = file.name.toLowerCase();
  const type = file.contentType ?? contentTypeOf(name);
  const fits = fileTypes.some(each => (each.startsWith('.') ? name.endsWith(each) : type.startsWith(`${each}/`)));
  return fits ? null : `must be one of ${fileTypes.join(', ')}`;
}

/** What a button or select menu of a message must have to be used. */
export const usableComponent = z.looseObject({
  type: z.int(),
  custom_id: z.string(),
  disabled: z.boolean().nullish(),
  options: z.array(z.looseObject({ value: z.string() })).nullish(),
  min_values: z.int().nullish(),
  max_values: z.int().nullish(),
});
