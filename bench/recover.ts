import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Figure, median } from './figure.ts';
import { inFlight } from './flight.ts';
import { beginBot, registerCommands, startBot } from './world/programs.ts';
import { seedRenders } from './world/seed.ts';
import { onStage } from './world/stage.ts';

const IN_FLIGHT = 5_000;
const GUILDS = 50;
const RUNS = 3;
const WITHIN_MS = 60_000;

/**
 * A bot that is killed with thousands of renders in flight, and started again: how long until the provider was asked for every one
 * of them. All are due at once, and calls are not short: that is the most that a start has to do.
 */
export function recover({ database }: { database?: string } = {}): Promise<Figure[]> {
  const asked = new Set<string>();
  let submits = 0;
  const provider = {
    submit: () => {
      submits += 1;
      return undefined;
    },
    state: (requestId: string) => {
      asked.add(requestId);
      return 'PROCESSING' as const;
    },
  };
  return onStage(async stage => {
    await registerCommands(stage.discord);
    // Expected to end sooner than they were begun, so each is due as soon as it is watched.
    const settings = {
      ...stage.provider.settings,
      ...{ HALLO_EXPECTED_RENDER_SECONDS: '10', HALLO_REQUESTS_PER_MINUTE: '1000000' },
    };
    const place = { discord: stage.discord, folder: join(stage.folder, 'bot'), database, settings };
    await seedRenders(stage, place, inFlight(stage, IN_FLIGHT, GUILDS));
    const tookMs: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const before = await startBot(place);
      await sleep(1_000);
      await before.kill();
      asked.clear();
      const startedAtMs = performance.now();
      const after = await beginBot(place);
      try {
        while (asked.size < IN_FLIGHT && performance.now() - startedAtMs < WITHIN_MS) await sleep(10);
        tookMs.push(asked.size < IN_FLIGHT ? Number.POSITIVE_INFINITY : performance.now() - startedAtMs);
        await after.ready;
      } finally {
        await after.kill();
      }
    }
    return [
      atMost(`from start until ${IN_FLIGHT} are watched again`, median(tookMs) / 1_000, 's', 3),
      atMost('submitted again', submits, 'renders', 0),
    ];
  }, provider);
}
