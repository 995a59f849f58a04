import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, median, ratioAtMost } from './figure.ts';
import { residentBytes } from './world/process-figures.ts';
import { type BotPlace, type RunningBot, startBareBot, startBot } from './world/programs.ts';
import { onStage } from './world/stage.ts';

const RUNS = 5;
/** After this the collector has tidied up what the start left. */
const SETTLE_MS = 3_000;
const MEBIBYTE = 1_048_576;

type Idle = { readyMs: number; bytes: number };

async function idleOf(start: (place: BotPlace) => Promise<RunningBot>, place: BotPlace): Promise<Idle> {
  const bot = await start(place);
  try {
    await sleep(SETTLE_MS);
    return { readyMs: bot.readyMs, bytes: await residentBytes(bot.pid) };
  } finally {
    await bot.kill();
  }
}

/** Memory and start-up of a bot that nobody uses, beside those of a bare one; in turns, so that both meet the same machine. */
export function idle({ database }: { database?: string } = {}): Promise<Figure[]> {
  return onStage(async ({ discord, provider, folder }) => {
    const ours: Idle[] = [];
    const bare: Idle[] = [];
    const place = (name: string) => ({ discord, folder: join(folder, name), database, settings: provider.settings });
    // The first start after an installation or a change compiles: see docs/performance.md.
    await idleOf(startBot, place('first'));
    for (let run = 0; run < RUNS; run++) {
      bare.push(await idleOf(startBareBot, place(`bare-${run}`)));
      ours.push(await idleOf(startBot, place(`ours-${run}`)));
    }
    const sides = (unit: string, of: (each: Idle) => number) => ({
      ...{ ours: median(ours.map(of)), other: median(bare.map(of)), unit },
    });
    return [
      ratioAtMost(
        'memory',
        sides('MiB', ({ bytes }) => bytes / MEBIBYTE),
        'bare bot',
        1.25,
      ),
      ratioAtMost(
        'from start to READY',
        sides('ms', ({ readyMs }) => readyMs),
        'bare bot',
        1.5,
      ),
    ];
  });
}
