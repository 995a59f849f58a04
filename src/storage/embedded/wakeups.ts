import type { Clock, Timer } from '../../core/clock.ts';
import type { Wakeups } from '../../core/ports.ts';

/** Timers in this process. Nothing is kept: on start they are rebuilt from the ledger. */
export function createTimerWakeups({ clock }: { clock: Clock }): Wakeups {
  const timers = new Map<string, Timer>();
  let wake: ((renderId: string) => void) | undefined;
  let look: (() => void) | undefined;

  return {
    async start(handler) {
      wake = handler;
    },
    async wakeAt(renderId, atMs) {
      timers.get(renderId)?.cancel();
      timers.set(
        renderId,
        clock.setTimer(atMs, () => {
          timers.delete(renderId);
          wake?.(renderId);
        }),
      );
    },
    async kick() {
      look?.();
    },
    onKick(handler) {
      look = handler;
    },
    async close() {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      wake = undefined;
      look = undefined;
    },
  };
}
