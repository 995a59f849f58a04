import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InteractionHandle, RecordedRequest, SandboxMessage } from '../../sandbox/discord/index.ts';
import { ESTIMATE_USD, fillCompileCache, PRICE_USD, type Stage, startStage, stateOf } from './stage.ts';

const forAnHour = 3_600_000;
const original = '/webhooks/:application/:token/messages/@original';
let compileCache = '';

beforeAll(async () => {
  compileCache = await mkdtemp(join(tmpdir(), 'hallo-e2e-cache-'));
  await fillCompileCache(compileCache);
});
afterAll(() => rm(compileCache, { recursive: true, force: true }));

function crash(name: string, story: (stage: Stage) => Promise<void>, bot: Record<string, string> = {}): void {
  test(name, { timeout: 60_000 }, async ({ onTestFinished }) => {
    await story(await startStage({ bot, compileCache, onTestFinished }));
  });
}

/** Kills the bot from within the event, so before it learns of anything that comes after. */
async function killOn<Name extends 'message-edited' | 'message-created' | 'interaction-answered' | 'request'>(
  { bot, discord }: Stage,
  name: Name,
  fits: (event: Parameters<Parameters<typeof discord.events.on<Name>>[1]>[0]) => boolean,
): Promise<void> {
  const off = discord.events.on(name, event => {
    if (!fits(event)) return;
    bot.killNow();
    off();
  });
  await bot.gone();
}

const uploadsVideo = (request: RecordedRequest) => request.method === 'PATCH' && request.files.length > 0;
const pings = ({ message }: { message: SandboxMessage }) => message.pings.length > 0;

/** How a render ended for the member: every state that its message had from the first end on, and who was pinged how often. */
function endOf({ discord }: Stage, handle: InteractionHandle) {
  const message = handle.original();
  if (message === undefined) return { end: 'no message', pings: 0, others: 0 };
  const states = discord.messages.history(message.id).map(version => version.message);
  const first = states.findIndex(each => !['thinking', 'in progress'].includes(stateOf(each)));
  const ends = new Set(states.slice(first < 0 ? states.length : first).map(each => `${stateOf(each)}: ${each.content}`));
  const others = discord.messages.inChannel(message.channelId).filter(each => each.reference?.messageId !== message.id);
  return {
    end: ends.size === 1 ? stateOf(message) : `${ends.size} ends: ${[...ends].join(' | ')}`,
    pings: discord.messages.inChannel(message.channelId).filter(each => each.reference?.messageId === message.id).length,
    others: others.filter(each => each.interactionId === null).length,
  };
}

/** That one render ended once with its video, was submitted and billed once, and what was booked is the bill. */
async function expectOneVideo(stage: Stage, handle: InteractionHandle, pinged = 1): Promise<void> {
  const { spentUsd } = await stage.bot.closed(1);
  expect(endOf(stage, handle)).toEqual({ end: 'video', pings: pinged, others: 0 });
  const { requests, billedUsd } = await stage.server.record();
  expect(requests).toMatchObject([{ state: 'COMPLETED', costUsd: PRICE_USD }]);
  expect([spentUsd, billedUsd]).toEqual([PRICE_USD, PRICE_USD]);
}

describe.concurrent('the bot is killed with SIGKILL and started again', () => {
  crash('in preparing, while the files are looked at: prepared again, submitted once, one video', async stage => {
    const looking = killOn(stage, 'message-edited', ({ message }) => message.content.startsWith('Looking at the portrait'));
    const handle = await stage.hallo();
    await looking;
    expect(stateOf(handle.original() ?? (await Promise.reject(new Error('no message'))))).toBe('in progress');
    await stage.bot.start();
    await expectOneVideo(stage, handle);
  });

  crash('in preparing, while an input is uploaded: uploaded again, submitted once, one video', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'upload', delayMs: forAnHour });
    const handle = await stage.hallo();
    await server.met();
    await bot.end('SIGKILL');
    expect((await server.record()).requests).toEqual([]);
    await server.clear();
    await bot.start();
    await expectOneVideo(stage, handle);
  });

  crash(
    'in waiting: it keeps its place in line, and both renders are submitted once',
    async stage => {
      const { bot, server } = stage;
      await server.order({ fault: 'render-takes', durationMs: forAnHour });
      const first = await stage.hallo();
      await server.taken(1);
      const second = await stage.hallo();
      await bot.phase('rendering');
      await stage.discord.waitFor(() => second.original()?.content.startsWith('Waiting: next in line'), { timeoutMs: 15_000 });
      await bot.end('SIGKILL');
      await bot.start();
      await server.clear();
      const { spentUsd } = await bot.closed(2);
      expect([endOf(stage, first), endOf(stage, second)].map(({ end, pings }) => ({ end, pings }))).toEqual([
        { end: 'video', pings: 1 },
        { end: 'video', pings: 1 },
      ]);
      const { requests, billedUsd } = await server.record();
      expect(requests).toHaveLength(2);
      expect([spentUsd, billedUsd]).toEqual([2 * PRICE_USD, 2 * PRICE_USD]);
    },
    { HALLO_DEFAULT_AT_ONCE: '1' },
  );

  crash('in submitting, the submit taken: it may have been charged, is not sent again, and stays booked', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'after', delayMs: forAnHour });
    const handle = await stage.hallo();
    await server.taken(1);
    await bot.end('SIGKILL');
    await server.clear();
    await bot.start();
    const { spentUsd } = await bot.closed(1);
    expect(endOf(stage, handle)).toEqual({ end: 'no video', pings: 0, others: 0 });
    expect(handle.original()?.content).toContain('It may have been charged.');
    expect((await server.record()).requests).toHaveLength(1);
    expect(spentUsd).toBe(ESTIMATE_USD);
  });

  crash('in submitting, the submit on its way: it may have been charged, and is not sent again', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'before', delayMs: forAnHour });
    const handle = await stage.hallo();
    await server.met();
    await bot.end('SIGKILL');
    await bot.start();
    const { spentUsd } = await bot.closed(1);
    expect(endOf(stage, handle)).toEqual({ end: 'no video', pings: 0, others: 0 });
    expect(handle.original()?.content).toContain('It may have been charged.');
    expect((await server.record()).requests).toEqual([]);
    expect(spentUsd).toBe(ESTIMATE_USD);
  });

  crash('in rendering, before the provider is done: watched on, one video', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'render-takes', durationMs: forAnHour });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    await bot.end('SIGKILL');
    await bot.start();
    await server.clear();
    await expectOneVideo(stage, handle);
  });

  crash('in rendering, when the provider finished meanwhile and while the video is fetched: one video', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'render-takes', durationMs: forAnHour });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    await server.order({ fault: 'latency', call: 'file', delayMs: forAnHour });
    await bot.end('SIGKILL');
    await server.clear();
    await server.order({ fault: 'latency', call: 'file', delayMs: forAnHour });
    await bot.start();
    await server.met();
    await bot.end('SIGKILL');
    await server.clear();
    await bot.start();
    await expectOneVideo(stage, handle);
  });

  crash('in rendering, after Cancel: no video, and what the provider bills is booked', async stage => {
    const { bot, server, discord } = stage;
    await server.order({ fault: 'render-takes', durationMs: forAnHour });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    const shown = await discord.waitFor(() => cancelButton(handle.original(), 'charged'), { timeoutMs: 15_000 });
    const pressed = discord.members.press({ ...shown, memberId: discord.places.ada.id });
    await pressed.acknowledged;
    const sure = await discord.waitFor(() => cancelButton(pressed.followUps()[0] ?? pressed.original(), 'anyway'));
    await discord.members.press({ ...sure, memberId: discord.places.ada.id }).acknowledged;
    await discord.waitFor(() => handle.original()?.content.startsWith('Cancelled'));
    await bot.end('SIGKILL');
    await bot.start();
    await server.clear();
    const { spentUsd } = await bot.closed(1);
    expect(endOf(stage, handle)).toMatchObject({ end: 'cancelled', pings: 0 });
    expect((await server.record()).requests).toMatchObject([{ state: 'COMPLETED', costUsd: PRICE_USD }]);
    expect(spentUsd).toBe(PRICE_USD);
  });

  crash('in announcing, before the video got out: one video', async stage => {
    const { discord } = stage;
    discord.faults.order({ fault: 'drop', handled: false, method: 'PATCH', route: original, times: 1_000 });
    const sending = killOn(stage, 'request', uploadsVideo);
    const handle = await stage.hallo();
    await sending;
    expect(stateOf(handle.original() ?? (await Promise.reject(new Error('no message'))))).toBe('thinking');
    discord.faults.clear();
    await stage.bot.start();
    await expectOneVideo(stage, handle);
  });

  crash('in announcing, the video out and Discord not heard: the same video in the same message, one ping', async stage => {
    const edited = killOn(stage, 'message-edited', ({ message }) => stateOf(message) === 'video');
    const handle = await stage.hallo();
    await edited;
    await stage.bot.start();
    await expectOneVideo(stage, handle);
  });

  crash('in announcing, the ping out: no second ping', async stage => {
    const pinged = killOn(stage, 'message-created', pings);
    const handle = await stage.hallo();
    await pinged;
    await stage.bot.start();
    await expectOneVideo(stage, handle);
  });

  crash('in announcing, the ping recorded and not out: none rather than two', async stage => {
    const { discord } = stage;
    discord.faults.order({ fault: 'drop', handled: false, method: 'POST', route: '/channels/*/messages', times: 1_000 });
    const pinged = killOn(stage, 'request', ({ method, path }) => method === 'POST' && path.includes('/channels/'));
    const handle = await stage.hallo();
    await pinged;
    discord.faults.clear();
    await stage.bot.start();
    await expectOneVideo(stage, handle, 0);
  });

  crash('in announcing a failure: told once, nothing booked', async stage => {
    await stage.server.order({ fault: 'failed', text: 'Internal Polling Error' });
    const told = killOn(stage, 'message-edited', ({ message }) => stateOf(message) === 'no video');
    const handle = await stage.hallo();
    await told;
    await stage.bot.start();
    const { spentUsd } = await stage.bot.closed(1);
    expect(endOf(stage, handle)).toEqual({ end: 'no video', pings: 1, others: 0 });
    expect(handle.original()?.content).toContain('Nothing was charged.');
    expect((await stage.server.record()).requests).toMatchObject([{ state: 'FAILED', costUsd: null }]);
    expect(spentUsd).toBeCloseTo(0, 9);
  });

  crash('between the row and a deferral that Discord took: the message is found, and gets its video', async stage => {
    const deferred = killOn(stage, 'interaction-answered', ({ acknowledgement }) => acknowledgement.kind === 'deferred');
    const handle = await stage.hallo();
    await deferred;
    expect(stateOf(handle.original() ?? (await Promise.reject(new Error('no message'))))).toBe('thinking');
    await stage.bot.start();
    await expectOneVideo(stage, handle);
  });

  crash('between the row and a deferral that never came: nothing is made, nothing is booked', async stage => {
    const { bot, discord, server } = stage;
    discord.faults.order({ fault: 'drop', handled: false, route: '/interactions/:id/:token/callback', times: 2 });
    const dropped = killOn(stage, 'request', ({ path }) => path.includes('/callback'));
    const handle = await stage.hallo();
    await dropped;
    await bot.start();
    const { spentUsd } = await bot.closed(1);
    expect(endOf(stage, handle)).toEqual({ end: 'no message', pings: 0, others: 0 });
    expect((await server.record()).requests).toEqual([]);
    expect(spentUsd).toBeCloseTo(0, 9);
  });
});

describe.concurrent('the bot gets SIGTERM', () => {
  crash('in rendering: it ends well within ten seconds, and goes on when it is started again', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'render-takes', durationMs: forAnHour });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    const askedAtMs = performance.now();
    expect(await bot.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAtMs).toBeLessThan(10_000);
    await bot.start();
    await server.clear();
    await expectOneVideo(stage, handle);
  });

  crash('in submitting: it waits for the answer, so that nothing is in doubt', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'after', delayMs: 1_500 });
    const handle = await stage.hallo();
    await server.taken(1);
    const askedAtMs = performance.now();
    expect(await bot.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAtMs).toBeLessThan(10_000);
    await bot.start();
    await expectOneVideo(stage, handle);
  });
});

describe.concurrent('the server is killed with SIGKILL and started again', () => {
  crash('in the middle of a render: it renders anew, the member gets one video, one bill', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'render-takes', durationMs: forAnHour });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    await server.kill();
    await server.restart();
    await expectOneVideo(stage, handle);
    expect((await server.record()).requests).toMatchObject([{ starts: 2 }]);
  });

  crash('with a submit in flight: it may have been charged, and is not sent again', async stage => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'after', delayMs: forAnHour });
    const handle = await stage.hallo();
    await server.taken(1);
    await server.kill();
    await server.restart();
    const { spentUsd } = await bot.closed(1);
    expect(endOf(stage, handle)).toEqual({ end: 'no video', pings: 0, others: 0 });
    expect(handle.original()?.content).toContain('It may have been charged.');
    expect((await server.record()).requests).toHaveLength(1);
    expect(spentUsd).toBe(ESTIMATE_USD);
  });
});

describe.concurrent('one data directory', () => {
  crash('serves one bot: a second one says so and ends with exit code 1, the first goes on', async stage => {
    const second = stage.bot.another();
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.lines().join('\n')).toMatch(/^The data directory cannot be used .*another process uses .*$/);
    const handle = await stage.hallo();
    await expectOneVideo(stage, handle);
  });
});

/** The Cancel button of a message, by a word of its label. */
function cancelButton(message: SandboxMessage | undefined, word: string) {
  const match = new RegExp(
    `"label":"Cancel[^"]*${word}[^"]*"[^}]*"custom_id":"([^"]+)"|"custom_id":"([^"]+)"[^}]*"label":"Cancel[^"]*${word}`,
  ).exec(JSON.stringify(message?.components ?? []));
  const customId = match?.[1] ?? match?.[2];
  return message !== undefined && customId !== undefined && { messageId: message.id, customId };
}
