import type { Reason } from '../core/reasons.ts';
import { blockedReason } from './blocked.ts';
import { failureReason } from './failures.ts';
import { withoutInnocent } from './innocent.ts';
import { normalise, unglued } from './normalise.ts';
import { withoutBrokenJudges } from './out-of-order.ts';
import { reasonsOfSupportCodes } from './support-codes.ts';

/** Of several categories the gravest counts. */
const GRAVEST_FIRST: readonly Reason[] = [
  'blocked-minor',
  'blocked-sexual',
  'blocked-violence',
  'blocked-hate',
  'blocked-person',
  'blocked-audio',
  'blocked-other',
];

/**
 * The reason that the text of a FAILED answer stands for. "Content blocks surface as FAILED, not a separate state", so only
 * the text tells. Pure, never throws, linear in the text's length; `provider` for a text that nobody knows.
 */
export function classify(detail: string): Reason {
  const text = normalise(detail);
  const named = reasonsOfSupportCodes(text);
  const byCode = GRAVEST_FIRST.find(reason => named.includes(reason));
  // A code is more exact than the sentence around it, but for those that stand for no category.
  if (byCode !== undefined && byCode !== 'blocked-other') return byCode;
  return blockedReason(withoutInnocent(withoutBrokenJudges(normalise(unglued(detail))))) ?? byCode ?? failureReason(text);
}
