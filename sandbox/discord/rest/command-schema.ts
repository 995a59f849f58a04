import { z } from 'zod';
import { optionTypes } from '../numbers.ts';
import { type FieldError, invalidForm, type Result, refusals, refused, value } from './answers.ts';
import { check } from './validation.ts';

const locales =
  'id en-US en-GB bg zh-CN zh-TW hr cs da nl fi fr de el hi hu it ja ko lt no pl pt-BR ro ru es-ES es-419 sv-SE th tr uk vi'.split(
    ' ',
  );
const locale = z
  .string()
  .refine(it => locales.includes(it), { message: 'Unknown locale', params: { code: 'BASE_TYPE_CHOICES' } });

const chatName = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u)
  .refine(name => name === name.toLowerCase(), {
    message: 'Must be lowercase',
    params: { code: 'APPLICATION_COMMAND_INVALID_NAME' },
  });
const menuName = z.string().min(1).max(32);
const description = z.string().min(1).max(100);
const localized = <Text extends z.ZodType<string>>(text: Text) => z.record(locale, text.nullable()).nullish();

const choice = z.looseObject({
  name: z.string().min(1).max(100),
  name_localizations: localized(z.string().min(1).max(100)),
  value: z.union([z.string().max(100), z.number()]),
});

const optionBase = {
  name: chatName,
  name_localizations: localized(chatName),
  description,
  description_localizations: localized(description),
};

const valueOption = z
  .looseObject({
    ...optionBase,
    type: z.int().min(3).max(11),
    required: z.boolean().nullish(),
    choices: z.array(choice).max(25).nullish(),
    min_value: z.number().nullish(),
    max_value: z.number().nullish(),
    min_length: z.int().min(0).max(6_000).nullish(),
    max_length: z.int().min(1).max(6_000).nullish(),
    autocomplete: z.boolean().nullish(),
    channel_types: z.array(z.int()).nullish(),
    file_types: z
      .array(z.string().regex(/^(audio|image|video|\.[a-z0-9]+)$/))
      .max(25)
      .nullish(),
  })
  .superRefine((it, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { code: 'APPLICATION_COMMAND_INVALID_OPTION' } });
    const numeric = it.type === optionTypes.integer || it.type === optionTypes.number;
    if (!numeric && (it.min_value != null || it.max_value != null))
      wrong('min_value', 'Only numbers have a least and a greatest value');
    if (it.type !== optionTypes.string && (it.min_length != null || it.max_length != null))
      wrong('min_length', 'Only strings have a length');
    if (it.type !== optionTypes.attachment && it.file_types?.length) wrong('file_types', 'Only attachments have file types');
    if (it.choices?.length && it.autocomplete) wrong('choices', 'Choices and autocomplete exclude each other');
    if (it.min_value != null && it.max_value != null && it.min_value > it.max_value)
      wrong('min_value', 'Is greater than max_value');
  });
export type CommandOption = z.infer<typeof valueOption>;

const valueOptions = z.array(valueOption).max(25);
const subcommand = z.looseObject({ ...optionBase, type: z.literal(1), options: valueOptions.nullish() });
const group = z.looseObject({ ...optionBase, type: z.literal(2), options: z.array(subcommand).min(1).max(25) });
const anyOption = z.union([subcommand, group, valueOption]);
export type AnyOption = z.infer<typeof anyOption>;

const commandBase = {
  default_member_permissions: z.string().regex(/^\d+$/).nullish(),
  dm_permission: z.boolean().nullish(),
  nsfw: z.boolean().nullish(),
  contexts: z.array(z.int().min(0).max(2)).nullish(),
  integration_types: z.array(z.int().min(0).max(1)).nullish(),
};
const chatCommand = z.looseObject({
  ...commandBase,
  ...optionBase,
  type: z.literal(1).nullish(),
  options: z.array(anyOption).max(25).nullish(),
});
const menuCommand = z.looseObject({
  ...commandBase,
  type: z.union([z.literal(2), z.literal(3)]),
  name: menuName,
  name_localizations: localized(menuName),
  description: z.literal('').nullish(),
  options: z.array(z.never()).max(0).nullish(),
});
const command = z.union([chatCommand, menuCommand]);
export type CommandBody = z.infer<typeof command>;

/** Checks one command as Discord does. */
export function checkCommand(json: unknown): Result<CommandBody> {
  const body = check(command, json);
  if (!body.ok) return body;
  const errors = orderErrors(body.value.options ?? [], ['options']);
  return errors.length > 0 ? refused(invalidForm(errors)) : body;
}

/** Checks a bulk overwrite: each command, no name twice, at most 100 slash, 15 user and 15 message commands. */
export function checkCommands(json: unknown): Result<CommandBody[]> {
  const body = check(z.array(command), json);
  if (!body.ok) return body;
  const errors = body.value.flatMap((each, index) => orderErrors(each.options ?? [], [index, 'options']));
  const seen = new Set<string>();
  for (const [index, each] of body.value.entries()) {
    const key = `${each.type ?? 1}:${each.name}`;
    const message = 'Application command names must be unique';
    if (seen.has(key)) errors.push({ path: [index, 'name'], code: 'APPLICATION_COMMANDS_DUPLICATE_NAME', message });
    seen.add(key);
  }
  if (errors.length > 0) return refused(invalidForm(errors));
  const count = (type: number) => body.value.filter(each => (each.type ?? 1) === type).length;
  return count(1) > 100 || count(2) > 15 || count(3) > 15 ? refused(refusals.tooManyCommands) : value(body.value);
}

/** Names once only; required options before the others. */
function orderErrors(options: readonly AnyOption[], path: readonly PropertyKey[]): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  let optionalSeen = false;
  for (const [index, option] of options.entries()) {
    const at = [...path, index];
    if (names.has(option.name)) {
      errors.push({
        path: [...at, 'name'],
        code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID',
        message: 'Option names must be unique',
      });
    }
    names.add(option.name);
    const required = 'required' in option && option.required === true;
    if (required && optionalSeen) {
      const message = 'Required options must be placed before non-required options';
      errors.push({ path: at, code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message });
    }
    if (!required) optionalSeen = true;
    errors.push(...orderErrors(nestedOptions(option), [...at, 'options']));
  }
  return errors;
}

/** The options below a subcommand or a group; none below any other. */
export function nestedOptions(option: AnyOption): AnyOption[] {
  const nested = z.array(anyOption).safeParse(option.options);
  return nested.success && (option.type === 1 || option.type === 2) ? nested.data : [];
}
