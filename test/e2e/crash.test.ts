import { afterAll, describe, expect, test } from 'vitest';
import type { InteractionHandle, SandboxEvents, SandboxMessage } from '../../sandbox/discord/index.ts';
import { allComponents } from '../../sandbox/discord/rest/message-schema.ts';
import { ESTIMATE_USD, PRICE_USD, type Stage, shownBy, startStage } from './stage.ts';

const anHourMs = 3_600_000;
const originalRoute = '/webhooks/:application/:token/messages/@original';

/** Most of the time goes into the start of programs, so a stage on which a story went well is played on again. */
const free: Stage[] = [];
const stages = new Set<Stage>();
/** Secrets that got out, whatever the story was. */
const leaked: string[] = [];
afterAll(() => Promise.all([...stages].map(stage => stage.close())));

type Books = Awaited<ReturnType<Stage['books']>>;

/** A test on a stage where nothing is going on. `before`: what both sides had written down until then. */
function story(name: string, play: (stage: Stage, before: Books) => Promise<void>, settings?: Record<string, string>): void {
  test(name, { timeout: 120_000 }, async () => {
    const stage = (settings === undefined ? free.pop() : undefined) ?? (await startStage(settings));
    stages.add(stage);
    try {
      await play(stage, await stage.books());
      leaked.push(...(await stage.leaks()));
      if (settings === undefined) free.push(stage);
    } finally {
      if (!free.includes(stage)) await stage.close();
    }
  });
}

/** Kills the bot from within an event, so before it learns of anything that comes after; resolves when it is gone. */
async function killOn<Name extends keyof SandboxEvents>(
  { bot, discord }: Stage,
  name: Name,
  fits: (event: SandboxEvents[Name]) => boolean,
): Promise<void> {
  const off = discord.events.on(name, event => {
    if (!fits(event)) return;
    bot.killNow();
    off();
  });
  await bot.gone();
}

const shows = (text: string) => (event: { message: SandboxMessage }) => event.message.content.startsWith(text);

function messageOf(handle: InteractionHandle): SandboxMessage {
  const message = handle.original();
  if (message === undefined) throw new Error('there is no message');
  return message;
}

/** How a render ended for its member: what its message shows, if it has shown only this since its first end; pings; what else was posted. */
function endOf({ discord }: Stage, handle: InteractionHandle) {
  const posted = discord.messages.inChannel(discord.places.general.id).filter(each => each.createdAt >= handle.createdAt);
  const original = handle.original();
  const states = original === undefined ? [] : discord.messages.history(original.id).map(version => version.message);
  const first = states.findIndex(each => !['thinking', 'in progress'].includes(shownBy(each)));
  const ends = new Set((first < 0 ? states.slice(-1) : states.slice(first)).map(each => `${shownBy(each)}: ${each.content}`));
  const pings = posted.filter(each => each.reference !== null && each.reference.messageId === original?.id);
  return {
    shown: original === undefined ? 'no message' : ends.size === 1 ? shownBy(original) : [...ends],
    pings: pings.length,
    others: posted.filter(each => each.interactionId === null && !pings.includes(each)).length,
  };
}

/** What was written down on both sides since `before`, once nothing is going on any more on either. */
async function booksSince({ bot, server, books }: Stage, before: Books) {
  await Promise.all([bot.quiet(), server.quiet()]);
  const { closed, requests, spentUsd, billedUsd } = await books();
  const cents = (usd: number) => Math.round(usd * 100);
  return {
    closed: closed - before.closed,
    requests: requests.slice(before.requests.length),
    spentCents: cents(spentUsd - before.spentUsd),
    billedCents: cents(billedUsd - before.billedUsd),
  };
}

const PRICE = Math.round(PRICE_USD * 100);
const ESTIMATE = Math.round(ESTIMATE_USD * 100);

/** One render ended once, with its video; it was submitted and billed once, and what was booked is the bill. */
async function expectOneVideo(stage: Stage, before: Books, handle: InteractionHandle, pings = 1): Promise<void> {
  const books = await booksSince(stage, before);
  expect(endOf(stage, handle)).toEqual({ shown: 'video', pings, others: 0 });
  expect(books).toMatchObject({ closed: 1, requests: [{ state: 'COMPLETED' }], spentCents: PRICE, billedCents: PRICE });
}

/** One render ended once, in doubt; it was submitted at most so often, and the estimate stays booked. */
async function expectInDoubt(stage: Stage, before: Books, handle: InteractionHandle, submits: number): Promise<void> {
  const books = await booksSince(stage, before);
  expect(endOf(stage, handle)).toEqual({ shown: 'no video', pings: 0, others: 0 });
  expect(messageOf(handle).content).toContain('It may have been charged.');
  expect(books).toMatchObject({ closed: 1, spentCents: ESTIMATE });
  expect(books.requests).toHaveLength(submits);
}

describe.concurrent('the bot is killed with SIGKILL and started again', () => {
  const ownLine = { HALLO_DEFAULT_AT_ONCE: '1' };
  const inWaiting = 'in waiting: it keeps its place in line, and both renders are submitted once';
  story(
    inWaiting,
    async (stage, before) => {
      const { bot, discord, server } = stage;
      await server.order({ fault: 'render-takes', durationMs: anHourMs });
      const first = await stage.hallo();
      await bot.phase('rendering');
      const second = await stage.hallo();
      await discord.waitFor(() => second.original()?.content.startsWith('Waiting: next in line'), { timeoutMs: 40_000 });
      await bot.end('SIGKILL');
      await bot.restart();
      await bot.phase('waiting');
      await server.clear();
      const books = await booksSince(stage, before);
      for (const handle of [first, second]) expect(endOf(stage, handle)).toMatchObject({ shown: 'video', pings: 1 });
      expect(books).toMatchObject({ closed: 2, spentCents: 2 * PRICE, billedCents: 2 * PRICE });
      expect(books.requests).toHaveLength(2);
    },
    ownLine,
  );

  story('in preparing, while the files are looked at: they are looked at again, one submit, one video', async (stage, before) => {
    const killed = killOn(stage, 'message-edited', shows('Looking at the portrait'));
    const handle = await stage.hallo();
    await killed;
    expect(shownBy(messageOf(handle))).toBe('in progress');
    await stage.bot.restart();
    await expectOneVideo(stage, before, handle);
  });

  story('in preparing, while a file is uploaded: it is uploaded again, one submit, one video', async (stage, before) => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'upload', delayMs: anHourMs });
    const handle = await stage.hallo();
    await server.met();
    await bot.end('SIGKILL');
    await server.clear();
    await bot.restart();
    await expectOneVideo(stage, before, handle);
  });

  story('in submitting, the submit taken: it may have been charged, and is not sent again', async (stage, before) => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'after', delayMs: anHourMs });
    const handle = await stage.hallo();
    await server.met();
    await bot.phase('submitting');
    await bot.end('SIGKILL');
    await server.clear();
    await bot.restart();
    await expectInDoubt(stage, before, handle, 1);
  });

  story('in submitting, the submit lost: it may have been charged, and is not sent again', async (stage, before) => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'before', delayMs: anHourMs });
    const handle = await stage.hallo();
    await server.met();
    await bot.end('SIGKILL');
    // What it held up dies with it.
    await server.kill();
    await server.restart();
    await bot.restart();
    await expectInDoubt(stage, before, handle, 0);
  });

  story('in rendering: it is watched on, one submit, one video', async (stage, before) => {
    const { bot, server } = stage;
    await server.order({ fault: 'render-takes', durationMs: anHourMs });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    await bot.end('SIGKILL');
    await bot.restart();
    await server.clear();
    await expectOneVideo(stage, before, handle);
  });

  story('in rendering, the video being fetched: it is fetched again, one submit, one video', async (stage, before) => {
    const { bot, server } = stage;
    const handle = await stage.hallo();
    await bot.phase('rendering');
    await server.order({ fault: 'latency', call: 'file', delayMs: anHourMs });
    await server.met();
    await bot.end('SIGKILL');
    await server.clear();
    await bot.restart();
    await expectOneVideo(stage, before, handle);
  });

  story('in rendering, after Cancel: no video, and the bill is booked', async (stage, before) => {
    const { bot, discord, server } = stage;
    const memberId = discord.places.ada.id;
    await server.order({ fault: 'render-takes', durationMs: anHourMs });
    const handle = await stage.hallo();
    const asked = await discord.waitFor(() => buttonOf(handle.original(), 'Cancel (charged'), { timeoutMs: 40_000 });
    const question = discord.members.press({ ...asked, memberId });
    const sure = await discord.waitFor(() => buttonOf(question.original(), 'Cancel anyway'), { timeoutMs: 40_000 });
    await discord.members.press({ ...sure, memberId }).acknowledged;
    await bot.end('SIGKILL');
    await bot.restart();
    await discord.waitFor(() => handle.original()?.content.startsWith('Cancelled: the video will not be posted'), {
      timeoutMs: 40_000,
    });
    await server.clear();
    const books = await booksSince(stage, before);
    expect(endOf(stage, handle)).toMatchObject({ shown: 'cancelled', pings: 0 });
    expect(books).toMatchObject({ closed: 1, requests: [{ state: 'COMPLETED' }], spentCents: PRICE, billedCents: PRICE });
  });

  story('in announcing, the video not out yet: it is posted once', async (stage, before) => {
    const { bot, discord } = stage;
    discord.faults.order({ fault: 'drop', handled: false, method: 'PATCH', route: originalRoute, times: 1_000 });
    const killed = killOn(stage, 'request', ({ method, files }) => method === 'PATCH' && files.length > 0);
    const handle = await stage.hallo();
    await killed;
    expect(shownBy(messageOf(handle))).toBe('thinking');
    discord.faults.clear();
    await bot.restart();
    await expectOneVideo(stage, before, handle);
  });

  story('in announcing, the video out, Discord not heard: the same message shows the same, one ping', async (stage, before) => {
    const killed = killOn(stage, 'message-edited', ({ message }) => shownBy(message) === 'video');
    const handle = await stage.hallo();
    await killed;
    await stage.bot.restart();
    await expectOneVideo(stage, before, handle);
  });

  story('in announcing, the ping out, Discord not heard: no second ping', async (stage, before) => {
    const killed = killOn(stage, 'message-created', ({ message }) => message.pings.length > 0);
    const handle = await stage.hallo();
    await killed;
    await stage.bot.restart();
    await expectOneVideo(stage, before, handle);
  });

  story('in announcing, the ping not out yet: none rather than two', async (stage, before) => {
    const { bot, discord } = stage;
    discord.faults.order({ fault: 'drop', handled: false, method: 'POST', route: '/channels/:id/messages' });
    const killed = killOn(stage, 'request', ({ method, status }) => method === 'POST' && status === 0);
    const handle = await stage.hallo();
    await killed;
    await bot.restart();
    await expectOneVideo(stage, before, handle, 0);
  });

  story('in announcing a failure: it is told once, and nothing is booked', async (stage, before) => {
    await stage.server.order({
      fault: 'failed',
      text: 'Internal Polling Error: https://files.example/a?X-Amz-Signature=0123456789abcdef',
    });
    const killed = killOn(stage, 'message-edited', ({ message }) => shownBy(message) === 'no video');
    const handle = await stage.hallo();
    await killed;
    await stage.bot.restart();
    const books = await booksSince(stage, before);
    expect(endOf(stage, handle)).toEqual({ shown: 'no video', pings: 1, others: 0 });
    expect(messageOf(handle).content).toContain('Nothing was charged.');
    expect(books).toMatchObject({ closed: 1, requests: [{ state: 'FAILED' }], spentCents: 0, billedCents: 0 });
  });

  story('before it learned that its deferral stands: the message is found, and gets its video', async (stage, before) => {
    const killed = killOn(stage, 'interaction-answered', ({ acknowledgement }) => acknowledgement.kind === 'deferred');
    const handle = await stage.hallo();
    await killed;
    expect(shownBy(messageOf(handle))).toBe('thinking');
    await stage.bot.restart();
    await expectOneVideo(stage, before, handle);
  });

  story('before its deferral reached Discord: nothing is submitted, nothing is booked', async (stage, before) => {
    const { bot, discord } = stage;
    discord.faults.order({ fault: 'drop', handled: false, route: '/interactions/:id/:token/callback' });
    const killed = killOn(stage, 'request', ({ path, status }) => path.endsWith('/callback') && status === 0);
    const handle = await stage.hallo();
    await killed;
    await bot.restart();
    const books = await booksSince(stage, before);
    expect(endOf(stage, handle)).toEqual({ shown: 'no message', pings: 0, others: 0 });
    expect(books).toEqual({ closed: 1, requests: [], spentCents: 0, billedCents: 0 });
  });
});

describe.concurrent('the bot gets SIGTERM', () => {
  async function drain({ bot }: Stage): Promise<void> {
    const askedAtMs = performance.now();
    expect(await bot.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAtMs).toBeLessThan(10_000);
  }

  story('in rendering: it ends within ten seconds, and goes on when it is started again', async (stage, before) => {
    const { bot, server } = stage;
    await server.order({ fault: 'render-takes', durationMs: anHourMs });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    await drain(stage);
    await bot.restart();
    await server.clear();
    await expectOneVideo(stage, before, handle);
  });

  story('in submitting: it waits for the answer, so that nothing is in doubt', async (stage, before) => {
    const { bot, server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'after', delayMs: 1_500 });
    const handle = await stage.hallo();
    await server.met();
    await drain(stage);
    await bot.restart();
    await expectOneVideo(stage, before, handle);
  });
});

describe.concurrent('the server is killed with SIGKILL and started again', () => {
  story('in the middle of a render: it renders anew, one video, one bill', async (stage, before) => {
    const { bot, server } = stage;
    await server.order({ fault: 'render-takes', durationMs: anHourMs });
    const handle = await stage.hallo();
    await bot.phase('rendering');
    await server.met();
    await server.kill();
    await server.restart();
    await expectOneVideo(stage, before, handle);
    expect((await booksSince(stage, before)).requests).toMatchObject([{ starts: 2 }]);
  });

  story('with the answer to a submit on its way: it may have been charged, and is not sent again', async (stage, before) => {
    const { server } = stage;
    await server.order({ fault: 'latency', call: 'submit', when: 'after', delayMs: anHourMs });
    const handle = await stage.hallo();
    await server.met();
    await server.kill();
    await server.restart();
    await expectInDoubt(stage, before, handle, 1);
  });
});

describe.concurrent('one data directory', () => {
  story('serves one bot: a second one says so and ends with exit code 1, the first goes on', async (stage, before) => {
    const second = stage.bot.another();
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.lines()).toEqual([expect.stringMatching(/another process uses .*bot$/)]);
    await expectOneVideo(stage, before, await stage.hallo());
  });
});

/** A button of a message, by the beginning of its label. */
function buttonOf(message: SandboxMessage | undefined, label: string) {
  const button = allComponents(message?.components ?? []).find(each => String(each.label).startsWith(label));
  const customId = button?.custom_id;
  return message !== undefined && typeof customId === 'string' && { messageId: message.id, customId };
}

test('in all of this no token, no key and no signed link was printed by bot or server, shown in a message, or recorded', async () => {
  expect(leaked).toEqual([]);
  const seen = [...stages].map(stage => stage.seen());
  expect(seen.reduce((sum, { tokens }) => sum + tokens, 0)).toBeGreaterThan(15);
});
