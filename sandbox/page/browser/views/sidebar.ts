import type { PageChannel, PageGuild } from '../../protocol.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { Icon } from './icon.ts';
import { Members } from './members.ts';

/** Servers and channels, and who one is. */
export function Sidebar({ become, close }: { become: (memberId: string) => void; close: () => void }) {
  const { sight } = usePage();
  return html`
    <nav class="sidebar" id="channels" aria-label="Servers and channels">
      <header class="brand">
        <img src="/page/browser/icon.svg" alt="" width="28" height="28" />
        <h1>Hallo sandbox</h1>
        <button type="button" class="plain only-narrow close" aria-label="Close the channels" onClick=${close}><${Icon}
          name="close" /></button>
      </header>
      <div class="channels">
        ${sight.guilds.map(guild => html`<${Guild} key=${guild.id} guild=${guild} close=${close} />`)}
        <section aria-label="Direct messages">
          <h2>Direct messages</h2>
          <ul><li><${ChannelButton} channel=${sight.directMessages} label="Hallo" icon="mail" close=${close} /></li></ul>
        </section>
      </div>
      <${Members} become=${become} />
    </nav>
  `;
}

function Guild({ guild, close }: { guild: PageGuild; close: () => void }) {
  return html`
    <section aria-label=${guild.name}>
      <h2>${guild.name}</h2>
      <ul>
        ${guild.channels.map(
          channel => html`<li key=${channel.id}>
            <${ChannelButton} channel=${channel} label=${channel.name} icon=${channel.restricted ? 'lock' : 'hash'}
              close=${close} />
          </li>`,
        )}
      </ul>
    </section>
  `;
}

function ChannelButton(props: { channel: PageChannel; label: string; icon: 'hash' | 'lock' | 'mail'; close: () => void }) {
  const { state, change } = usePage();
  const { channel, label, icon, close } = props;
  const open = () => {
    change({ kind: 'channel', channelId: channel.id });
    close();
  };
  const here = state.channelId === channel.id;
  return html`
    <button type="button" class="channel" aria-current=${here ? 'page' : undefined} onClick=${open}>
      <${Icon} name=${icon} />
      <span>${label}</span>
      ${channel.ageRestricted && html`<abbr class="badge" title="Age-restricted">18+</abbr>`}
      ${channel.restricted && html`<span class="unseen">, moderators only</span>`}
    </button>
  `;
}
