import type { Context, PerformStep, Step } from './context.ts';
import type { Phase } from './phases.ts';
import type { Render } from './render.ts';
import { announcing } from './steps/announcing.ts';
import { preparing } from './steps/preparing.ts';
import { rendering } from './steps/rendering.ts';
import { submitting } from './steps/submitting.ts';
import { waiting } from './steps/waiting.ts';

/** The life cycle: what is done in each phase. */
const STEPS: Readonly<Record<Phase, PerformStep>> = {
  preparing,
  waiting,
  submitting,
  rendering,
  announcing,
  closed: async () => ({ kind: 'done' }),
};

/**
 * Carries a render on from wherever it stands, until it has to wait, has ended, or has moved on elsewhere. Re-entrant: called
 * again after a wait, after a crash, or twice, it goes on from what the ledger says.
 */
export async function performRender(
  render: Render,
  context: Context,
  signal: AbortSignal,
): Promise<Exclude<Step, { kind: 'moved' }>> {
  let current = render;
  for (;;) {
    const step = await STEPS[current.phase](current, context, signal);
    if (step.kind !== 'moved') return step;
    if (step.render.phase !== current.phase)
      context.telemetry.log(current.id, 'phase', { from: current.phase, to: step.render.phase });
    current = step.render;
  }
}
