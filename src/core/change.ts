import { settle } from './money.ts';
import { heedCancel } from './outcomes.ts';
import type { Phase } from './phases.ts';
import type { RenderChange } from './ports.ts';
import type { Prepared, Render } from './render.ts';

/** What a write makes of a render, and what follows from it in the same transaction. */
export type Changed = {
  render: Render;
  /** false: gives its place in the hour and the day back */
  counts: boolean;
  /** money to be booked, on the day of its admission, and how many renders it is of; negative: given back */
  bookUsd: number;
  bookRenders: 0 | -1;
};

/** Moves a render to a phase (or stays in it) with a change; its money follows the outcome. */
export function changed(before: Render, to: Phase, change: RenderChange, nowMs: number): Changed {
  const render: Render = { ...before, ...change, phase: to, phaseAtMs: to === before.phase ? before.phaseAtMs : nowMs };
  if (to === 'closed') render.closedAtMs = nowMs;
  if (render.outcome === null || before.outcome !== null) return { render, counts: true, bookUsd: 0, bookRenders: 0 };
  // Here, for the wish may have come while the step was at work.
  render.outcome = heedCancel(render.outcome, before.cancelledAtMs);
  if (render.prepared !== null) render.prepared = withoutMadeOf(render.prepared);
  const { costUsd, counts } = settle(render.outcome, before.reservedUsd, render.costUsd);
  render.costUsd = costUsd;
  return { render, counts, bookUsd: costUsd - before.reservedUsd, bookRenders: counts ? 0 : -1 };
}

/** A render's record outlives its video, by which alone it is known what that was made of. */
function withoutMadeOf({ madeOf: _, ...prepared }: Prepared): Prepared {
  return prepared;
}
