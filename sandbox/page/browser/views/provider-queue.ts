import type { ProviderRequest } from '../../protocol.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';

/** The provider's books: what waits, what is rendered, how each ended and what it cost. */
export function ProviderQueue() {
  const { state } = usePage();
  const requests = state.backstage?.requests ?? [];
  if (requests.length === 0) return html`<p class="quiet">No render was ordered yet.</p>`;
  return html`
    <p class="quiet">Billed in all: ${(state.backstage?.billedUsd ?? 0).toFixed(2)} US$, of money that is not real here.</p>
    <ol class="queue">${[...requests].reverse().map(each => html`<${Line} key=${each.id} it=${each} />`)}</ol>
  `;
}

function Line({ it }: { it: ProviderRequest }) {
  const tookMs = it.endedAt === null ? null : it.endedAt - it.receivedAt;
  const facts = [
    new Date(it.receivedAt).toLocaleTimeString(),
    tookMs === null ? undefined : `${(tookMs / 1000).toFixed(1)} s`,
    it.costUsd === null ? undefined : `${it.costUsd.toFixed(2)} US$`,
  ];
  return html`
    <li>
      <b class=${`state ${it.state.toLowerCase()}`}>${it.state}</b>
      <code>${it.id.slice(0, 8)}</code>
      <small>${facts.filter(Boolean).join(' · ')}</small>
      ${it.state === 'PROCESSING' && html`<progress aria-label="Rendered" max="1" value=${it.progress ?? undefined}></progress>`}
    </li>
  `;
}
