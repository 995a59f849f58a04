import { chargedOf } from './money.ts';
import type { Reason } from './reasons.ts';
import type { Charged, InputProblem, Outcome } from './render.ts';

/** A failure as an outcome. */
export function failed(
  reason: Reason,
  charged: Charged,
  { detail = null, problem = null }: { detail?: string | null; problem?: InputProblem | null } = {},
): Outcome {
  // The provider's text is foreign: what is kept of it is bounded.
  return { kind: 'failed', reason, detail: detail === null ? null : detail.slice(0, 2_000), problem, charged };
}

export const CANCELLED_FREE: Outcome = { kind: 'cancelled', charged: 'no' };

/** A member who was told that nothing will be posted must not see it posted: the wish to cancel goes before whatever came of the render. */
export function heedCancel(outcome: Outcome, cancelledAtMs: number | null): Outcome {
  return cancelledAtMs === null || outcome.kind === 'cancelled' ? outcome : { kind: 'cancelled', charged: chargedOf(outcome) };
}
