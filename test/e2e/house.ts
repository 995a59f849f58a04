import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import sharp from 'sharp';
import { z } from 'zod';
import { type InteractionHandle, type OptionValue, type SandboxMessage, startDiscord } from '../../sandbox/discord/index.ts';
import { throughModals } from '../../sandbox/run/agree.ts';
import { readConfig } from '../../src/config.ts';
import { type Bot, startBot } from '../../src/main.ts';
import type { Timeouts } from '../../src/segmind/transport.ts';
import type { Engine } from '../../src/server/engines/engine.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { createServer } from '../../src/server/server.ts';
import { readDataDirectory } from '../crash/books.ts';
import { copyEngine } from '../server/harness.ts';
import { consented } from '../support/consented.ts';
import { speechLike, wavOf } from '../support/make-media.ts';
import { createHouseClock } from './clock.ts';
import { buttonOf, endOf } from './sight.ts';
import { startWire } from './wire.ts';

/** How long something may take by the machine's own time. */
const patienceMs = 40_000;
/** How far the clock goes ahead at a time while a test waits, unless the test says otherwise. */
const usualStrideMs = 1_000;

export type Patience = {
  /** names what is waited for where it does not come */
  what?: string;
  /** false: the clock stays where it is */
  hurry?: boolean;
  forMs?: number;
  strideMs?: number;
};

const requestsSchema = z.object({
  requests: z.array(z.object({ state: z.string(), costUsd: z.number().nullable() })),
  billedUsd: z.number(),
});

export const voiceOf = (seconds: number) => wavOf(speechLike(seconds, 8_000), 8_000);
const portrait = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#8a6f5c' } })
  .png()
  .toBuffer();
export const portraitFile = { file: { name: 'portrait.png', bytes: portrait } };
export const voiceFile = { file: { name: 'voice.wav', bytes: voiceOf(1) } };

/** Limits that stand in nobody's way, and a provider that is quick. */
const openSettings = {
  HALLO_ALLOW_PRIVATE_ADDRESSES: '1',
  HALLO_OPERATOR_PORT: '0',
  HALLO_LOG_LEVEL: process.env.HALLO_LOG_LEVEL ?? 'silent',
  HALLO_REQUESTS_PER_MINUTE: '100000',
  HALLO_EXPECTED_RENDER_SECONDS: '1',
  HALLO_DEFAULT_AT_ONCE: '1000',
  HALLO_MAX_AT_ONCE: '1000',
  HALLO_DEFAULT_PER_HOUR: '100000',
  HALLO_DEFAULT_PER_MEMBER_DAY: '100000',
  HALLO_DEFAULT_COOLDOWN_SECONDS: '0',
  HALLO_DEFAULT_USD_PER_MONTH: '100000',
  // The portrait is a plain picture; what is looked for in one has tests of its own.
  HALLO_DEFAULT_FACE_CHECK: 'off',
  // The same inputs come again and again, and are to be made.
  HALLO_DEFAULT_ANSWER_REPEATS: '0',
};

export type HouseOptions = {
  settings?: Record<string, string>;
  engine?: Engine;
  creditsUsd?: number;
  timeouts?: Partial<Timeouts>;
  /** so many members of the first guild beside the usual ones */
  crowd?: number;
  /** several processes of the bot instead of one, each with settings of its own */
  bots?: readonly Record<string, string>[];
};

export type Ask = {
  memberId?: string;
  guildId?: string;
  channelId?: string;
  options?: Record<string, OptionValue>;
};

export type House = Awaited<ReturnType<typeof openHouse>>;

/** The whole house in one process: the stand-in for Discord, the unchanged bot, and the real server behind a wire that counts. */
export async function openHouse({
  settings = {},
  engine = copyEngine(),
  creditsUsd = 10_000,
  timeouts = {},
  crowd = 0,
  bots = [{}],
}: HouseOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'hallo-e2e-'));
  const clock = createHouseClock();
  const discord = await startDiscord({ clock });
  const server = createServer(
    {
      ...{ engine, creditsUsd, admin: true, faults: true, concurrency: 1_000, requestsPerMinute: 1_000_000 },
      ...{ dataDir: join(directory, 'server'), allowPrivateAddresses: true },
    },
    { log: pino({ level: 'silent' }), now: clock.now },
  );
  const { url: serverUrl } = await server.start();
  const wire = await startWire(() => serverUrl);
  const started: Bot[] = [];
  const { guild, ada, ben, mia, otto } = discord.places;
  const members = Array.from({ length: crowd }, (_, index) => discord.world.addUser({ username: `member${index}` }));
  for (const { id } of members) discord.world.addMember(guild.id, id);
  // Who came later, or where the store is another, is asked in `/hallo` as it is.
  if (settings.DATABASE_URL === undefined) await consented(join(directory, 'bot-0'), [ada, ben, mia, otto, ...members]);
  for (const [at, own] of bots.entries()) {
    const read = readConfig({
      ...openSettings,
      ...settings,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_BASE: discord.apiBase,
      SEGMIND_API_KEY: 'a-key-of-the-house',
      SEGMIND_BASE_URL: wire.url,
      HALLO_DATA_DIR: join(directory, `bot-${at}`),
      ...own,
    });
    if (!read.ok) throw new Error(read.problems.join('; '));
    const { config } = read;
    const answer = await startBot(
      { ...config, discord: { ...config.discord, token: discord.token } },
      { clock, random: () => 0.5, timeouts },
    );
    if (!answer.ok) throw new Error(answer.problem);
    started.push(answer.bot);
  }
  let unanswered = 0;
  discord.events.on('interaction-created', () => {
    unanswered += 1;
  });
  discord.events.on('interaction-answered', () => {
    unanswered -= 1;
  });

  /** A child process that looks at a file counts its seconds by the machine's time: the house's does not run away from it. */
  const childAtWork = () => process.getActiveResourcesInfo().includes('ProcessWrap');

  /**
   * Waits until something is the case; meanwhile the clock runs ahead, but never while Discord waits for a first answer, nor
   * while a child process is at work.
   */
  async function until<T>(
    probe: () => T | Promise<T>,
    { what = 'what was waited for', hurry = true, forMs = patienceMs, strideMs = usualStrideMs }: Patience = {},
  ): Promise<Exclude<T, undefined | null | false>> {
    const giveUpAtMs = performance.now() + forMs;
    for (;;) {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
      if (performance.now() > giveUpAtMs) throw new Error(`${what} did not come to be`);
      if (hurry && unanswered === 0 && !childAtWork()) discord.clock.advance(strideMs);
      await sleep(5);
    }
  }

  /** A member presses a button of a message; resolves when the bot has answered. */
  async function press(message: SandboxMessage, label: string, memberId = discord.places.ada.id): Promise<InteractionHandle> {
    const handle = discord.members.press({ messageId: message.id, customId: buttonOf(message, label), memberId });
    await handle.acknowledged;
    return handle;
  }

  return {
    ...{ discord, wire, clock, until, press, bots: started, members },
    /** A member uses `/hallo`, and consents where that is asked; resolves when the bot has answered. */
    async hallo({ options = {}, ...who }: Ask = {}): Promise<InteractionHandle> {
      const { guild, general, ada } = discord.places;
      const handle = await discord.members.command({
        ...{ guildId: guild.id, channelId: general.id, memberId: ada.id, ...who, name: 'hallo', lenient: true },
        options: { image: portraitFile, audio: voiceFile, ...options },
      });
      return throughModals(discord, handle);
    },
    /** The message in which an interaction ends, when it has. */
    ending: (handle: InteractionHandle): Promise<SandboxMessage> =>
      until(() => endOf(handle), { what: 'the end of a render' }).catch((error: unknown) => {
        throw new Error(`the message still says: ${handle.original()?.content}`, { cause: error });
      }),
    /** Moves all clocks; what was waiting for a time learns of it. */
    advance: (ms: number): void => discord.clock.advance(ms),
    async order(...faults: FaultOrderInput[]): Promise<void> {
      for (const fault of faults) {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${serverUrl}/admin/faults`, { method: 'POST', headers, body: JSON.stringify(fault) });
        if (!answer.ok) throw new Error(await answer.text());
      }
    },
    clearFaults: () => fetch(`${serverUrl}/admin/faults`, { method: 'DELETE' }),
    /** The files that the bot keeps, by their paths below its folder of files. */
    async files(): Promise<string[]> {
      const folder = join(directory, 'bot-0', 'files');
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter(entry => entry.isFile()).map(entry => relative(folder, join(entry.parentPath, entry.name)));
    },
    /** The renders in the bot's own books, oldest first. */
    async renders() {
      const { rows } = await readDataDirectory(join(directory, 'bot-0'));
      return rows.map(row => row.data);
    },
    /** The server's own record: submits that it took, and its bills. */
    async record() {
      const answer = await fetch(`${serverUrl}/admin/requests`);
      return requestsSchema.parse(await answer.json());
    },
    async close(): Promise<void> {
      for (const bot of started) await bot.stop();
      await wire.close();
      await server.close();
      await discord.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
