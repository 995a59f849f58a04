import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Discord, type InteractionHandle, type SandboxMessage, startDiscord } from '../../sandbox/discord/index.ts';
import { PHASES, type Phase } from '../../src/core/phases.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { speechLike, wavOf } from '../support/make-media.ts';
import { type Child, startCli } from './processes.ts';

/** The server's price differs from the bot's estimate, so that a booked sum tells which of both it is. */
export const PRICE_USD = 0.3;
export const ESTIMATE_USD = 0.42;

const untilWithinMs = 20_000;
const portraitPath = fileURLToPath(new URL('../../sandbox/samples/portrait.jpg', import.meta.url));
/** What the server answers every render with: how it renders is not looked at here. */
const videoPath = fileURLToPath(new URL('../../src/server/faults/instant.mp4', import.meta.url));
const voiceBytes = wavOf(speechLike(1, 16_000), 16_000);

const adminRequests = z.object({
  requests: z.array(z.object({ id: z.string(), state: z.string(), costUsd: z.number().nullable(), starts: z.number() })),
  billedUsd: z.number(),
});
const adminFaults = z.object({ pending: z.array(z.object({ fault: z.string() })) });

export type StageOptions = {
  /** further settings of the bot */
  bot?: Record<string, string>;
  /** Compiled code, shared by the processes of all stages. */
  compileCache: string;
  /** Called after the test, also when it failed or took too long. */
  onTestFinished: (work: () => Promise<void>) => void;
};

export type Stage = Awaited<ReturnType<typeof startStage>>;

/** Asks until there is an answer, often, and not for ever: for what tells of itself by no event. */
export async function until<T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = AbortSignal.timeout(untilWithinMs);
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (deadline.aborted) throw new Error(`${what} did not happen within ${untilWithinMs} ms`);
    await sleep(100);
  }
}

/** The bot and the Hallo API server as processes with data of their own, and the stand-in for Discord in this process. */
export async function startStage({ bot: settings = {}, compileCache, onTestFinished }: StageOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const discord = await startDiscord();
  onTestFinished(() => discord.close());
  const shared = {
    HALLO_ALLOW_PRIVATE_ADDRESSES: '1',
    HALLO_OPERATOR_PORT: '0',
    HALLO_LOG_LEVEL: 'info',
    NODE_COMPILE_CACHE: compileCache,
  };

  function start(args: readonly string[], env: Record<string, string>): Child {
    const child = startCli(args, { env: { ...shared, ...env }, cwd: folder });
    onTestFinished(async () => void (await child.end('SIGKILL')));
    return child;
  }

  const server = await createServerSide((port: string) =>
    start(
      [
        ...['serve', '--port', port, '--admin', '--faults', '--requests-per-minute', '100000', '--cost-usd', `${PRICE_USD}`],
        ...['--engine', 'command', '--command', `sh -c 'cp "$0" "$3"' "${videoPath}" {image} {audio} {output}`],
      ],
      { HALLO_DATA_DIR: join(folder, 'server') },
    ),
  );
  const bot = createBotSide(() =>
    start(['start'], {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_BASE: discord.apiBase,
      SEGMIND_API_KEY: 'key-of-the-test',
      SEGMIND_BASE_URL: server.url,
      HALLO_DATA_DIR: join(folder, 'bot'),
      HALLO_REQUESTS_PER_MINUTE: '6000',
      HALLO_EXPECTED_RENDER_SECONDS: '1',
      HALLO_COST_ESTIMATE_USD: `${ESTIMATE_USD}`,
      HALLO_DEFAULT_COOLDOWN_SECONDS: '0',
      ...settings,
    }),
  );
  await bot.start();
  return { discord, server, bot, hallo: () => useHallo(discord) };
}

/** Fills the cache of compiled code, which halves the time of every start: a process that is killed leaves nothing there. */
export async function fillCompileCache(compileCache: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-e2e-'));
  const nowhere = 'http://127.0.0.1:9';
  const env = { NODE_COMPILE_CACHE: compileCache, HALLO_OPERATOR_PORT: '0', HALLO_DATA_DIR: folder };
  const discord = { DISCORD_TOKEN: 'none', DISCORD_API_BASE: nowhere, SEGMIND_API_KEY: 'none', SEGMIND_BASE_URL: nowhere };
  const bot = startCli(['start'], { env: { ...env, ...discord }, cwd: folder });
  const server = startCli(['serve', '--port', '0'], { env, cwd: folder });
  try {
    await Promise.all([bot.ended, server.line(/listening on/).then(() => server.end('SIGTERM'))]);
  } finally {
    await Promise.all([bot.end('SIGKILL'), server.end('SIGKILL')]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Uses `/hallo` as ada in the general channel. */
async function useHallo(discord: Discord): Promise<InteractionHandle> {
  const { guild, general, ada } = discord.places;
  return discord.members.command({
    ...{ guildId: guild.id, channelId: general.id, memberId: ada.id, name: 'hallo' },
    options: {
      image: { file: { name: 'portrait.jpg', bytes: await readFile(portraitPath) } },
      audio: { file: { name: 'voice.wav', bytes: voiceBytes } },
    },
  });
}

async function createServerSide(start: (port: string) => Child) {
  const listening = /listening on (http:\/\/127\.0\.0\.1:(\d+))/;
  let child = start('0');
  const [, url = '', port = ''] = await child.line(listening);
  const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
    const answer = await fetch(new URL(path, url), init);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const record = async () => adminRequests.parse(await ask('/admin/requests'));

  return {
    url,
    /** The server's own record of the submits that it took and of its bills. */
    record,
    /** Resolves when it has taken so many submits. */
    taken: (count: number) => until(`submit ${count}`, async () => (await record()).requests.length >= count),
    async order(fault: FaultOrderInput): Promise<void> {
      await ask('/admin/faults', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
    },
    /** Ends what was ordered, and with it what it holds up. */
    async clear(): Promise<void> {
      await ask('/admin/faults', { method: 'DELETE' });
    },
    /** Resolves when a call has met each ordered fault. */
    met: () =>
      until('a call that meets the fault', async () => adminFaults.parse(await ask('/admin/faults')).pending.length === 0),
    kill: () => child.end('SIGKILL'),
    /** On the same port, with the same data. */
    async restart(): Promise<void> {
      child = start(port);
      await child.line(listening);
    },
  };
}

function createBotSide(start: () => Child) {
  let child: Child | undefined;
  let operator = '';
  const running = (): Child => {
    if (child === undefined) throw new Error('the bot was not started');
    return child;
  };

  /** The bot's own figures, as an operator reads them. */
  async function figures() {
    const text = await (await fetch(`${operator}/metrics`)).text();
    const figure = (name: string) =>
      Number(
        text
          .split('\n')
          .find(line => line.startsWith(`${name} `))
          ?.slice(name.length),
      );
    return {
      inPhase: (phase: Phase) => figure(`hallo_renders{phase="${phase}"}`),
      spentUsd: figure('hallo_spent_usd{span="month"}'),
    };
  }

  return {
    /** A second one, which is not waited for. */
    another: start,
    /** Starts it, or starts it again on the same data; resolves when it is connected. */
    async start(): Promise<void> {
      child = start();
      [, operator = ''] = await child.line(/"operator":"([^"]+)".*"msg":"ready"/);
    },
    /** At once, from within an event. */
    killNow: () => running().signal('SIGKILL'),
    gone: () => running().ended,
    end: (signal: NodeJS.Signals) => running().end(signal),
    /** Resolves when a render stands in this phase. */
    phase: (phase: Phase) => until(`a render in ${phase}`, async () => (await figures()).inPhase(phase) > 0),
    /** Resolves when so many renders are closed and none is on its way, by the bot's own figures; answers what it booked. */
    closed(count: number): Promise<{ spentUsd: number }> {
      return until(`${count} closed renders`, async () => {
        const { inPhase, spentUsd } = await figures();
        const open = PHASES.filter(phase => phase !== 'closed' && inPhase(phase) > 0);
        return open.length === 0 && inPhase('closed') === count && { spentUsd };
      });
    },
  };
}

/** What a message says of its render. */
export function stateOf(message: SandboxMessage): 'thinking' | 'in progress' | 'video' | 'no video' | 'cancelled' {
  if (message.loading) return 'thinking';
  if (message.attachments.some(each => each.contentType === 'video/mp4')) return 'video';
  if (message.content.startsWith('**No video this time.**')) return 'no video';
  return /^Cancelled[.]/.test(message.content) ? 'cancelled' : 'in progress';
}
