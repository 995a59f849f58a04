import type { RecordedRequest } from '../../../discord/index.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { sizeText } from '../text/time.ts';

/** What the bot asked of Discord, newest first, with the answers. */
export function Requests() {
  const { state } = usePage();
  if (state.requests.length === 0) return html`<p class="quiet">The bot has asked nothing yet.</p>`;
  const newestFirst = state.requests.map((each, at) => ({ each, at })).reverse();
  return html`<ol class="requests">${newestFirst.map(
    ({ each, at }) => html`<${Line} key=${`${each.at} ${at}`}
    it=${each} />`,
  )}</ol>`;
}

function Line({ it }: { it: RecordedRequest }) {
  const status = it.status === 0 ? 'cut' : String(it.status);
  return html`
    <li>
      <details>
        <summary><b class=${it.status >= 200 && it.status < 300 ? 'good' : 'bad'}>${status}</b> <span
          class="method">${it.method}</span> <span class="path">${shortPath(it.path)}</span></summary>
        <p><time>${new Date(it.at).toLocaleTimeString()}</time> <code>${it.path}</code></p>
        ${it.json !== null && html`<h4>Sent</h4><pre tabindex="0">${JSON.stringify(it.json, null, 2)}</pre>`}
        ${it.files.length > 0 && html`<h4>Files</h4><ul>${it.files.map(each => html`<li>${each.name}, ${each.type}, ${sizeText(each.bytes)}</li>`)}</ul>`}
        ${it.answer !== null && html`<h4>Answered</h4><pre tabindex="0">${JSON.stringify(it.answer, null, 2)}</pre>`}
      </details>
    </li>
  `;
}

/** Without the version, and with ids and tokens cut to what tells them apart. */
function shortPath(path: string): string {
  return path
    .replace(/^\/api\/v\d+/, '')
    .replace(/\/(\d{10,})/g, (_, id: string) => `/…${id.slice(-4)}`)
    .replace(/\/[\w:.-]{40,}/g, '/token');
}
