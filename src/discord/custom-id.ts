import { z } from 'zod';
import { DECISION_NAMES } from '../core/moderation/case.ts';
import { LONGEST_CUSTOM_ID } from './platform.ts';
import { SECTION_NAMES } from './settings/sections.ts';

const snowflake = z.string().regex(/^\d{1,20}$/);
/** Of the interaction that a draft is kept for. */
const draftId = z.string().regex(/^\d{1,20}$/);
const renderId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const caseId = z.string().regex(/^[0-9a-f]{8,64}$/);

/**
 * What a button, a menu or a modal asks for, and the arguments that its custom id carries. A new one is a line here and its
 * handler in components.ts. `cancel-paid`: cancel although it is charged, after that was said.
 */
export const VERBS = {
  cancel: z.tuple([renderId]),
  'cancel-paid': z.tuple([renderId]),
  again: z.tuple([renderId]),
  'again-with': z.tuple([renderId]),
  delete: z.tuple([renderId]),
  details: z.tuple([renderId]),
  animate: z.tuple([draftId]),
  consent: z.tuple([draftId]),
  'data-delete': z.tuple([]),
  'data-delete-sure': z.tuple([]),
  // of a guild's settings; the guild's id, so that none of them works in another
  settings: z.tuple([snowflake]),
  'settings-form': z.tuple([z.enum(SECTION_NAMES), snowflake]),
  'settings-reset': z.tuple([snowflake]),
  /** takes a settings file that was shown first */
  'settings-import': z.tuple([draftId]),
  report: z.tuple([renderId]),
  /** what a moderator decides about a case */
  case: z.tuple([caseId, z.enum(DECISION_NAMES)]),
  'case-undo': z.tuple([caseId, z.string().regex(/^\d{1,9}$/)]),
  'case-picture': z.tuple([caseId, z.enum(['block', 'unblock'])]),
  'case-open': z.tuple([caseId]),
} as const satisfies Record<string, z.ZodType<string[]>>;

export type Verb = keyof typeof VERBS;
export type Arguments<V extends Verb> = z.infer<(typeof VERBS)[V]>;
export type CustomId<V extends Verb = Verb> = { verb: V; args: Arguments<V> };

const PREFIX = 'hallo';

/** `hallo:cancel:<render id>`: all that a press needs, so components survive a restart. */
export function toCustomId<V extends Verb>(verb: V, ...args: Arguments<V>): string {
  return [PREFIX, verb, ...args].join(':');
}

/** Undefined: not one of ours. Never throws, whatever is passed. */
export function parseCustomId(text: string): CustomId | undefined {
  if (text.length > LONGEST_CUSTOM_ID) return undefined;
  const [prefix, verb = '', ...rest] = text.split(':');
  if (prefix !== PREFIX || !isVerb(verb)) return undefined;
  const args = VERBS[verb].safeParse(rest);
  return args.success ? { verb, args: args.data } : undefined;
}

function isVerb(text: string): text is Verb {
  return Object.hasOwn(VERBS, text);
}
