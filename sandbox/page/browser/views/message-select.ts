import { useState } from 'preact/hooks';
import type { PageMessage } from '../../protocol.ts';
import { choicesOf, initialChoice } from '../choices.ts';
import type { Component } from '../components.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { Picker } from './picker.ts';

/** A select menu of a message: what is chosen is sent at once, or, where several may be, when the list closes. */
export function MessageSelect({ it, message }: { it: Component; message: PageMessage }) {
  const page = usePage();
  const [chosen, setChosen] = useState(initialChoice(it));
  const { custom_id: customId } = it;

  async function send(values: string[]) {
    setChosen(values);
    if (customId === undefined) return;
    page.change({ kind: 'unanswered', messageId: message.id, yes: false });
    const answer = await page.act({ act: 'choose', messageId: message.id, customId, values });
    if (!answer.ok) page.change({ kind: 'note', channelId: message.channelId, text: answer.problem });
    else if (answer.acknowledgement?.kind === 'none') page.change({ kind: 'unanswered', messageId: message.id, yes: true });
  }

  return html`<${Picker}
    label=${it.placeholder ?? 'Make a choice'}
    choices=${choicesOf(it, page, message.channelId)}
    chosen=${chosen}
    least=${it.min_values ?? 1}
    most=${it.max_values ?? 1}
    disabled=${it.disabled === true}
    onChoose=${send}
  />`;
}
