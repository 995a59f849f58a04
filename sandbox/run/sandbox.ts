import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Discord, startDiscord } from '../discord/index.ts';
import { addPage } from '../page/index.ts';
import { type Bot, createBot } from './bot.ts';
import { performHallo, type Wishes } from './perform.ts';
import { type Program, startProgram } from './program.ts';
import { startTranscript } from './transcript.ts';

export interface SandboxOptions extends Wishes {
  /** Where the finished video is written. */
  outPath: string;
  recordPath?: string | undefined;
  /** The stand-in's port; 0: any free one. */
  port: number;
  /** Prints what server and bot log. */
  verbose: boolean;
  print: (line: string) => void;
  /** Ends the start. */
  signal?: AbortSignal;
  /** The program to run; another one in tests. Default: src/hallo.js. */
  cliPath?: string;
  /** More settings of the bot. */
  botSettings?: Record<string, string>;
}

const defaultCliPath = fileURLToPath(new URL('../../src/hallo.js', import.meta.url));
const readyWithinMs = 60_000;

export interface Sandbox {
  discord: Discord;
  /** Performs one `/hallo`, saves the video, and says how it went. True: the video was delivered. */
  perform: () => Promise<boolean>;
  /** Rejects when the server or the bot ends by itself. */
  ended: Promise<never>;
  stop: () => Promise<void>;
}

/** Starts the stand-in for Discord, the Hallo API server and the unchanged bot, each with data of its own that goes at the end. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { print } = options;
  const record = options.recordPath === undefined ? {} : { recordPath: resolve(options.recordPath) };
  const discord = await startDiscord({ port: options.port, ...record });
  const dataDir = await mkdtemp(join(tmpdir(), 'hallo-sandbox-'));

  let server: Program | undefined;
  let bot: Bot | undefined;

  async function stop(): Promise<void> {
    await bot?.stop();
    await server?.stop();
    await discord.close();
    await rm(dataDir, { recursive: true, force: true });
  }

  function start(name: string, args: string[], env: NodeJS.ProcessEnv): Program {
    const onLine = (line: string) => options.verbose && print(`  ${name} | ${line}`);
    return startProgram({
      name,
      args: [options.cliPath ?? defaultCliPath, ...args],
      env: { ...ownEnvironment(), ...env },
      cwd: dataDir,
      onLine,
    });
  }

  try {
    print('Starting the Hallo API server…');
    const shared = { HALLO_ALLOW_PRIVATE_ADDRESSES: '1', HALLO_OPERATOR_PORT: '0' };
    server = start('server', ['serve', '--port', '0', '--admin', '--faults'], {
      ...shared,
      HALLO_DATA_DIR: join(dataDir, 'server'),
    });
    const interrupted = rejectOn(options.signal);
    const [baseUrl] = await Promise.race([server.line(/http:\/\/127\.0\.0\.1:\d+/), interrupted]);
    print(`Starting the bot against ${discord.apiBase} and ${baseUrl}…`);
    const settings = { ...shared, ...botEnvironment(discord, baseUrl, join(dataDir, 'bot')), ...options.botSettings };
    bot = createBot(() => start('bot', ['start'], settings));
    addPage({ discord, providerUrl: baseUrl, bot });
    await Promise.race([botReady(discord), bot.ended, server.ended, interrupted]);
    print('The bot is connected and has registered its commands.');
    print(`\nThe page to click in: ${discord.url}\n`);
    startTranscript(discord, print);
    const ended = Promise.race([server.ended, bot.ended]);
    // Whoever waits for it learns of it; nobody else has to.
    ended.catch(() => {});
    return { discord, perform: () => perform(discord, options), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Never resolves; rejects when the signal is given. */
function rejectOn(signal: AbortSignal | undefined): Promise<never> {
  const rejected = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('Interrupted.')), { once: true });
  });
  rejected.catch(() => {});
  return rejected;
}

function botReady(discord: Discord): Promise<true> {
  const ready = () => discord.connections() > 0 && discord.commands.list().some(each => each.name === 'hallo');
  return discord.waitFor(ready, { timeoutMs: readyWithinMs, what: "the bot's connection and its registered /hallo" });
}

async function perform(discord: Discord, options: SandboxOptions): Promise<boolean> {
  const { print } = options;
  const ending = await performHallo(discord, options, print);
  if (ending.kind === 'failed') {
    print(`\nThe video was not delivered:\n${ending.why}`);
    return false;
  }
  await quiet(discord);
  const path = resolve(options.outPath);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, discord.messages.bytes(ending.attachment.id) ?? new Uint8Array());
  print(`\nThe video was delivered. It is saved as ${path}`);
  return true;
}

/** Waits until the bot has said what it had to say after the video: until no request came for a second. */
async function quiet(discord: Discord): Promise<void> {
  for (let waits = 0; waits < 10; waits += 1) {
    const more = await discord.events
      .next('request', () => true, { timeoutMs: 1_000 })
      .then(
        () => true,
        () => false,
      );
    if (!more) return;
  }
}

function botEnvironment(discord: Discord, baseUrl: string, dataDir: string): NodeJS.ProcessEnv {
  return {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_BASE: discord.apiBase,
    SEGMIND_API_KEY: 'sandbox',
    SEGMIND_BASE_URL: baseUrl,
    HALLO_DATA_DIR: dataDir,
    // The server renders on the spot: the bot need not learn that first, and may ask often.
    HALLO_EXPECTED_RENDER_SECONDS: '3',
    HALLO_POLL_FLOOR_SECONDS: '0.5',
    HALLO_REQUESTS_PER_MINUTE: '600',
    // The bundled portrait and voice are tried again and again; /hallo-settings switches it on.
    HALLO_DEFAULT_ANSWER_REPEATS: '0',
  };
}

/** This process's environment without what would lead the programs to real services; only the log level stays. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(DISCORD_|SEGMIND_|HALLO_|DATABASE_URL$)/;
  const kept = Object.entries(process.env).filter(([key]) => !foreign.test(key) || key === 'HALLO_LOG_LEVEL');
  return Object.fromEntries(kept);
}
