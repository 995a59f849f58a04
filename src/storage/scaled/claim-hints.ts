/** Whether a claim may be worth a call: nothing was claimable at the last try, and nobody has said otherwise since. */
export type ClaimHints = {
  /** Something waits for its turn, or a place came free. */
  news(): void;
  any(): boolean;
  /** Tries a claim; where it finds nothing, only what comes after its start is news. */
  trying<T>(claim: () => Promise<T | undefined>): Promise<T | undefined>;
};

export function createClaimHints(): ClaimHints {
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
      if (found === undefined) tried = Math.max(tried, before);
      return found;
    },
  };
}
