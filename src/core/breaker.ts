import type { Clock } from './clock.ts';
import type { Provider, Telemetry } from './ports.ts';

/** How often an open breaker asks whether the provider takes work again; the call is free. */
const PROBE_EVERY_MS = 60_000;

/** Open while the provider takes no work for lack of credits or for a bad key: submits pause, new renders are refused at once. */
export type Breaker = {
  /** why it is open; undefined: closed */
  openFor(): 'credits' | 'key' | undefined;
  open(reason: 'credits' | 'key', detail: string): void;
  /** no polls before this time: asking was refused */
  pollsPausedUntilMs(): number;
  pausePolls(untilMs: number): void;
  stop(): void;
};

/**
 * `needUsd`: what must be there at the least for a render. `onClose` is called when work may go on.
 */
export function createBreaker(deps: {
  provider: Pick<Provider, 'credits'>;
  clock: Clock;
  telemetry: Pick<Telemetry, 'alarm'>;
  needUsd: number;
  onClose: () => void;
}): Breaker {
  const { clock } = deps;
  let reason: 'credits' | 'key' | undefined;
  let pausedUntilMs = 0;
  const stopped = new AbortController();

  async function probe(): Promise<void> {
    while (reason !== undefined) {
      await clock.sleep(PROBE_EVERY_MS, stopped.signal);
      const answer = await deps.provider.credits(stopped.signal);
      if (answer.ok && answer.value >= deps.needUsd) {
        reason = undefined;
        pausedUntilMs = 0;
        deps.onClose();
      } else if (answer.ok) reason = 'credits';
      else if (answer.reason === 'key' || answer.reason === 'credits') reason = answer.reason;
    }
  }

  return {
    openFor: () => reason,
    open(why, detail) {
      const wasOpen = reason !== undefined;
      reason = why;
      if (wasOpen) return;
      deps.telemetry.alarm(why, detail);
      probe().catch(error => {
        if (!stopped.signal.aborted) throw error;
      });
    },
    pollsPausedUntilMs: () => pausedUntilMs,
    pausePolls(untilMs) {
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
    },
    stop: () => stopped.abort(new Error('stopped')),
  };
}
