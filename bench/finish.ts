import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Discord } from '../sandbox/discord/index.ts';
import { type Figure, median, ratioAtMost } from './figure.ts';
import { agreeOnce } from './world/consent.ts';
import { registerCommands, startBareBot, startBot } from './world/programs.ts';
import { onStage } from './world/stage.ts';

const RUNS = 7;
const WITHIN_MS = 60_000;
const MEGABYTE = 1_000_000;

/** A real video of exactly so many bytes: a box of padding behind it, which players pass over. */
async function videoOf(bytes: number): Promise<Buffer> {
  const video = await readFile(new URL('../src/server/faults/instant.mp4', import.meta.url));
  const padding = Buffer.alloc(bytes - video.length, 0xa5);
  padding.writeUInt32BE(padding.length, 0);
  padding.write('free', 4, 'latin1');
  return Buffer.concat([video, padding]);
}

/** Uses `/hallo` and answers when (performance.now) the video was in the message. */
async function videoVisible(discord: Discord): Promise<number> {
  const { general, ada } = discord.places;
  const sample = async (name: string) => ({
    file: { name, bytes: await readFile(new URL(`../sandbox/samples/${name}`, import.meta.url)) },
  });
  const options = { image: await sample('portrait.jpg'), audio: await sample('voice.wav') };
  const handle = await discord.members.command({ channelId: general.id, memberId: ada.id, name: 'hallo', options });
  const seen = () => (handle.original()?.attachments.length ?? 0) > 0 && performance.now();
  return discord.waitFor(seen, { timeoutMs: WITHIN_MS, what: 'a video in the message' });
}

/** From the provider's COMPLETED to the video in the message, beside a bare bot's download and upload. */
export async function finish({ database }: { database?: string } = {}): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const megabytes of [1, 9]) {
    const video = await videoOf(megabytes * MEGABYTE);
    let completedAtMs = Number.NaN;
    const state = (): 'COMPLETED' => {
      // The result says it once more; the first counts.
      if (Number.isNaN(completedAtMs)) completedAtMs = performance.now();
      return 'COMPLETED';
    };
    const sides = await onStage(
      async ours =>
        onStage(async bare => {
          for (const { discord } of [ours, bare]) await registerCommands(discord);
          const settings = { ...ours.provider.settings, HALLO_EXPECTED_RENDER_SECONDS: '1' };
          const bot = await startBot({ discord: ours.discord, folder: join(ours.folder, 'bot'), database, settings });
          const status = ours.provider.job('bare').statusUrl;
          const other = await startBareBot({ discord: bare.discord, folder: bare.folder, settings: { BARE_STATUS_URL: status } });
          const took = { ours: [] as number[], other: [] as number[] };
          try {
            for (const { discord } of [ours, bare]) await agreeOnce(discord);
            // The first of each is for warming up.
            for (let run = 0; run <= RUNS; run++) {
              for (const [name, stage] of [
                ['other', bare],
                ['ours', ours],
              ] as const) {
                completedAtMs = Number.NaN;
                const visibleAtMs = await videoVisible(stage.discord);
                if (run > 0) took[name].push(visibleAtMs - completedAtMs);
              }
            }
          } finally {
            await Promise.all([bot.kill(), other.kill()]);
          }
          return { ours: median(took.ours), other: median(took.other), unit: 'ms' };
        }),
      { state, video: () => video },
    );
    figures.push(ratioAtMost(`from COMPLETED to the video, ${megabytes} MB`, sides, 'bare download and upload', 1.3));
  }
  return figures;
}
