import type { Clock, Timer } from './clock.ts';

/**
 * Does work again and again, with `everyMs` between the end of one and the start of the next; answers how to stop. Work that fails
 * tells so itself, and is done again all the same.
 */
export function repeat(clock: Clock, everyMs: number, work: () => Promise<unknown>): () => void {
  let stopped = false;
  let timer: Timer;
  const next = () => {
    timer = clock.setTimer(clock.now() + everyMs, async () => {
      await work().catch(() => undefined);
      if (!stopped) next();
    });
  };
  next();
  return () => {
    stopped = true;
    timer.cancel();
  };
}
