import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { COMMANDS } from '../../commands/index.ts';
import type { Discord } from '../../sandbox/discord/index.ts';

/** A bot that runs, and is connected to Discord. */
export type RunningBot = {
  pid: number;
  /** From its start until Discord has taken it. */
  readyMs: number;
  /** A figure out of the bot's own metrics. Only of ours. */
  metric(name: string): Promise<number>;
  /** SIGKILL: nothing is waited for. */
  kill(): Promise<void>;
};

const READY_WITHIN_MS = 60_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** A bot on the way, so that something can be looked at before it is ready. */
export type StartingBot = { ready: Promise<RunningBot>; kill(): Promise<void> };

/** What no bench wants to run into. */
const OPEN = {
  HALLO_ALLOW_PRIVATE_ADDRESSES: '1',
  HALLO_OPERATOR_PORT: '0',
  HALLO_MAX_AT_ONCE: '100000',
  HALLO_MAX_WAITING: '1000000',
  HALLO_DEFAULT_AT_ONCE: '100000',
  HALLO_DEFAULT_PER_HOUR: '1000000',
  HALLO_DEFAULT_PER_MEMBER_DAY: '1000000',
  HALLO_DEFAULT_COOLDOWN_SECONDS: '0',
  // The same inputs come again and again, and are to be made.
  HALLO_DEFAULT_ANSWER_REPEATS: '0',
  HALLO_DEFAULT_USD_PER_MONTH: '1000000',
  HALLO_REQUESTS_PER_MINUTE: '100000',
  SEGMIND_API_KEY: 'key-of-the-bench',
};

export type BotPlace = { discord: Discord; folder: string; database?: string | undefined; settings?: Record<string, string> };

/** The bot, as `npm start` starts it. */
export async function beginBot({ discord, folder, database, settings = {} }: BotPlace): Promise<StartingBot> {
  await mkdir(folder, { recursive: true });
  const { scripts } = z
    .object({ scripts: z.object({ start: z.string() }) })
    .parse(JSON.parse(await readFile(`${root}package.json`, 'utf8')));
  const [, ...args] = scripts.start.split(' ').map(word => (word.startsWith('src/') ? `${root}${word}` : word));
  const env = {
    ...{ ...OPEN, HALLO_DATA_DIR: folder, DISCORD_TOKEN: discord.token, DISCORD_API_BASE: discord.apiBase },
    ...(database !== undefined && { DATABASE_URL: database }),
    ...settings,
  };
  return begin(discord, args, env, folder);
}

export async function startBot(place: BotPlace): Promise<RunningBot> {
  return (await beginBot(place)).ready;
}

/** The bare bot beside ours. */
export async function startBareBot({ discord, folder, settings = {} }: BotPlace): Promise<RunningBot> {
  await mkdir(folder, { recursive: true });
  const env = { DISCORD_TOKEN: discord.token, DISCORD_API_BASE: discord.apiBase, ...settings };
  return begin(discord, [fileURLToPath(new URL('../bare-bot.js', import.meta.url))], env, folder).ready;
}

function begin(discord: Discord, args: readonly string[], env: Record<string, string>, cwd: string): StartingBot {
  const startedAtMs = performance.now();
  const connected = discord.events.next('gateway-ready', () => true, { timeoutMs: READY_WITHIN_MS });
  // In a folder of its own, so that no `.env` is read.
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  let operator = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      tail.push(line);
      if (tail.length > 20) tail.shift();
      operator = /"operator":"([^"]+)"/.exec(line)?.[1] ?? operator;
    });
  }
  const kill = () => killed(child);
  const died = once(child, 'close').then(() => Promise.reject(new Error(`the bot ended by itself:\n${tail.join('\n')}`)));
  died.catch(() => {});

  async function ready(): Promise<RunningBot> {
    try {
      await Promise.race([connected, died]);
    } catch (error) {
      await kill();
      throw error;
    }
    const readyMs = performance.now() - startedAtMs;
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`${operator}/metrics`)).text();
      const line = text.split('\n').find(each => each.startsWith(`${name} `));
      return Number(line?.slice(name.length));
    };
    return { pid: child.pid ?? 0, readyMs, metric, kill };
  }
  const becoming = ready();
  becoming.catch(() => {});
  return { ready: becoming, kill };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** Registers the commands as the bot would, for whoever uses them before it runs, or without it. */
export async function registerCommands(discord: Discord): Promise<void> {
  const answer = await fetch(`${discord.apiBase}/v10/applications/${discord.applicationId}/commands`, {
    method: 'PUT',
    headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(COMMANDS.map(command => command.data)),
  });
  if (!answer.ok) throw new Error(`the commands were not taken: ${await answer.text()}`);
}
