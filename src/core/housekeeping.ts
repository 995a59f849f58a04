import type { Clock, Timer } from './clock.ts';
import type { Guilds } from './guilds.ts';
import type { Files, Ledger, Telemetry } from './ports.ts';
import type { Render } from './render.ts';

const RENEW_EVERY_MS = 10_000;
const TAKE_OVER_EVERY_MS = 15_000;
const SWEEP_EVERY_MS = 10 * 60_000;
/** Renders taken over in one transaction. */
const TAKE_OVER_BATCH = 500;

/** What has to be done again and again: leases renewed, abandoned renders taken over, expired things deleted. */
export type Housekeeping = { start(): Promise<void>; stop(): void };

export function createHousekeeping(deps: {
  ledger: Ledger;
  files: Files;
  guilds: Pick<Guilds, 'sweep'>;
  /** Goes on with a render that an earlier process left. */
  resume(render: Render): void;
  clock: Clock;
  telemetry: Telemetry;
  keepRecordsMs: number;
}): Housekeeping {
  const { clock, files, ledger } = deps;
  const timers = new Set<Timer>();
  let stopped = false;

  /** Takes over everything that nobody holds: on start all that an earlier process left. */
  async function takeOver(): Promise<void> {
    for (;;) {
      const renders = await ledger.takeOver(TAKE_OVER_BATCH);
      for (const render of renders) deps.resume(render);
      if (renders.length < TAKE_OVER_BATCH) return;
    }
  }

  function every(intervalMs: number, work: () => Promise<unknown>): void {
    const timer = clock.setTimer(clock.now() + intervalMs, async () => {
      timers.delete(timer);
      try {
        await work();
      } catch (error) {
        deps.telemetry.alarm('storage', error instanceof Error ? error.message : String(error));
      }
      if (!stopped) every(intervalMs, work);
    });
    timers.add(timer);
  }

  return {
    async start() {
      await takeOver();
      every(RENEW_EVERY_MS, () => ledger.renewLeases());
      every(TAKE_OVER_EVERY_MS, takeOver);
      every(SWEEP_EVERY_MS, async () => {
        await files.sweep();
        await deps.guilds.sweep();
        await ledger.sweep(clock.now() - deps.keepRecordsMs);
      });
    },
    stop() {
      stopped = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
