import type { Clock } from './clock.ts';
import type { Guilds } from './guilds.ts';
import type { KnownVideos } from './known-videos.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Files, Ledger, Moderation, StoredSettings, Telemetry, Wakeups } from './ports.ts';
import type { Render } from './render.ts';
import { repeat } from './repeat.ts';

const SWEEP_EVERY_MS = 10 * 60_000;

/** What has to be done again and again: leases renewed, abandoned renders taken over, expired things deleted. */
export type Housekeeping = {
  start(): Promise<void>;
  /** Takes over what nobody holds. */
  takeOver(): Promise<void>;
  stop(): void;
};

export function createHousekeeping(deps: {
  ledger: Ledger;
  files: Files;
  settings: Pick<StoredSettings, 'sweep'>;
  knownVideos: Pick<KnownVideos, 'sweep'>;
  wakeups: Pick<Wakeups, 'repeat'>;
  /** false: another process performs the renders; only the own leases are kept */
  performs: boolean;
  guilds: Pick<Guilds, 'sweep'>;
  moderation: Pick<Moderation, 'sweep'>;
  /** Goes on with a render that an earlier process left. */
  resume(render: Render): void;
  clock: Clock;
  telemetry: Telemetry;
  keepRecordsMs: number;
}): Housekeeping {
  const { clock, files, ledger, wakeups } = deps;
  const { renewEveryMs, takeOverEveryMs, takeOverBatch } = ledger.rhythm;
  const stops: (() => void)[] = [];
  /** Work that alarms where it fails. */
  const alarming = (work: () => Promise<unknown>) => async () => {
    try {
      await work();
    } catch (error) {
      deps.telemetry.alarm('storage', error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
  const every = (everyMs: number, work: () => Promise<unknown>) => stops.push(repeat(clock, everyMs, alarming(work)));

  const takeOver = oneAtATime(async () => {
    for (;;) {
      const renders = await ledger.takeOver(takeOverBatch);
      for (const render of renders) deps.resume(render);
      if (renders.length < takeOverBatch) return;
    }
  });

  return {
    async start() {
      every(renewEveryMs, () => ledger.renewLeases());
      if (!deps.performs) return;
      // On start, all that an earlier process left.
      await takeOver();
      every(takeOverEveryMs, takeOver);
      const sweep = async () => {
        await files.sweep();
        await deps.knownVideos.sweep(clock.now());
        await deps.settings.sweep();
        await deps.guilds.sweep();
        await ledger.sweep(clock.now() - deps.keepRecordsMs);
        await deps.moderation.sweep(clock.now() - deps.keepRecordsMs);
      };
      await wakeups.repeat('sweep', SWEEP_EVERY_MS, alarming(sweep));
    },
    takeOver: () => alarming(takeOver)().catch(() => undefined),
    stop() {
      for (const stop of stops) stop();
    },
  };
}
