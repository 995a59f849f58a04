import type { Claim } from '../../core/ports.ts';

/** Whether a claim may be worth a call: nothing was left to claim at the last try, and nobody has said otherwise since. */
export type ClaimHints = {
  /** Something waits for its turn, or a place came free. */
  news(): void;
  any(): boolean;
  /** Tries a claim; where nothing is left after it, only what comes after its start is news. */
  trying(claim: () => Promise<Claim>): Promise<Claim>;
};

export function createClaimHints(now: () => number): ClaimHints {
  let told = 1;
  let tried = 0;
  return {
    news() {
      told += 1;
    },
    any: () => told > tried,
    async trying(claim) {
      const before = told;
      const found = await claim();
      if (found.nextAtMs === undefined || found.nextAtMs > now()) tried = Math.max(tried, before);
      return found;
    },
  };
}
