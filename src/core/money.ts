import type { Charged, Outcome } from './render.ts';

/** What an outcome means for money and limits. */
export type Settlement = {
  costUsd: number;
  /** whether the render goes on counting in its guild's hour and its member's day */
  counts: boolean;
};

/** Whether the provider bills for a render that ended so. */
export function chargedOf(outcome: Outcome): Charged {
  if (outcome.kind === 'video') return outcome.free ? 'no' : 'yes';
  return outcome.charged;
}

/**
 * Settles a reservation. Place and money come back only where certainly nothing was billed; where that is unknown the
 * estimate stays booked; where it was billed the provider's own figure counts, or the estimate if it names none.
 */
export function settle(outcome: Outcome, reservedUsd: number, statedCostUsd: number | null): Settlement {
  switch (chargedOf(outcome)) {
    case 'no':
      return { costUsd: 0, counts: false };
    case 'maybe':
      return { costUsd: reservedUsd, counts: true };
    case 'yes':
      return { costUsd: statedCostUsd ?? reservedUsd, counts: true };
  }
}
