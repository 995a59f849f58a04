import { z } from 'zod';
import { limits, componentTypes as types } from '../numbers.ts';

const customId = z.string().min(1).max(limits.customIdLength);
const media = z.looseObject({ url: z.string().min(1).max(2_048) });
const mediaDescription = z.string().max(limits.attachmentDescription).nullish();

const button = z
  .looseObject({
    type: z.literal(types.button),
    style: z.int().min(1).max(6),
    label: z.string().max(80).nullish(),
    custom_id: customId.nullish(),
    url: z.string().max(512).nullish(),
    sku_id: z.string().nullish(),
    disabled: z.boolean().nullish(),
    emoji: z.looseObject({ id: z.string().nullish(), name: z.string().nullish() }).nullish(),
  })
  .superRefine((it, context) => {
    const wrong = (path: string, code: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { code } });
    const byId = it.style <= 4;
    if (byId && !it.custom_id) wrong('custom_id', 'BASE_TYPE_REQUIRED', 'A custom id is required');
    if (it.style === 5 && !it.url) wrong('url', 'BASE_TYPE_REQUIRED', 'This field is required');
    if (it.url && it.custom_id)
      wrong('custom_id', 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', 'A custom id and url cannot both be specified');
    if (it.style !== 6 && !it.label && !it.emoji)
      wrong('label', 'BUTTON_COMPONENT_INVALID_EMPTY', 'A button must have a label or an emoji');
  });

const selectBase = {
  custom_id: customId,
  placeholder: z.string().max(150).nullish(),
  min_values: z.int().min(0).max(25).nullish(),
  max_values: z.int().min(1).max(25).nullish(),
  disabled: z.boolean().nullish(),
  required: z.boolean().nullish(),
};
const choice = z.looseObject({
  label: z.string().min(1).max(100),
  value: z.string().min(1).max(100),
  description: z.string().max(100).nullish(),
  default: z.boolean().nullish(),
});

type Chooser = {
  min_values?: number | null | undefined;
  max_values?: number | null | undefined;
  options?: readonly z.infer<typeof choice>[];
};

/** What Discord refuses of a list of choices beyond the shape of each. */
const sound = (it: Chooser, context: z.RefinementCtx) => {
  const wrong = (path: string, code: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message, params: { code } });
  const { min_values: least, max_values: most, options } = it;
  if (least != null && least > (most ?? Math.max(1, options?.length ?? 1)))
    wrong('min_values', 'SELECT_COMPONENT_MIN_VALUES_GREATER', 'The minimum number of values exceeds the maximum');
  if (!options) return;
  if (new Set(options.map(each => each.value)).size < options.length)
    wrong('options', 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used');
  if (most != null && most > options.length)
    wrong('options', 'BASE_TYPE_BAD_LENGTH', `Must be between ${most} and 25 in length.`);
  if (most != null && options.filter(each => each.default).length > most)
    wrong('options', 'SELECT_COMPONENT_TOO_MANY_DEFAULTS', 'More options are chosen by default than can be chosen');
};

const stringSelect = z
  .looseObject({ type: z.literal(types.stringSelect), ...selectBase, options: z.array(choice).min(1).max(25) })
  .superRefine(sound);
const entitySelect = <T extends number>(type: T, kinds: readonly [string, ...string[]]) =>
  z
    .looseObject({
      type: z.literal(type),
      ...selectBase,
      default_values: z
        .array(z.looseObject({ id: z.string().regex(/^\d{1,20}$/), type: z.enum(kinds) }))
        .max(25)
        .nullish(),
      channel_types: z.array(z.int().min(0)).nullish(),
    })
    .superRefine(sound)
    .refine(it => (it.default_values?.length ?? 0) <= (it.max_values ?? 1), {
      path: ['default_values'],
      message: 'The number of default values must be between min_values and max_values',
      params: { code: 'SELECT_COMPONENT_DEFAULT_VALUES_OUT_OF_RANGE' },
    });
const userSelect = entitySelect(types.userSelect, ['user']);
const roleSelect = entitySelect(types.roleSelect, ['role']);
const mentionableSelect = entitySelect(types.mentionableSelect, ['user', 'role']);
const channelSelect = entitySelect(types.channelSelect, ['channel']);
const selects = [stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect] as const;

const actionRow = z
  .looseObject({
    type: z.literal(types.actionRow),
    components: z
      .array(z.discriminatedUnion('type', [button, ...selects]))
      .min(1)
      .max(5),
  })
  .refine(row => row.components.length === 1 || row.components.every(each => each.type === types.button), {
    path: ['components'],
    message: 'A row holds up to five buttons or one select menu',
    params: { code: 'COMPONENT_LAYOUT_WIDTH_EXCEEDED' },
  });

const textDisplay = z.looseObject({
  type: z.literal(types.textDisplay),
  content: z.string().min(1).max(limits.componentsV2Text),
});
const thumbnail = z.looseObject({ type: z.literal(types.thumbnail), media, description: mediaDescription });
const section = z.looseObject({
  type: z.literal(types.section),
  components: z.array(textDisplay).min(1).max(3),
  accessory: z.discriminatedUnion('type', [button, thumbnail]),
});
const mediaGallery = z.looseObject({
  type: z.literal(types.mediaGallery),
  items: z
    .array(z.looseObject({ media, description: mediaDescription, spoiler: z.boolean().nullish() }))
    .min(1)
    .max(10),
});
const file = z.looseObject({
  type: z.literal(types.file),
  file: z.looseObject({ url: z.string().startsWith('attachment://') }),
  spoiler: z.boolean().nullish(),
});
const separator = z.looseObject({
  type: z.literal(types.separator),
  divider: z.boolean().nullish(),
  spacing: z.int().min(1).max(2).nullish(),
});
const inContainer = z.discriminatedUnion('type', [actionRow, textDisplay, section, mediaGallery, file, separator]);
const container = z.looseObject({
  type: z.literal(types.container),
  components: z.array(inContainer).min(1),
  accent_color: z.int().min(0).max(0xffffff).nullish(),
  spoiler: z.boolean().nullish(),
});

/** Top-level components of a message without the flag IS_COMPONENTS_V2: rows alone. */
export const legacyComponents = z.array(z.discriminatedUnion('type', [actionRow])).max(limits.actionRows);

/** Top-level components of a message with the flag. */
export const componentsV2 = z.array(
  z.discriminatedUnion('type', [actionRow, textDisplay, section, mediaGallery, file, separator, container]),
);

const textInput = z
  .looseObject({
    type: z.literal(types.textInput),
    custom_id: customId,
    style: z.int().min(1).max(2),
    label: z.string().max(45).nullish(),
    min_length: z.int().min(0).max(4_000).nullish(),
    max_length: z.int().min(1).max(4_000).nullish(),
    required: z.boolean().nullish(),
    value: z.string().max(4_000).nullish(),
    placeholder: z.string().max(100).nullish(),
  })
  .refine(it => (it.value?.length ?? 0) <= (it.max_length ?? 4_000), {
    path: ['value'],
    message: 'Must be max_length or fewer in length.',
    params: { code: 'BASE_TYPE_MAX_LENGTH' },
  });
const fileUpload = z.looseObject({
  type: z.literal(types.fileUpload),
  custom_id: customId,
  min_values: z.int().min(0).max(10).nullish(),
  max_values: z.int().min(1).max(10).nullish(),
  file_types: z.array(z.string()).nullish(),
  required: z.boolean().nullish(),
});
const radioGroup = z.looseObject({
  type: z.literal(types.radioGroup),
  custom_id: customId,
  options: z.array(choice).min(2).max(10),
  required: z.boolean().nullish(),
});
const checkboxGroup = z
  .looseObject({
    type: z.literal(types.checkboxGroup),
    custom_id: customId,
    options: z.array(choice).min(1).max(10),
    min_values: z.int().min(0).max(10).nullish(),
    max_values: z.int().min(1).max(10).nullish(),
    required: z.boolean().nullish(),
  })
  .superRefine(sound);
const checkbox = z.looseObject({ type: z.literal(types.checkbox), custom_id: customId, default: z.boolean().nullish() });
const label = z.looseObject({
  type: z.literal(types.label),
  label: z.string().min(1).max(45),
  description: z.string().max(100).nullish(),
  component: z.discriminatedUnion('type', [textInput, fileUpload, radioGroup, checkboxGroup, checkbox, ...selects]),
});
const textInputRow = z.looseObject({ type: z.literal(types.actionRow), components: z.array(textInput).length(1) });

/** A modal, the answer of type 9. */
export const modalSchema = z
  .looseObject({
    custom_id: customId,
    title: z.string().min(1).max(45),
    components: z
      .array(z.discriminatedUnion('type', [textInputRow, label, textDisplay]))
      .min(1)
      .max(5),
  })
  .superRefine((modal, context) => {
    const ids = fieldsOf(modal).map(each => each.custom_id);
    if (new Set(ids).size === ids.length) return;
    const message = 'Component custom id cannot be duplicated';
    context.addIssue({ code: 'custom', path: ['components'], message, params: { code: 'COMPONENT_CUSTOM_ID_DUPLICATED' } });
  });
export type Modal = z.infer<typeof modalSchema>;
export type ModalField = z.infer<typeof label>['component'];

/** The fields of a modal that a member fills in. */
export function fieldsOf(modal: Pick<Modal, 'components'>): ModalField[] {
  return modal.components.flatMap((each): ModalField[] => {
    if (each.type === types.label) return [each.component];
    return each.type === types.actionRow ? each.components : [];
  });
}
