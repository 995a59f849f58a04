import type { ModalSubmitInteraction } from 'discord.js';

/** What was filled in: text, a tick, or what was chosen; a choice left open is an empty text. */
export type ModalFields = Readonly<Record<string, string | boolean | readonly string[]>>;

/** A sent modal's fields by their names. What they hold is foreign: each handler reads them by a schema of its own. */
export function modalFields({ fields }: Pick<ModalSubmitInteraction, 'fields'>): ModalFields {
  const found: [string, ModalFields[string]][] = [];
  for (const [name, field] of fields.fields) {
    if ('value' in field) found.push([name, field.value ?? '']);
    else if ('values' in field) found.push([name, field.values]);
  }
  return Object.fromEntries(found);
}
