import { createHash } from 'node:crypto';
import type { Render } from '../core/render.ts';
import { hourChart } from './hour-chart.ts';
import { escapeHtml } from './html.ts';
import type { Status } from './status.ts';

const LONGEST_DETAIL = 200;

const STYLE = `
:root { color-scheme: light dark; --ink: #20302d; --soft: #5b6a67; --paper: #fdfcf8; --card: #f2efe8; --line: #dcd8ce;
  --video: #0e6f63; --failed: #b3452f; --cancelled: #a89a7c; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae3; --soft: #a9b3b0; --paper: #17201e; --card: #212c29; --line: #36433f;
  --video: #4db8a6; --failed: #e5836c; --cancelled: #8f866f; } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; } p { margin: .25rem 0; } small, .soft { color: var(--soft); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem; margin: 1rem 0; }
dl div { background: var(--card); border-radius: .5rem; padding: .6rem .8rem; } dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-size: 1.4rem; }
.bad { color: var(--failed); font-weight: 600; } .wide { overflow-x: auto; }
/* Where it is too narrow for all, the right end is seen first. */ .newest { direction: rtl; } svg { direction: ltr; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; } td.detail { min-width: 16rem; overflow-wrap: anywhere; }
svg { width: 100%; min-width: 34rem; height: auto; } svg text { fill: var(--soft); font: 10px system-ui, sans-serif; }
.video { fill: var(--video); color: var(--video); } .failed { fill: var(--failed); color: var(--failed); } .cancelled { fill: var(--cancelled); color: var(--cancelled); }
i { font-style: normal; } a { color: var(--video); } .axis { stroke: var(--line); }
`;

/** Nothing but the page's own style is allowed: foreign text that got through as markup could still do nothing. */
export const STATUS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Times are UTC's, as the limits are. */
const time = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const usd = (amount: number) => `${amount.toFixed(2)} US$`;

/** The status page: renders now, the last day, the last failures, the provider. `scrub` takes secrets out of foreign text. */
export function statusPage(status: Status, scrub: (text: string) => string): string {
  const { totals, provider } = status;
  const tile = (name: string, value: string | number) => `<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="15">
<title>Hallo: status</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Hallo for Discord</h1>
<p class="soft">${escapeHtml(status.role === 'all' ? 'bot' : status.role)} · up since ${time(status.upSinceMs)} UTC · as of ${time(status.nowMs)} UTC</p>
<p>${health(status)}</p>
<h2>Renders now</h2>
<dl>${(['preparing', 'waiting', 'submitting', 'rendering', 'announcing'] as const).map(phase => tile(phase, totals.phases[phase])).join('')}</dl>
<h2>Provider and money</h2>
<dl>${[
    tile('calls left this minute', Math.floor(provider.callsLeft)),
    tile('booked today', usd(totals.bookedTodayUsd)),
    tile('booked this month', usd(totals.bookedMonthUsd)),
  ].join('')}</dl>
<h2>The last day</h2>
${hourChart(status.hours, status.nowMs)}
<h2>Last failures</h2>
${status.failures.length === 0 ? '<p class="soft">None in the last day.</p>' : failureTable(status.failures, scrub)}
<p><small>More: <a href="/metrics">/metrics</a> · <a href="/costs">/costs</a> · <a href="/readyz">/readyz</a></small></p>
</main>
</body>
</html>
`;
}

function health({ missing, provider }: Status): string {
  if (missing !== undefined) return `<span class="bad">Not ready: ${escapeHtml(missing)} is missing.</span>`;
  switch (provider.pausedFor) {
    case 'credits':
      return '<span class="bad">Submits pause: the provider’s account has no credits left.</span>';
    case 'key':
      return '<span class="bad">Submits pause: the provider refuses the key.</span>';
    case undefined:
      return 'Connected; the provider takes work.';
  }
}

function failureTable(failures: readonly Render[], scrub: (text: string) => string): string {
  const row = (render: Render) => {
    if (render.outcome?.kind !== 'failed') return '';
    const { reason, charged, detail, problem } = render.outcome;
    // Cut last: half of a secret would no longer be known as one.
    const told = scrub(detail ?? problem?.code ?? '').slice(0, LONGEST_DETAIL);
    const cells = [time(render.closedAtMs ?? render.phaseAtMs), render.guildId, render.id, reason, charged].map(escapeHtml);
    return `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}<td class="detail">${escapeHtml(told)}</td></tr>`;
  };
  const heads = ['UTC', 'server', 'render', 'reason', 'charged', 'detail'].map(name => `<th scope="col">${name}</th>`).join('');
  return `<div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>${failures.map(row).join('')}</tbody></table></div>`;
}
