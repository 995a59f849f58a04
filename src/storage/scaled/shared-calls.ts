import type { Clock } from '../../core/clock.ts';
import type { SharedCalls } from '../../core/request-pace.ts';
import type { Database } from './database.ts';

/**
 * The provider's minute, longer by what separates a call from the time that it was reserved for: two seconds of waiting, and a second
 * for the network.
 */
const WINDOW_MS = 63_000;
const BURST_SHARE = 1 / 12;
const MOST_AT_ONCE = 32;

/** Calls out of one row that all processes reserve from: never more than `requestsPerMinute` in any 60 s. */
export function createSharedCalls(
  { query }: Database,
  { requestsPerMinute, clock, onError }: { requestsPerMinute: number; clock: Clock; onError: (error: unknown) => void },
): SharedCalls {
  const perWindow = Math.floor(requestsPerMinute);
  const burst = Math.max(1, Math.floor(perWindow * BURST_SHARE));
  // A burst counts in the window that follows it.
  const everyMs = WINDOW_MS / (perWindow - burst + 1);

  // Where there is plenty, more than is asked for: what is not used goes back.
  const atLeast = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(burst / 4)));

  return {
    async reserve(asked) {
      const count = Math.max(asked, atLeast);
      const [row] = await query('select hallo.reserve_calls($1,$2,$3,$4) as first', [clock.now(), everyMs, burst, count]);
      const first = Number(row?.first);
      return Array.from({ length: count }, (_, at) => first + at * everyMs);
    },
    giveBack(count) {
      query('update hallo.permits set next_ms = next_ms - $1', [count * everyMs]).catch(onError);
    },
    pause(untilMs) {
      query('update hallo.permits set paused_until_ms = greatest(paused_until_ms, $1)', [untilMs]).catch(onError);
    },
  };
}
