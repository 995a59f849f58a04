/** Discord's gateway goes wrong, one row a fault. What is in flight goes on over REST meanwhile: see discord.test.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/index.ts';
import { type Bot, startBot } from '../discord/support.ts';

/** How a bot fared after a fault: what it told its operator, and whether it answers a command that is used then. */
type Fared = { lost: readonly string[]; ready: boolean; answers: boolean };

/** A stand-in and a bot for each fault. All wait at the same time: a new session takes five seconds, as on Discord. */
async function play(faults: readonly Fault[]): Promise<Fared> {
  const bot = await startBot();
  const { discord } = bot;
  try {
    let back = false;
    discord.events.on('gateway-ready', () => (back = true));
    discord.events.on('gateway-resumed', () => (back = true));
    for (const fault of faults) discord.faults.order(fault);
    const settled = async () => {
      while (bot.core.lost.length === 0 && !(back && bot.client.isReady())) await sleep(20);
    };
    await Promise.race([settled(), sleep(20_000)]);
    const ready = bot.client.isReady();
    return { lost: bot.core.lost, ready, answers: ready && (await answersACommand(bot)) };
  } finally {
    await bot.stop();
  }
}

async function answersACommand({ discord }: Bot): Promise<boolean> {
  const { ada, general } = discord.places;
  const used = await discord.members.command({ channelId: general.id, memberId: ada.id, name: 'hallo-renders' });
  return (await used.acknowledged).kind === 'deferred';
}

const PASSING: Record<string, Fault[]> = {
  'cut without a word': [{ fault: 'drop-gateway' }],
  'closed with 1000': [{ fault: 'close-gateway', code: 1000 }],
  'closed with 4000, unknown error': [{ fault: 'close-gateway', code: 4000 }],
  'closed with 4001, unknown opcode': [{ fault: 'close-gateway', code: 4001 }],
  'closed with 4002, decode error': [{ fault: 'close-gateway', code: 4002 }],
  'closed with 4003, not authenticated': [{ fault: 'close-gateway', code: 4003 }],
  'closed with 4005, already authenticated': [{ fault: 'close-gateway', code: 4005 }],
  'closed with 4007, invalid sequence': [{ fault: 'close-gateway', code: 4007 }],
  'closed with 4008, rate limited': [{ fault: 'close-gateway', code: 4008 }],
  'closed with 4009, session timed out': [{ fault: 'close-gateway', code: 4009 }],
  'told to reconnect': [{ fault: 'reconnect' }],
  'cut, and the resume is refused': [{ fault: 'refuse-resume' }, { fault: 'drop-gateway' }],
  'an invalid session that can be resumed': [{ fault: 'invalid-session', resumable: true }],
  'an invalid session that can not': [{ fault: 'invalid-session', resumable: false }],
};

const FINAL: [number, string][] = [
  [4004, 'DISCORD_TOKEN is not accepted'],
  [4010, 'the shard is not valid'],
  [4011, 'needs sharding'],
  [4012, 'the version of the gateway'],
  [4013, 'the intents are not valid'],
  [4014, 'an intent was not granted'],
];

const fared = new Map<string, Fared>();
beforeAll(async () => {
  const final = FINAL.map(([code]): [string, Fault[]] => [`${code}`, [{ fault: 'close-gateway', code }]]);
  const all = [...Object.entries(PASSING), ...final];
  await Promise.all(all.map(async ([name, faults]) => fared.set(name, await play(faults))));
}, 60_000);

describe('the connection ends: the bot comes back by itself, and answers commands', () => {
  test.each(Object.keys(PASSING))('%s', name => {
    expect(fared.get(name)).toEqual({ lost: [], ready: true, answers: true });
  });
});

describe('Discord forbids coming back: the bot is not ready any more, and tells its operator why', () => {
  test.each(FINAL)('closed with %i: "%s …"', (code, why) => {
    expect(fared.get(`${code}`)).toMatchObject({ lost: [expect.stringContaining(why)], ready: false });
    expect(fared.get(`${code}`)?.lost[0]).toContain(`code ${code}`);
  });
});

test('an end by the bot itself alarms nobody', async () => {
  const bot = await startBot();
  await bot.stop();
  expect(bot.core.lost).toEqual([]);
});
