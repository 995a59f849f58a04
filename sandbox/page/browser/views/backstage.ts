import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { Icon } from './icon.ts';
import { ProviderQueue } from './provider-queue.ts';
import { Requests } from './requests.ts';
import { Switches } from './switches.ts';

const tabs = [
  { id: 'switches', label: 'Switches', view: Switches },
  { id: 'queue', label: 'Provider', view: ProviderQueue },
  { id: 'requests', label: 'Requests', view: Requests },
] as const;

const botStates = {
  connected: 'Bot is connected',
  starting: 'Bot is starting',
  stopped: 'Bot is stopped',
  unknown: 'No bot',
} as const;

/** Behind the scenes: what goes wrong on order, what the provider does, what the bot asks of Discord. */
export function Backstage({ close }: { close: () => void }) {
  const { state } = usePage();
  const [at, setAt] = useState(0);
  const bot = state.backstage?.bot ?? 'unknown';
  const tab = tabs[at] ?? tabs[0];
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = (at + step + tabs.length) % tabs.length;
    setAt(to);
    document.getElementById(`tab-${tabs[to]?.id}`)?.focus();
  }
  return html`
    <aside class="backstage" id="backstage" aria-label="Behind the scenes">
      <header>
        <h2>Behind the scenes</h2>
        <p class=${`bot-state ${bot}`} role="status">${botStates[bot]}</p>
        <button type="button" class="plain only-medium close" aria-label="Close the panel" onClick=${close}><${Icon}
          name="close" /></button>
      </header>
      <div class="tabs" role="tablist" aria-label="Behind the scenes" onKeyDown=${onKeyDown}>
        ${tabs.map(
          ({ id, label }, index) =>
            html`<button type="button" role="tab" id=${`tab-${id}`} aria-selected=${index === at} aria-controls="tab-panel"
              tabindex=${index === at ? 0 : -1} onClick=${() => setAt(index)}>${label}</button>`,
        )}
      </div>
      <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${tab.id}`} tabindex="0"><${tab.view} /></div>
    </aside>
  `;
}
