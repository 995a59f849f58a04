/** Who is let in, who waits, who is told to come back when; by the server's own record of what ran at the same time. */
import { afterEach, describe, expect, test } from 'vitest';
import type { InteractionHandle } from '../../sandbox/discord/index.ts';
import { gatedEngine } from './gate.ts';
import { type House, type HouseOptions, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

let house: House;
const open = async (options: HouseOptions) => {
  house = await openHouse(options);
};
afterEach(() => house.close());

const HOUR_MS = 3_600_000;

const told = async (handle: InteractionHandle) => {
  expect(await handle.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  return handle.original()?.content ?? '';
};

describe('100 `/hallo` at once in one guild, with 2 at once and 20 an hour', () => {
  test('20 are let in, never more than 2 render, 80 are told in private when the next is free; another guild starts at once meanwhile', async () => {
    const gate = gatedEngine();
    const settings = { HALLO_DEFAULT_AT_ONCE: '2', HALLO_DEFAULT_PER_HOUR: '20' };
    await open({ engine: gate.engine, settings, crowd: 100 });
    const { discord, members } = house;
    const { general, second, ada } = discord.places;
    const [CLUB, STATUES] = [1, 2];

    const beganMs = house.clock.now();
    const handles = await Promise.all(
      members.map(({ id: memberId }) => house.hallo({ memberId, options: { pose_weight: CLUB } })),
    );
    const inTimeMs = house.clock.now();
    const answers = await Promise.all(handles.map(async handle => ({ handle, ...(await handle.acknowledged) })));
    const letIn = answers.filter(({ kind, ephemeral }) => kind === 'deferred' && !ephemeral).map(({ handle }) => handle);
    const refused = answers.filter(({ kind, ephemeral }) => kind === 'message' && ephemeral).map(({ handle }) => handle);
    expect([letIn.length, refused.length]).toEqual([20, 80]);

    const free =
      /^This server makes 20 videos an hour, and they are taken\. The next one is free <t:(\d+):R>\.\nNothing was charged\.$/;
    for (const handle of refused) {
      const [, seconds] = free.exec(handle.original()?.content ?? '') ?? [];
      expect(Number(seconds) * 1000).toBeGreaterThanOrEqual(beganMs + HOUR_MS);
      expect(Number(seconds) * 1000).toBeLessThanOrEqual(inTimeMs + HOUR_MS + 1_000);
    }
    const publicly = discord.messages.inChannel(general.id, { as: ada.id });
    expect(publicly).toHaveLength(20);

    // Two of the first guild hold their places; the second guild's one starts beside them, before the first guild's line moves.
    await house.until(() => gate.running(CLUB) === 2, { hurry: false });
    const other = await house.hallo({
      ...{ guildId: second.guild.id, channelId: second.general.id },
      options: { pose_weight: STATUES },
    });
    await house.until(() => gate.running(STATUES) === 1, { hurry: false });
    expect(gate.running(CLUB)).toBe(2);
    expect(house.wire.count('submit')).toBe(3);
    // In the machine's own time, for preparing takes some of it.
    const states = () => letIn.map(handle => handle.original()?.content ?? '');
    // A place in line is shown to those who are not let through at once.
    await house.until(() => states().every(state => /^(Waiting|Rendering)/.test(state)), { strideMs: 50 });
    gate.end(STATUES);
    expect(sightOf(await house.ending(other)).files).toHaveLength(1);
    const inLine = /^(Rendering|Waiting: (next|2nd|3rd|\d+th) in line\.)/;
    await house.until(() => new Set(states().map(state => inLine.exec(state)?.[1])).size === 19);
    expect(states().filter(state => state.startsWith('Rendering'))).toHaveLength(2);

    gate.open();
    for (const handle of letIn) expect(sightOf(await house.ending(handle)).files).toHaveLength(1);
    expect(gate.most(CLUB)).toBe(2);
    const { requests } = await house.record();
    expect(requests).toHaveLength(21);
    expect(requests.every(each => each.state === 'COMPLETED')).toBe(true);
    expect(house.wire.count('submit')).toBe(21);

    // At the time that was told, the next one is let in.
    house.advance(beganMs + HOUR_MS + 4_000 - house.clock.now());
    const later = await house.hallo({ memberId: members[99]?.id ?? '', options: { pose_weight: CLUB } });
    expect((await later.acknowledged).kind).toBe('deferred');
  }, 60_000);
});

describe('each limit tells in private when the next one is free', () => {
  const rows: Record<string, Record<string, string>> = {
    'One moment: there are 600 seconds between two videos. You can go on <time>.': { HALLO_DEFAULT_COOLDOWN_SECONDS: '600' },
    'You have made your one video of today. The next one is free <time>.': { HALLO_DEFAULT_PER_MEMBER_DAY: '1' },
    'This server makes one video an hour. The next one is free <time>.': { HALLO_DEFAULT_PER_HOUR: '1' },
    "This server's budget of 0.5 US$ a month is used up. It is renewed <time>.": { HALLO_DEFAULT_USD_PER_MONTH: '0.5' },
    "The bot's budget is used up for now. It is renewed <time>.": {
      HALLO_MAX_USD_PER_DAY: '0.9',
      HALLO_MAX_USD_PER_MONTH: '0.5',
    },
    'Too many videos are waiting already. Please try again in some minutes.': { HALLO_MAX_WAITING: '1' },
    'This bot is not open to this server. Its operator decides which servers it serves.': {
      HALLO_ALLOWED_GUILDS: '100000000000000001',
    },
  };
  test.each(Object.entries(rows))('"%s"', async (says, settings) => {
    await open({ settings });
    const [one, two] = [await house.hallo(), await house.hallo()];
    const served = settings.HALLO_ALLOWED_GUILDS === undefined;
    expect((await one.acknowledged).kind).toBe(served ? 'deferred' : 'message');
    expect((await told(two)).replace(/<t:\d+:R>/, '<time>')).toBe(`${says}\nNothing was charged.`);
    expect(house.wire.count('submit')).toBeLessThanOrEqual(1);
  });

  test('place and money of a render that was not billed come back at once', async () => {
    await open({
      settings: { HALLO_DEFAULT_PER_HOUR: '1', HALLO_DEFAULT_USD_PER_MONTH: '0.5', HALLO_DEFAULT_PER_MEMBER_DAY: '1' },
    });
    await house.order({ fault: 'failed' });
    const failed = await house.ending(await house.hallo());
    expect(failed.content).toContain('Nothing was charged.');
    const again = await house.press(failed, 'Try again');
    expect((await again.acknowledged).kind).toBe('deferred');
    const video = await house.ending(again);
    expect(sightOf(video).files).toHaveLength(1);
    expect(await told(await house.press(video, 'Try again'))).toContain('You have made your one video of today.');
  });

  test('place and money of an order that may have arrived are kept', async () => {
    await open({ settings: { HALLO_DEFAULT_PER_HOUR: '1' } });
    await house.order({ fault: 'drop', call: 'submit' });
    const lost = await house.ending(await house.hallo());
    expect(lost.content).toContain('It may have been charged.');
    expect(await told(await house.press(lost, 'Try again'))).toMatch(
      /^This server makes one video an hour\. The next one is free/,
    );
  });
});

test('over the operator\'s "at once" renders of two guilds wait, and take turns', async () => {
  const gate = gatedEngine();
  await open({ engine: gate.engine, settings: { HALLO_MAX_AT_ONCE: '1' } });
  const { second } = house.discord.places;
  const there = { guildId: second.guild.id, channelId: second.general.id };
  const first = await house.hallo({ options: { pose_weight: 1 } });
  await house.until(() => gate.running(1) === 1);
  const next = [await house.hallo({ options: { pose_weight: 1 } }), await house.hallo({ ...there, options: { pose_weight: 2 } })];
  await house.until(() => next.every(handle => handle.original()?.content.startsWith('Waiting: next in line.')));
  gate.end(1);
  // The second guild was not served yet, so it goes before the first guild's next.
  await house.until(() => gate.running(2) === 1);
  expect(gate.running(1)).toBe(0);
  gate.open();
  for (const handle of [first, ...next]) expect(sightOf(await house.ending(handle)).files).toHaveLength(1);
  expect([gate.most(1), gate.most(2)]).toEqual([1, 1]);
});

test('without credits the bot pauses: what waits keeps its place, new ones are refused at once in private; then it goes on by itself', async () => {
  const gate = gatedEngine();
  await open({ engine: gate.engine, settings: { HALLO_DEFAULT_AT_ONCE: '1' } });
  const options = { pose_weight: 1 };
  const first = await house.hallo({ options });
  await house.until(() => gate.running(1) === 1);
  const second = await house.hallo({ options });
  await house.until(() => second.original()?.content.startsWith('Waiting'));
  const third = await house.hallo({ options });
  await house.until(() => third.original()?.content.startsWith('Waiting'));

  await house.order({ fault: 'error', call: 'submit', status: 402 });
  house.wire.change('credits', () => ({ credits: 0.1, 'free-credits': 0 }));
  gate.end(1);
  expect(sightOf(await house.ending(first)).files).toHaveLength(1);
  expect((await house.ending(second)).content).toBe(
    [
      '**No video this time.** The video service takes no orders at the moment.',
      'The service says: Insufficient credits',
      'The operator of this bot has been told. Please try later. Nothing was charged.',
    ].join('\n'),
  );
  const paused = 'The video service is paused for now. Your video keeps its place; its operator has been told.';
  await house.until(() => third.original()?.content.startsWith(paused));
  expect(await told(await house.hallo({ options }))).toBe(
    'No videos can be made at the moment: the video service is not available to this bot. Its operator has been told. Nothing was charged.',
  );

  // The first look at the credits finds too little, the second enough for one.
  await house.until(() => house.wire.count('credits') === 1);
  house.advance(50_000);
  expect(third.original()?.content).toContain(paused);
  expect(house.wire.count('submit')).toBe(2);
  await house.until(() => gate.running(1) === 1);
  gate.end(1);
  expect(sightOf(await house.ending(third)).files).toHaveLength(1);
  expect(house.wire.count('credits')).toBe(2);
});
