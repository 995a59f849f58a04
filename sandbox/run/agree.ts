import type { Discord, InteractionHandle, ModalValue } from '../discord/index.ts';
import { componentTypes } from '../discord/numbers.ts';
import { fieldsOf, type Modal } from '../discord/rest/component-schema.ts';

/**
 * Agrees to what the bot asks in a dialogue (consent, for one), as a member who wants the video would: ticks every box, each of which
 * `say` is told. The answer is the interaction that no dialogue followed.
 */
export async function throughModals(
  discord: Discord,
  handle: InteractionHandle,
  say: (line: string) => void = () => {},
): Promise<InteractionHandle> {
  const { modal } = await handle.acknowledged;
  if (!modal) return handle;
  const { values, ticked } = agreement(modal);
  for (const label of ticked) say(`         [x] ${label}`);
  return throughModals(discord, await discord.members.submitModal({ interaction: handle, values }), say);
}

function agreement(modal: Modal) {
  const values: Record<string, ModalValue> = {};
  const ticked: string[] = [];
  for (const field of fieldsOf(modal)) {
    if (field.type === componentTypes.checkbox) values[field.custom_id] = true;
    if (field.type !== componentTypes.checkboxGroup) continue;
    values[field.custom_id] = field.options.map(each => each.value);
    ticked.push(...field.options.map(each => each.label));
  }
  return { values, ticked };
}
