import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, mean, quantile, ratioAtMost } from './figure.ts';
import { registerCommands, startBot } from './world/programs.ts';
import { type Seed, seedRenders } from './world/seed.ts';
import { onStage, type Stage } from './world/stage.ts';

const LONE = 200;
const BIG = 5_000;
/** Far fewer than want to render, so that there is a line. */
const AT_ONCE = 20;
/** The provider takes nothing before that: by then the bot has read and shown its line. */
const CLOSED_FOR_MS = 8_000;
const WITHIN_MS = 120_000;

/** The waits of lone renders from the opening of the provider to their submits, in ms. */
function waits(big: number, database: string | undefined): Promise<number[]> {
  let opensAtMs = Number.POSITIVE_INFINITY;
  const waited: number[] = [];
  const submit = ({ portraitUrl }: { portraitUrl: string }) => {
    if (Date.now() < opensAtMs) return { refusedUntilMs: opensAtMs };
    if (portraitUrl.includes('lone')) waited.push(Date.now() - opensAtMs);
    return undefined;
  };
  // Whatever is asked for has failed: what is measured is who goes first, and videos would only take the processor.
  return onStage(
    async stage => {
      await registerCommands(stage.discord);
      const settings = {
        ...stage.provider.settings,
        ...{ HALLO_MAX_AT_ONCE: `${AT_ONCE}`, HALLO_DEFAULT_AT_ONCE: '2', HALLO_EXPECTED_RENDER_SECONDS: '1' },
      };
      const place = { discord: stage.discord, folder: join(stage.folder, 'bot'), database, settings };
      // The big guild came first.
      await seedRenders(stage, place, [...seedsOf(stage, 'big', 1, big), ...seedsOf(stage, 'lone', LONE, LONE)]);
      opensAtMs = Date.now() + CLOSED_FOR_MS;
      const bot = await startBot(place);
      try {
        while (waited.length < LONE && Date.now() < opensAtMs + WITHIN_MS) await sleep(20);
        return waited;
      } finally {
        await bot.kill();
      }
    },
    { submit, state: () => 'FAILED' },
  );
}

function seedsOf({ discord }: Stage, name: string, guilds: number, renders: number): Seed[] {
  const places = Array.from({ length: guilds }, (_, index) =>
    discord.world.addGuild({ name: `${name} ${index}`, memberIds: [discord.places.ada.id] }),
  );
  return Array.from({ length: renders }, (_, index) => {
    const guild = places[index % guilds];
    return { guildId: guild?.id ?? '', channelId: guild?.channelIds[0] ?? '', name: `${name}-${index}` };
  });
}

/** How long guilds with one render wait beside a guild with thousands, over what they wait without it. */
export async function fair({ database }: { database?: string } = {}): Promise<Figure[]> {
  const alone = await waits(0, database);
  const beside = await waits(BIG, database);
  const all = (of: (waited: readonly number[]) => number) => ({
    ours: beside.length < LONE ? Number.NaN : of(beside) / 1_000,
    other: alone.length < LONE ? Number.NaN : of(alone) / 1_000,
    unit: 's',
  });
  return [
    ratioAtMost('wait of a lone render, mean', all(mean), 'without the big guild', 1.2),
    ratioAtMost(
      'wait of a lone render, longest',
      all(waited => quantile(waited, 1)),
      'without the big guild',
      1.2,
    ),
  ];
}
