import { z } from 'zod';
import { LONGEST_CUSTOM_ID } from './platform.ts';

/** What a button asks for. `cancel-paid`: cancel although it is charged, after that was said. */
export const VERBS = ['cancel', 'cancel-paid', 'again', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

export type ButtonId = { verb: Verb; renderId: string };

const PREFIX = 'hallo';
const buttonId = z.tuple([z.literal(PREFIX), z.enum(VERBS), z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)]);

/** `hallo:cancel:<render id>`: all that a press needs, so buttons survive a restart. */
export function toCustomId({ verb, renderId }: ButtonId): string {
  return [PREFIX, verb, renderId].join(':');
}

/** Undefined: not one of ours. Never throws, whatever is passed. */
export function parseCustomId(text: string): ButtonId | undefined {
  if (text.length > LONGEST_CUSTOM_ID) return undefined;
  const parsed = buttonId.safeParse(text.split(':'));
  return parsed.success ? { verb: parsed.data[1], renderId: parsed.data[2] } : undefined;
}
