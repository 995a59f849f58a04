import { useState } from 'preact/hooks';
import type { PageMessage } from '../../protocol.ts';
import type { Component } from '../components.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';

/** Discord's styles of a button: 5 is a link, 6 asks for money. */
const looks: Readonly<Record<number, string>> = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 6: 'primary' };

/** A button below or within a message. */
export function ComponentButton({ it, message }: { it: Component; message: PageMessage }) {
  const { act, change } = usePage();
  const [busy, setBusy] = useState(false);
  const label = [it.emoji?.name, it.label].filter(Boolean).join(' ') || 'Button';
  if (it.url !== undefined)
    return html`<a class="button secondary" href=${it.url} target="_blank" rel="noreferrer noopener">${label}</a>`;
  const { custom_id: customId } = it;

  async function press() {
    if (customId === undefined || busy) return;
    setBusy(true);
    change({ kind: 'unanswered', messageId: message.id, yes: false });
    const answer = await act({ act: 'press', messageId: message.id, customId });
    setBusy(false);
    if (!answer.ok) change({ kind: 'note', channelId: message.channelId, text: answer.problem });
    else if (answer.acknowledgement?.kind === 'none') change({ kind: 'unanswered', messageId: message.id, yes: true });
  }

  // While the bot is asked, the button stays where it is: a disabled one would lose the focus.
  return html`<button type="button" class=${`button ${looks[it.style ?? 2] ?? 'secondary'}`} disabled=${it.disabled === true}
    aria-busy=${busy} onClick=${press}>${label}</button>`;
}
