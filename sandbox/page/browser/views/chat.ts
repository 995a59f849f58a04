import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PageChannel } from '../../protocol.ts';
import { html } from '../html.ts';
import { guildOf, usePage } from '../page.ts';
import { channelOf, messagesIn } from '../state.ts';
import { applyTheme, nextTheme, storedTheme } from '../theme.ts';
import { Composer } from './composer.ts';
import { Icon } from './icon.ts';
import { Message } from './message.ts';

type Drawer = 'channels' | 'backstage';

/** A channel: its messages, and where one writes. */
export function Chat({ drawer, toggle }: { drawer: Drawer | null; toggle: (which: Drawer) => void }) {
  const { sight, state } = usePage();
  const channel = channelOf(sight, state.channelId);
  if (channel === undefined) return html`<main class="chat"></main>`;
  const guild = guildOf(sight, channel.id);
  const about = [
    guild?.name ?? 'Direct messages',
    channel.ageRestricted && 'age-restricted',
    channel.restricted && 'moderators only',
  ];
  return html`
    <main class="chat" inert=${drawer !== null} aria-label=${`#${channel.name || 'direct messages'}`}>
      <header class="chat-head">
        <button type="button" class="plain only-narrow" aria-expanded=${drawer === 'channels'} aria-label="Channels"
          onClick=${() => toggle('channels')}><${Icon} name="menu" /></button>
        <h2><${Icon} name=${guild ? (channel.restricted ? 'lock' : 'hash') : 'mail'} />${channel.name || 'Hallo'}</h2>
        <p>${about.filter(Boolean).join(' · ')}</p>
        <${ThemeButton} />
        <button type="button" class="plain only-medium" aria-expanded=${drawer === 'backstage'}
          aria-label="Behind the scenes" onClick=${() => toggle('backstage')}><${Icon} name="panel" /></button>
      </header>
      ${!state.connected && html`<p class="lost" role="alert">The sandbox is away. Trying again…</p>`}
      <${Log} key=${`${channel.id} ${sight.memberId}`} channel=${channel} />
      <${Composer} key=${`composer ${channel.id} ${sight.memberId}`} channel=${channel} />
    </main>
  `;
}

const nearPx = 120;

/** The messages; stays at the newest unless one has scrolled up. */
function Log({ channel }: { channel: PageChannel }) {
  const { state, change } = usePage();
  const log = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const messages = messagesIn(state, channel.id);
  const notes = state.notes.filter(each => each.channelId === channel.id);
  const toEnd = () => log.current?.scrollTo({ top: log.current.scrollHeight });
  useLayoutEffect(() => {
    if (follows.current) toEnd();
  });
  useEffect(() => {
    // Pictures and videos grow when they are loaded.
    const content = log.current?.firstElementChild;
    if (!content) return;
    const observer = new ResizeObserver(() => follows.current && toEnd());
    observer.observe(content);
    return () => observer.disconnect();
  }, []);
  const onScroll = ({ currentTarget: it }: { currentTarget: HTMLElement }) => {
    follows.current = it.scrollHeight - it.scrollTop - it.clientHeight < nearPx;
  };
  return html`
    <div class="log" role="log" aria-label="Messages" tabindex="0" ref=${log} onScroll=${onScroll}>
      <ol class="messages">
        ${messages.length === 0 && html`<li class="empty"><${Welcome} channel=${channel} /></li>`}
        ${messages.map(message => html`<${Message} key=${message.id} message=${message} channel=${channel} />`)}
        ${notes.map(
          note => html`<li class="note" role="alert" key=${`note ${note.id}`}>
            <p>${note.text}</p>
            <small>Only you can see this · <button type="button" class="link"
              onClick=${() => change({ kind: 'note-dismissed', id: note.id })}>Dismiss message</button></small>
          </li>`,
        )}
      </ol>
    </div>
  `;
}

function Welcome({ channel }: { channel: PageChannel }) {
  if (channel.commandIds.length === 0) return html`<p>Nothing was said here yet.</p>`;
  return html`
    <h3>Nothing was said here yet</h3>
    <p>
      Type <kbd>/</kbd> below to see what the bot can do. <code>/hallo</code> takes a portrait and a voice, and answers with a
      video; samples are one click away.
    </p>
  `;
}

function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme());
  const label = { auto: 'as the system has it', light: 'light', dark: 'dark' }[theme];
  const icon = ({ auto: 'auto', light: 'sun', dark: 'moon' } as const)[theme];
  const turn = () => {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  };
  return html`<button type="button" class="plain" aria-label=${`Colours: ${label}`} title=${`Colours: ${label}`}
    onClick=${turn}><${Icon} name=${icon} /></button>`;
}
