import type { Clock, Timer } from '../../core/clock.ts';
import type { Wakes, Wakeups } from '../../core/ports.ts';
import { repeat } from '../../core/repeat.ts';

/** Timers in this process. Nothing is kept: on start they are rebuilt from the ledger. */
export function createTimerWakeups({ clock }: { clock: Clock }): Wakeups {
  const timers = new Map<string, Timer>();
  const stops: (() => void)[] = [];
  let wakes: Wakes | undefined;

  return {
    async start(handlers) {
      wakes = handlers;
    },
    async wakeAt(renderId, atMs) {
      timers.get(renderId)?.cancel();
      timers.set(
        renderId,
        clock.setTimer(atMs, () => {
          timers.delete(renderId);
          wakes?.wake(renderId);
        }),
      );
    },
    async kick() {
      wakes?.look();
    },
    async repeat(_name, everyMs, work) {
      stops.push(repeat(clock, everyMs, work));
    },
    async close() {
      for (const timer of timers.values()) timer.cancel();
      for (const stop of stops) stop();
      timers.clear();
      wakes = undefined;
    },
  };
}
