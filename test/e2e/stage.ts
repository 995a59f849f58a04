import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InteractionHandle, type SandboxMessage, startDiscord } from '../../sandbox/discord/index.ts';
import { watchForSecrets } from '../security/secrets.ts';
import { consented } from '../support/consented.ts';
import { speechLike, wavOf } from '../support/make-media.ts';
import { type Line, startLine } from './line.ts';
import { type Child, startCli } from './processes.ts';
import { startBotProgram, startServerProgram } from './programs.ts';

/** The server's price differs from the bot's estimate, so that a booked sum tells which of both it is. */
export const PRICE_USD = 0.3;
export const ESTIMATE_USD = 0.42;

const fileAt = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const portraitPath = fileAt('sandbox/samples/portrait.jpg');
export const voiceBytes = wavOf(speechLike(1, 16_000), 16_000);
/** What the server answers every render with: how it is made is not looked at here. */
const videoPath = fileAt('src/server/faults/instant.mp4');

const SERVE = [
  ...['serve', '--admin', '--faults', '--requests-per-minute', '100000', '--cost-usd', `${PRICE_USD}`],
  ...['--engine', 'command', '--command', `sh -c 'cp "$0" "$3"' "${videoPath}" {image} {audio} {output}`],
];
const SHARED = { HALLO_ALLOW_PRIVATE_ADDRESSES: '1', HALLO_OPERATOR_PORT: '0', HALLO_LOG_LEVEL: 'trace' };
const API_KEY = 'key-of-the-test';
const BOT = {
  SEGMIND_API_KEY: API_KEY,
  HALLO_REQUESTS_PER_MINUTE: '6000',
  HALLO_EXPECTED_RENDER_SECONDS: '1',
  HALLO_COST_ESTIMATE_USD: `${ESTIMATE_USD}`,
  HALLO_DEFAULT_COOLDOWN_SECONDS: '0',
  HALLO_DEFAULT_PER_HOUR: '1000',
  HALLO_DEFAULT_PER_MEMBER_DAY: '1000',
  // The same good portrait, again and again.
  HALLO_DEFAULT_FACE_CHECK: 'off',
  HALLO_DEFAULT_ANSWER_REPEATS: '0',
};

export type Stage = Awaited<ReturnType<typeof startStage>>;

export type StageOptions = {
  /** more for `hallo serve` */
  serve?: readonly string[];
  /** instead of `hallo start` */
  botProgram?: string;
  /** so many gateways, of two shards each, and workers on this database; without it: one process with all in its data directory */
  fleet?: { databaseUrl: string; gateways: number; workers: number };
};

/** One process of the bot, and the lines that lead from it alone to everything else. */
export type BotProcess = Awaited<ReturnType<typeof startBotProgram>> & {
  dataDir: string;
  toServer: Line;
  toDiscord: Line;
  /** undefined: its store is its data directory */
  toDatabase: Line | undefined;
  /** All that it has printed, also before it was started again. */
  printed(): readonly string[];
};

/** The bot and the Hallo API server as processes with data of their own, and the stand-in for Discord in this process. */
export async function startStage(settings: Record<string, string> = {}, { serve = [], botProgram, fleet }: StageOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-crash-'));
  const recordPath = join(folder, 'record.ndjson');
  const discord = await startDiscord({ recordPath });
  const secrets = watchForSecrets(discord, [API_KEY]);
  const children = new Set<Child>();
  const lines: Line[] = [];

  function start(args: readonly string[], env: Record<string, string>, program?: string): Child {
    const child = startCli(args, { env: { ...SHARED, ...env }, cwd: folder, ...(program !== undefined && { program }) });
    children.add(child);
    return child;
  }
  /** Ends everything that was started here, whatever state it is in. */
  async function close(): Promise<void> {
    await Promise.all([...children].map(child => child.end('SIGKILL')));
    await Promise.all(lines.map(line => line.close()));
    await discord.close();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const server = await startServerProgram(port =>
      start([...SERVE, ...serve, '--port', port], { HALLO_DATA_DIR: join(folder, 'server') }),
    );
    async function line(targetUrl: string): Promise<Line> {
      const started = await startLine(targetUrl);
      lines.push(started);
      return started;
    }
    async function startBotProcess(name: string, more: Record<string, string>): Promise<BotProcess> {
      const [toServer, toDiscord] = [await line(server.url), await line(discord.url)];
      const toDatabase = fleet && (await line(fleet.databaseUrl));
      const dataDir = join(folder, name);
      const env = {
        ...{ ...BOT, DISCORD_TOKEN: discord.token, DISCORD_API_BASE: `${toDiscord.url}/api` },
        ...{ HALLO_DATA_DIR: dataDir, ...settings, ...more },
        // All of a fleet know the provider by one address.
        ...(fleet
          ? { SEGMIND_BASE_URL: server.url, CRASH_DETOUR: `${portOf(server.url)}>${portOf(toServer.url)}` }
          : { SEGMIND_BASE_URL: toServer.url }),
        ...(fleet && toDatabase && { DATABASE_URL: through(toDatabase, fleet.databaseUrl) }),
      };
      const runs: Child[] = [];
      const program = await startBotProgram(() => {
        const run = start(['start'], env, botProgram);
        runs.push(run);
        return run;
      });
      const printed = () => runs.flatMap(run => run.lines());
      return { ...program, dataDir, printed, toServer, toDiscord, toDatabase };
    }
    const { ada, ben, mia, otto } = discord.places;
    await consented(join(folder, 'bot'), [ada, ben, mia, otto], fleet?.databaseUrl);
    const bot = await startBotProcess('bot', fleet ? gatewayOf(fleet.gateways, 0) : {});
    const others: BotProcess[] = [];
    for (let at = 1; at < (fleet?.gateways ?? 1); at += 1)
      others.push(await startBotProcess(`gateway-${at}`, gatewayOf(fleet?.gateways ?? 1, at)));
    for (let at = 1; at <= (fleet?.workers ?? 0); at += 1)
      others.push(await startBotProcess(`worker-${at}`, { HALLO_ROLE: 'worker' }));
    const { toServer, toDiscord } = bot;

    /** Uses `/hallo` as ada in the general channel. */
    async function hallo(): Promise<InteractionHandle> {
      const { guild, general, ada } = discord.places;
      const image = { file: { name: 'portrait.jpg', bytes: await readFile(portraitPath) } };
      const audio = { file: { name: 'voice.wav', bytes: voiceBytes } };
      const where = { guildId: guild.id, channelId: general.id, memberId: ada.id };
      return discord.members.command({ ...where, name: 'hallo', options: { image, audio } });
    }
    /** What both sides have written down so far: renders, submits and money. */
    async function books() {
      const [{ closed, open, spentUsd }, { requests, billedUsd }] = await Promise.all([bot.figures(), server.record()]);
      return { closed, open, spentUsd, requests, billedUsd };
    }
    /** All that the programs have printed. */
    const printed = () => [...children].flatMap(child => child.lines());
    /** What got out that must not: a sentence each. */
    const leaks = () => secrets.found(printed(), recordPath);
    return {
      ...{ folder, discord, server, bot, toServer, toDiscord, leaks, seen: secrets.seen, hallo, books, printed, close },
      /** all of the bot's processes, `bot` the first of them */
      processes: [bot, ...others],
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const portOf = (url: string) => new URL(url).port;

/** The settings of one gateway out of so many: each holds two shards. */
function gatewayOf(gateways: number, at: number): Record<string, string> {
  return { HALLO_ROLE: 'gateway', HALLO_SHARDS: `${2 * at}-${2 * at + 1}/${2 * gateways}` };
}

function through({ url }: Line, databaseUrl: string): string {
  return Object.assign(new URL(databaseUrl), { host: new URL(url).host }).href;
}

export type Shown = 'thinking' | 'in progress' | 'video' | 'no video' | 'cancelled';

/** What a message says of its render. */
export function shownBy(message: SandboxMessage): Shown {
  if (message.loading) return 'thinking';
  if (message.attachments.some(each => each.contentType === 'video/mp4')) return 'video';
  if (message.content.startsWith('**No video this time.**')) return 'no video';
  // While it is still watched it says more.
  return /^Cancelled[.]/.test(message.content) ? 'cancelled' : 'in progress';
}
