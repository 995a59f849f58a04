import type { Clock } from '../../core/clock.ts';
import type { Database } from './database.ts';

/** How long a process counts as alive after it said so last. */
export const LEASE_MS = 20_000;
/** How often it says so, and looks for what dead ones left: within 30 s of a death others go on. */
export const LEASE_RHYTHM = { renewEveryMs: 5_000, takeOverEveryMs: 5_000, takeOverBatch: 16 };
/** After the database was away all leases have run out: time for the living to say so before any counts as dead. */
const CALM_AFTER_MS = 8_000;

/** A process's one lease, which covers all renders that it holds. */
export type Leases = {
  renew(): Promise<void>;
  /** Whether nobody can have taken anything over: false when the lease ran out, since the process stalled or lost the database. */
  valid(): boolean;
  /** Grows with each time that the lease ran out: what was held before may have been taken since. */
  term(): number;
  /** Processes whose lease ran out before that time are dead. */
  deadBeforeMs(): number;
  /** Gives the lease back: what it covered may be taken over at once. */
  release(): Promise<void>;
};

export function createLeases(
  { query }: Database,
  { clock, owner, performs }: { clock: Clock; owner: string; performs: boolean },
): Leases {
  let validUntilMs = Number.NEGATIVE_INFINITY;
  let calmAtMs = Number.POSITIVE_INFINITY;
  let term = 0;
  const valid = () => clock.now() < validUntilMs;

  return {
    async renew() {
      const askedAtMs = clock.now();
      const lapsed = !valid();
      await query(
        `insert into hallo.owners (owner, performs, until_ms) values ($1, $2, $3)
          on conflict (owner) do update set until_ms = excluded.until_ms`,
        [owner, performs, askedAtMs + LEASE_MS],
      );
      validUntilMs = askedAtMs + LEASE_MS;
      if (!lapsed) return;
      term += 1;
      calmAtMs = clock.now() + CALM_AFTER_MS;
    },
    valid,
    term: () => term,
    deadBeforeMs: () => (valid() && clock.now() >= calmAtMs ? clock.now() : Number.MIN_SAFE_INTEGER),
    async release() {
      validUntilMs = Number.NEGATIVE_INFINITY;
      // Where the database is away, it runs out by itself.
      await query(
        `with gone as (delete from hallo.owners where owner = $1 returning 1) select pg_notify('hallo', 'work') from gone`,
        [owner],
        { patienceMs: 1_000 },
      ).catch(() => undefined);
    },
  };
}
