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
