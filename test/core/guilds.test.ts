import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGuilds } from '../../src/core/guilds.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { ANYBODY, aRequest } from '../support/requests.ts';
import { settingsInMemory } from '../support/settings-in-memory.ts';
import { type Core, createScript, makeDirectory, openCore, type Script, until } from './house.ts';

/** What becomes of a guild that the bot was removed from. */
let directory: Awaited<ReturnType<typeof makeDirectory>>;
let clock: ManualClock;
let script: Script;
let core: Core;

const DAY_MS = 24 * 3_600_000;
const [LEFT, STAYED] = ['guild-left', 'guild-stayed'];
const all = () => true;
const reach = (id: string, phase: string) => until({ clock, script }, async () => (await core.get(id)).phase === phase);
const ids = async (guildId: string) => (await core.storage.ledger.recent(guildId, 'member-1', 10)).map(each => each.id);

beforeEach(async () => {
  directory = await makeDirectory();
  clock = createManualClock();
  script = createScript();
  core = await openCore(directory.path, clock, script, { atOnce: 1 });
});
afterEach(async () => {
  await core.storage.close();
  await directory.clear();
  expect(script.bugs).toEqual([]);
});

/** A finished render in each guild. */
async function oneEach(): Promise<{ left: string; stayed: string }> {
  const [left, stayed] = [await core.ask({ guildId: LEFT }), await core.ask({ guildId: STAYED })];
  for (const id of [left, stayed]) await reach(id, 'closed');
  return { left, stayed };
}

test('what waits is cancelled at once, free of charge; what was paid is watched to its end', async () => {
  script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
  const paid = await core.ask({ guildId: LEFT });
  await reach(paid, 'rendering');
  const waits = await core.ask({ guildId: LEFT });
  await reach(waits, 'waiting');
  await core.guilds.left(LEFT);
  await reach(waits, 'closed');
  expect((await core.get(waits)).outcome).toEqual({ kind: 'cancelled', charged: 'no' });
  expect((await core.get(paid)).phase).toBe('rendering');
});

test('after seven days its renders, files and policy are deleted, its sum of money is not, and no other guild is touched', async () => {
  const { left, stayed } = await oneEach();
  const spentUsd = async () => (await core.storage.ledger.totals()).bookedMonthUsd;
  const spentBeforeUsd = await spentUsd();
  await core.guilds.left(LEFT);
  clock.jump(6.9 * DAY_MS);
  await core.guilds.sweep();
  expect(await ids(LEFT)).toEqual([left]);
  clock.jump(0.2 * DAY_MS);
  await core.guilds.sweep();
  expect([await ids(LEFT), await ids(STAYED)]).toEqual([[], [stayed]]);
  expect(await core.storage.files.path(`videos/${left}.mp4`)).toBeUndefined();
  expect(script.forgotten).toEqual([LEFT]);
  expect(await spentUsd()).toBeCloseTo(spentBeforeUsd);
});

test('a removal while the bot was away is seen by its list of guilds, and counts from then on', async () => {
  const { left } = await oneEach();
  await core.guilds.present(new Set([STAYED]), all);
  clock.jump(6 * DAY_MS);
  // Seen to be missing again and again, it is forgotten all the same.
  await core.guilds.present(new Set([STAYED]), all);
  await core.guilds.sweep();
  expect(await ids(LEFT)).toEqual([left]);
  clock.jump(1.1 * DAY_MS);
  await core.guilds.sweep();
  expect(await ids(LEFT)).toEqual([]);
});

test('a guild of another shard is nobody’s to miss', async () => {
  const { left } = await oneEach();
  await core.guilds.present(new Set([STAYED]), guildId => guildId === STAYED);
  clock.jump(8 * DAY_MS);
  await core.guilds.sweep();
  expect(await ids(LEFT)).toEqual([left]);
});

test.each([
  ['is added again', () => core.guilds.joined(LEFT)],
  ['is there again at the next start', () => core.guilds.present(new Set([LEFT, STAYED]), all)],
])('a guild that %s within the days is kept', async (_how, comesBack) => {
  const { left } = await oneEach();
  await core.guilds.left(LEFT);
  clock.jump(3 * DAY_MS);
  await comesBack();
  clock.jump(8 * DAY_MS);
  await core.guilds.sweep();
  expect(await ids(LEFT)).toEqual([left]);
});

test('a guild with a render under way is not forgotten before its end', async () => {
  script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
  const id = await core.ask({ guildId: LEFT });
  await reach(id, 'rendering');
  await core.guilds.left(LEFT);
  expect(await core.storage.ledger.forgetGuild(LEFT)).toBeUndefined();
  expect(await ids(LEFT)).toEqual([id]);
});

test('a guild that is joined again while another process forgets a third one is not taken for left', async () => {
  const settings = settingsInMemory();
  let forgets = async (_guildId: string) => {};
  const process = () =>
    createGuilds({
      ...{ settings, clock, cancel: async () => undefined, files: { remove: async () => undefined } },
      ledger: { guilds: async () => [], unpaidOf: async () => [], forgetGuild: async () => [] },
      forget: guildId => forgets(guildId),
    });
  const [gateway, worker] = [process(), process()];
  await gateway.left('third');
  clock.jump(8 * DAY_MS);
  await gateway.left(LEFT);
  const forgotten: string[] = [];
  forgets = async guildId => {
    forgotten.push(guildId);
    await gateway.joined(LEFT);
  };
  await worker.sweep();
  clock.jump(8 * DAY_MS);
  await worker.sweep();
  expect(forgotten).toEqual(['third']);
});

test('removed and added again at once, a guild is there, whichever write is the slower; what it asks for then is not cancelled', async () => {
  const settings = settingsInMemory();
  let hold: Promise<void> | undefined;
  const slow: typeof settings.change = async (key, to) => {
    const first = hold;
    hold = undefined;
    await first;
    return settings.change(key, to);
  };
  const cancelled: string[] = [];
  const guilds = createGuilds({
    ...{ settings: { change: slow }, clock, files: { remove: async () => undefined }, forget: async () => undefined },
    ledger: { ...core.storage.ledger, forgetGuild: async () => [] },
    cancel: async id => cancelled.push(id),
  });
  const before = await core.service.admit(aRequest({ guildId: LEFT }), ANYBODY);
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  const both = [guilds.left(LEFT), guilds.joined(LEFT)];
  await clock.advance(1);
  await core.service.admit(aRequest({ guildId: LEFT }), ANYBODY);
  resolve();
  await Promise.all(both);
  expect(await settings.get('guilds-left')).toBeUndefined();
  expect(cancelled).toEqual([before.ok && before.render.id]);
});
