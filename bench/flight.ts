import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Figure } from './figure.ts';
import { cpuSeconds, residentBytes } from './world/process-figures.ts';
import { registerCommands, startBot } from './world/programs.ts';
import { type Seed, seedRenders } from './world/seed.ts';
import { onStage, type Stage } from './world/stage.ts';

const IN_FLIGHT = 10_000;
const GUILDS = 100;
/** What the paid plan's largest rate allows. */
const REQUESTS_PER_MINUTE = 1_000;
const EXPECTED_S = 300;
/** The start, and the first edit of every message, are over by then. */
const SETTLE_MS = 15_000;
const WATCHED_MS = 20_000;

/** Renders of one process that the provider works on, over many guilds, begun one after the other within the expected time. */
export function inFlight({ discord, provider }: Stage, amount: number, guilds: number): Seed[] {
  const places = Array.from({ length: guilds }, (_, index) =>
    discord.world.addGuild({ name: `Guild ${index}`, memberIds: [discord.places.ada.id] }),
  );
  const nowMs = Date.now();
  return Array.from({ length: amount }, (_, index) => {
    const guild = places[index % guilds];
    const submittedAtMs = nowMs - Math.floor((index / amount) * EXPECTED_S * 1_000);
    return {
      ...{ guildId: guild?.id ?? '', channelId: guild?.channelIds[0] ?? '', name: `render-${index}` },
      job: { ...provider.job(`seed-${index}`), submittedAtMs },
    };
  });
}

/** What many renders in flight need of one process: memory, time of its loop, of the processor. */
export function flight({ database }: { database?: string } = {}): Promise<Figure[]> {
  return onStage(async stage => {
    const { discord, provider } = stage;
    await registerCommands(discord);
    const settings = {
      ...provider.settings,
      HALLO_REQUESTS_PER_MINUTE: `${REQUESTS_PER_MINUTE}`,
      HALLO_EXPECTED_RENDER_SECONDS: `${EXPECTED_S}`,
    };
    const place = (name: string) => ({ discord, folder: join(stage.folder, name), database, settings });
    const empty = await startBot(place('empty'));
    await sleep(SETTLE_MS);
    const emptyBytes = await residentBytes(empty.pid);
    await empty.kill();

    await seedRenders(stage, place('full'), inFlight(stage, IN_FLIGHT, GUILDS));
    const bot = await startBot(place('full'));
    try {
      await sleep(SETTLE_MS);
      // To read it begins it anew.
      await bot.metric('nodejs_eventloop_lag_p99_seconds');
      const before = await cpuSeconds(bot.pid);
      const startedAtMs = performance.now();
      await sleep(WATCHED_MS);
      const cores = ((await cpuSeconds(bot.pid)) - before) / ((performance.now() - startedAtMs) / 1_000);
      const bytes = await residentBytes(bot.pid);
      const lagMs = (await bot.metric('nodejs_eventloop_lag_p99_seconds')) * 1_000;
      const watched = await bot.metric('hallo_renders{phase="rendering"}');
      if (watched !== IN_FLIGHT) throw new Error(`${watched} renders are in flight, not ${IN_FLIGHT}`);
      return [
        atMost('memory per render', (bytes - emptyBytes) / 1_000 / IN_FLIGHT, 'kB', 10),
        atMost('event-loop delay, p99', lagMs, 'ms', 50),
        atMost('processor', cores, 'cores', 1),
      ];
    } finally {
      await bot.kill();
    }
  });
}
