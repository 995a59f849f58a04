import { z } from 'zod';
import { limits, messageFlags } from '../numbers.ts';
import { type FieldError, invalidForm, type Result, refused, value } from './answers.ts';
import { componentsV2, legacyComponents } from './component-schema.ts';
import { check } from './validation.ts';

const snowflake = z.string().regex(/^\d{1,20}$/);

const embedText = (maximum: number) => z.string().max(maximum).nullish();
const embed = z.looseObject({
  title: embedText(256),
  description: embedText(4_096),
  url: z.string().max(2_048).nullish(),
  color: z.int().min(0).max(0xffffff).nullish(),
  fields: z
    .array(z.looseObject({ name: z.string().min(1).max(256), value: z.string().min(1).max(1_024) }))
    .max(25)
    .nullish(),
  footer: z.looseObject({ text: z.string().max(2_048) }).nullish(),
  author: z.looseObject({ name: z.string().max(256) }).nullish(),
});
export type Embed = z.infer<typeof embed>;

const mentions = z
  .looseObject({
    parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
    users: z.array(snowflake).max(100).nullish(),
    roles: z.array(snowflake).max(100).nullish(),
    replied_user: z.boolean().nullish(),
  })
  .superRefine((it, context) => {
    for (const kind of ['users', 'roles'] as const) {
      if (it.parse?.includes(kind) && it[kind]?.length) {
        const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
        context.addIssue({ code: 'custom', path: [], message, params: { code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE' } });
      }
    }
  });
export type AllowedMentions = z.infer<typeof mentions>;

const attachment = z.looseObject({
  id: z.union([snowflake, z.int().min(0)]),
  filename: z.string().max(1_024).nullish(),
  description: z.string().max(limits.attachmentDescription).nullish(),
  is_spoiler: z.boolean().nullish(),
});

/** The body of every request that creates or edits a message. Fields left out are undefined; null empties. */
export const messageBody = z.looseObject({
  content: z.string().max(limits.contentLength).nullish(),
  nonce: z.union([z.string().max(limits.nonceLength), z.int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  tts: z.boolean().nullish(),
  embeds: z.array(embed).max(limits.embeds).nullish(),
  allowed_mentions: mentions.nullish(),
  message_reference: z
    .looseObject({
      message_id: snowflake,
      channel_id: snowflake.nullish(),
      guild_id: snowflake.nullish(),
      fail_if_not_exists: z.boolean().nullish(),
    })
    .nullish(),
  components: z.array(z.looseObject({ type: z.int() })).nullish(),
  attachments: z.array(attachment).max(limits.attachments).nullish(),
  flags: z.int().min(0).nullish(),
});
export type MessageBody = z.infer<typeof messageBody>;

/** Checks a message's body; `flagsBefore` are those of the message that an edit changes. */
export function checkMessage(json: unknown, flagsBefore = 0): Result<MessageBody> {
  const body = check(messageBody, json ?? {});
  if (!body.ok) return body;
  const v2 = Boolean(((body.value.flags ?? 0) | flagsBefore) & messageFlags.componentsV2);
  const components = check(z.looseObject({ components: (v2 ? componentsV2 : legacyComponents).nullish() }), body.value);
  if (!components.ok) return components;
  const errors = [...embedErrors(body.value.embeds ?? []), ...componentErrors(body.value), ...(v2 ? v2Errors(body.value) : [])];
  return errors.length > 0 ? refused(invalidForm(errors)) : value(body.value);
}

function embedErrors(embeds: readonly Embed[]): FieldError[] {
  const length = embeds
    .flatMap(it => [
      it.title,
      it.description,
      it.footer?.text,
      it.author?.name,
      ...(it.fields ?? []).flatMap(f => [f.name, f.value]),
    ])
    .reduce((sum, text) => sum + (text?.length ?? 0), 0);
  if (length <= limits.embedCharacters) return [];
  return [{ path: ['embeds'], code: 'MAX_EMBED_SIZE_EXCEEDED', message: 'Embed size exceeds maximum size of 6000' }];
}

function componentErrors(body: MessageBody): FieldError[] {
  const seen = new Set<string>();
  for (const { custom_id: id } of allComponents(body.components ?? [])) {
    if (typeof id !== 'string') continue;
    if (seen.has(id)) {
      const message = 'Component custom id cannot be duplicated';
      return [{ path: ['components'], code: 'COMPONENT_CUSTOM_ID_DUPLICATED', message }];
    }
    seen.add(id);
  }
  return [];
}

function v2Errors(body: MessageBody): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['content', 'embeds'] as const) {
    if (body[field]?.length) {
      const code = 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2';
      errors.push({
        path: [field],
        code,
        message: `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
      });
    }
  }
  const all = allComponents(body.components ?? []);
  if (all.length > limits.componentsV2) {
    const message = `The number of components must be ${limits.componentsV2} or fewer.`;
    errors.push({ path: ['components'], code: 'BASE_TYPE_BAD_LENGTH', message });
  }
  const text = all.reduce((sum, each) => sum + (typeof each.content === 'string' ? each.content.length : 0), 0);
  if (text > limits.componentsV2Text) {
    const message = `The total length of displayable text must be ${limits.componentsV2Text} or fewer.`;
    errors.push({ path: ['components'], code: 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message });
  }
  return errors;
}

export type AnyComponent = Record<string, unknown>;

const node = z.looseObject({
  components: z.array(z.unknown()).optional(),
  accessory: z.unknown().optional(),
  component: z.unknown().optional(),
});

/** A tree of components as a flat list, parents before children. */
export function allComponents(components: readonly unknown[]): AnyComponent[] {
  return components.flatMap(each => {
    const parsed = node.safeParse(each);
    if (!parsed.success) return [];
    const { accessory, component } = parsed.data;
    const below = [...(parsed.data.components ?? []), accessory, component].filter(it => it !== undefined);
    return [parsed.data, ...allComponents(below)];
  });
}
