import { useState } from 'preact/hooks';
import type { PageChannel, PageMessage } from '../../protocol.ts';
import { attachmentsInPlace } from '../components.ts';
import { html } from '../html.ts';
import { nameOf, usePage } from '../page.ts';
import { Attachment } from './attachment.ts';
import { Avatar } from './avatar.ts';
import { Components } from './components.ts';
import { type MenuPlace, MessageMenu } from './context-menu.ts';
import { Embed } from './embed.ts';
import { focusMessages } from './focus.ts';
import { Icon } from './icon.ts';
import { Markdown, Time } from './markdown.ts';

/** One message, whoever wrote it. */
export function Message({ message, channel }: { message: PageMessage; channel: PageChannel }) {
  const { sight, state } = usePage();
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const author = nameOf(sight, message.authorId);
  const pinged = message.pings.includes(sight.memberId);
  const onContextMenu = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    // Links, players and marked text keep the browser's own menu.
    if (target?.closest('a, video, audio, input') || !getSelection()?.isCollapsed) return;
    event.preventDefault();
    setMenu({ x: event.clientX, y: event.clientY });
  };
  const openBelow = ({ currentTarget }: { currentTarget: HTMLElement }) => {
    const { right, bottom } = currentTarget.getBoundingClientRect();
    setMenu({ x: right, y: bottom });
  };
  const classes = ['message', pinged && 'pinged', message.ephemeralFor && 'ephemeral'].filter(Boolean).join(' ');
  return html`
    <li class=${classes} id=${`message-${message.id}`} tabindex="-1" onContextMenu=${onContextMenu}>
      <${Origin} message=${message} />
      <${Avatar} userId=${message.authorId} />
      <article aria-label=${`${author}'s message`}>
        <header>
          <strong>${author}</strong>
          ${sight.users.some(each => each.id === message.authorId && each.bot) && html`<span class="badge app-badge">App</span>`}
          <${Time} atMs=${message.createdAt} style="T" />
          ${message.editedAt !== null && html`<small>(edited)</small>`}
        </header>
        <${Body} message=${message} />
        ${message.ephemeralFor && html`<${Dismiss} message=${message} />`}
        ${state.unanswered.has(message.id) && html`<p class="unanswered" role="alert">This interaction failed</p>`}
      </article>
      <button type="button" class="plain more" aria-label=${`More about ${author}'s message`} aria-haspopup="menu"
        onClick=${openBelow}><${Icon} name="more" /></button>
      ${menu && html`<${MessageMenu} message=${message} channel=${channel} place=${menu} close=${() => setMenu(null)} />`}
    </li>
  `;
}

/** What led to the message: the command, or the message that it answers. */
function Origin({ message }: { message: PageMessage }) {
  const { sight, state } = usePage();
  const { interaction, reference } = message;
  const isSlash = sight.commands.some(each => each.type === 1 && each.body.name === interaction?.name);
  if (interaction?.kind === 'command')
    return html`<p class="origin">${nameOf(sight, interaction.memberId)} used <b>${isSlash ? '/' : ''}${interaction.name}</b></p>`;
  if (reference === null) return null;
  const answered = state.messages.get(reference.messageId);
  const jump = () => document.getElementById(`message-${reference.messageId}`)?.focus();
  if (answered === undefined) return html`<p class="origin">answers a message that is gone</p>`;
  return html`<p class="origin">answers <button type="button" class="link"
    onClick=${jump}>${nameOf(sight, answered.authorId)}'s message</button></p>`;
}

function Body({ message }: { message: PageMessage }) {
  const { sight } = usePage();
  if (message.loading)
    return html`<p class="thinking" role="status">${nameOf(sight, message.authorId)} is thinking<span class="dots"
      aria-hidden="true"><i></i><i></i><i></i></span></p>`;
  const placed = attachmentsInPlace(message);
  const below = message.attachments.filter(each => !placed.has(each.id));
  return html`
    ${message.content !== '' && html`<${Markdown} text=${message.content} />`}
    ${below.map(each => html`<${Attachment} key=${each.id} attachment=${each} />`)}
    ${message.embeds.map(embed => html`<${Embed} embed=${embed} message=${message} />`)}
    <${Components} of=${message.components} message=${message} />
  `;
}

function Dismiss({ message }: { message: PageMessage }) {
  const { act } = usePage();
  const dismiss = () => void act({ act: 'remove', messageId: message.id }).then(focusMessages);
  return html`<small class="private"><${Icon} name="eye" />Only you can see this · <button type="button" class="link"
    onClick=${dismiss}>Dismiss message</button></small>`;
}
