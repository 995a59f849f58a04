import type { EndedHour } from '../core/ports.ts';

const HOURS = 24;
const HOUR_MS = 3_600_000;
const OUTCOMES = ['video', 'failed', 'cancelled'] as const;

/** Units of the drawing; the page scales it. */
const BAR = 22;
const GAP = 6;
const HEIGHT = 120;
const LABELS = 16;

/** How renders ended in each of the last 24 hours, stacked, as an inline SVG; `hourMs` of the figures are full hours, UTC. */
export function hourChart(hours: readonly EndedHour[], nowMs: number): string {
  const lastMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const firstMs = lastMs - (HOURS - 1) * HOUR_MS;
  const shown = hours.filter(({ hourMs }) => hourMs >= firstMs && hourMs <= lastMs);
  const count = (hourMs: number, outcome: EndedHour['outcome']) =>
    shown.find(hour => hour.hourMs === hourMs && hour.outcome === outcome)?.count ?? 0;
  const all = OUTCOMES.map(outcome => shown.reduce((sum, hour) => sum + (hour.outcome === outcome ? hour.count : 0), 0));
  const starts = Array.from({ length: HOURS }, (_, index) => firstMs + index * HOUR_MS);
  const most = Math.max(1, ...starts.map(hourMs => OUTCOMES.reduce((sum, outcome) => sum + count(hourMs, outcome), 0)));

  const bars = starts.map((hourMs, index) => {
    const x = index * (BAR + GAP);
    let bottom = HEIGHT;
    const parts = OUTCOMES.map(outcome => {
      const height = (count(hourMs, outcome) / most) * (HEIGHT - LABELS);
      bottom -= height;
      return height === 0
        ? ''
        : `<rect class="${outcome}" x="${x}" y="${fixed(bottom)}" width="${BAR}" height="${fixed(height)}"/>`;
    });
    const label = index % 3 === 0 ? `<text x="${x}" y="${HEIGHT + LABELS - 3}">${new Date(hourMs).getUTCHours()} h</text>` : '';
    return parts.join('') + label;
  });
  const width = HOURS * (BAR + GAP);
  const [videos = 0, failed = 0, cancelled = 0] = all;
  const told = `${videos} videos, ${failed} failed, ${cancelled} cancelled; at most ${most} in an hour`;
  const key = (outcome: (typeof OUTCOMES)[number]) => `<i class="${outcome}" aria-hidden="true">■</i> `;
  const coloured = `${key('video')}${videos} videos, ${key('failed')}${failed} failed, ${key('cancelled')}${cancelled} cancelled`;
  return `<p>${coloured}; at most ${most} in an hour. Hours are UTC’s.</p>
<div class="wide newest"><svg viewBox="0 0 ${width} ${HEIGHT + LABELS}" role="img" aria-label="By the hour: ${told}">
<line class="axis" x1="0" y1="${HEIGHT}" x2="${width}" y2="${HEIGHT}"/>${bars.join('')}</svg></div>`;
}

const fixed = (value: number) => value.toFixed(1);
