/** What several processes on one Postgres tell each other, and take from each other. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createBreaker } from '../../src/core/breaker.ts';
import { systemClock } from '../../src/core/clock.ts';
import { failed } from '../../src/core/outcomes.ts';
import { createPolicies } from '../../src/core/policies.ts';
import type { Ledger, Wakes } from '../../src/core/ports.ts';
import { openDatabase } from '../../src/storage/scaled/database.ts';
import { createSharedCalls } from '../../src/storage/scaled/shared-calls.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { anAdmission, aRequest, NO_BOUNDS, OPEN_POLICY } from '../support/requests.ts';
import { type House, openHouse } from './scaled-house.ts';

let house: House;
let gateway: Storage;
let worker: Storage;
const told = { wake: vi.fn(), look: vi.fn(), changed: vi.fn(), abandoned: vi.fn() } satisfies Wakes;

async function open(owner: string, performs: boolean): Promise<Storage> {
  const answer = await house.storage(owner, { performs });
  if (!answer.ok) throw new Error(answer.detail);
  return answer.storage;
}
beforeAll(async () => {
  house = await openHouse();
  [gateway, worker] = [await open('gateway', false), await open('worker', true)];
  await worker.wakeups.start(told);
});
afterEach(async () => {
  await house.query('truncate hallo.renders, hallo.guilds, hallo.spend');
  vi.clearAllMocks();
});
afterAll(() => house.close());

async function admit(ledger: Ledger) {
  const answer = await ledger.admit(aRequest(), anAdmission());
  if (!answer.ok) throw new Error('refused');
  return answer.render;
}
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 10 });

test('a policy that is set in one process holds in the others at once', async () => {
  await gateway.settings.set('policy:1', { perHour: 1 });
  expect(await worker.settings.get('policy:1')).toEqual({ perHour: 1 });
  await gateway.settings.set('policy:1', { perHour: 2 });
  await soon(async () => expect(await worker.settings.get('policy:1')).toEqual({ perHour: 2 }));
});

test('where the connections that listen are cut, a change holds within two seconds, and what was handed over is found', async () => {
  await gateway.settings.set('policy:3', { perHour: 1 });
  expect(await worker.settings.get('policy:3')).toEqual({ perHour: 1 });
  const render = await admit(gateway.ledger);
  vi.clearAllMocks();
  // Known once more, now that word of the first change has come.
  await worker.settings.get('policy:3');
  // A change of which no word arrives.
  await house.query(`update hallo.settings set value = replace(value, '"perHour":1', '"perHour":2') where key like '%policy:3'`);
  await house.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where application_name = 'hallo-listener' and datname = current_database()`);
  await gateway.ledger.update(render.id, 'preparing', { messageId: 'm1' });
  const within = { timeout: 2_000, interval: 20 };
  await vi.waitFor(async () => expect(await worker.settings.get('policy:3')).toEqual({ perHour: 2 }), within);
  await soon(() => expect(told.abandoned).toHaveBeenCalled());
  expect(await worker.ledger.takeOver(10)).toMatchObject([{ id: render.id }]);
});

test('a policy that is changed in two processes at once keeps both changes', async () => {
  const [one, other] = [gateway, worker].map(({ settings }) =>
    createPolicies(settings, { defaults: OPEN_POLICY, bounds: NO_BOUNDS }),
  );
  for (let round = 0; round < 10; round += 1) {
    const guildId = `both-${round}`;
    await Promise.all([
      one?.set(guildId, { perHour: 3 }),
      other?.set(guildId, { ping: false }),
      one?.set(guildId, { atOnce: 5 }),
    ]);
    expect(await gateway.settings.change(`policy:${guildId}`, value => ({ value, answer: value }))).toEqual({
      ...{ perHour: 3, ping: false, atOnce: 5 },
    });
  }
});

test('a file that one process put is there for the others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-files-'));
  await writeFile(join(folder, 'made'), 'a video');
  await worker.files.put([{ key: 'videos/a.mp4', path: join(folder, 'made') }], Date.now() + 60_000);
  expect(await readFile((await gateway.files.path('videos/a.mp4')) ?? '', 'utf8')).toBe('a video');
  await rm(folder, { recursive: true });
});

describe('a render that a gateway admits', () => {
  test('is its own until the deferral is known, and then the workers are called', async () => {
    const render = await admit(gateway.ledger);
    expect(await worker.ledger.takeOver(10)).toEqual([]);
    await gateway.ledger.update(render.id, 'preparing', { messageId: 'm1' });
    await soon(() => expect(told.abandoned).toHaveBeenCalled());
    expect(await worker.ledger.takeOver(10)).toMatchObject([{ id: render.id, messageId: 'm1' }]);
    expect(await gateway.ledger.update(render.id, 'preparing', { messageId: 'm2' })).toBeUndefined();
  });

  test('has a wake-up that stands and falls with it, and with which a worker takes it up where the gateway went silent', async () => {
    const jobs = async () => (await house.query(`select data from hallo_jobs.job where name = 'wake'`)).map(row => row.data);
    const before = (await jobs()).length;
    const refused = await gateway.ledger.admit(aRequest(), anAdmission({ perHour: 0 }));
    expect([refused.ok, (await jobs()).length - before]).toEqual([false, 0]);
    const render = await admit(gateway.ledger);
    expect(await jobs()).toContainEqual({ renderId: render.id });
    expect(await worker.ledger.takeUp(render.id)).toMatchObject({ abandoned: true, render: { id: render.id } });
  });

  test('is cancelled wherever it is: its holder hears of it', async () => {
    const render = await admit(worker.ledger);
    expect(await gateway.ledger.requestCancel(render.id)).toMatchObject({ cancelledAtMs: expect.any(Number) });
    await soon(() => expect(told.changed).toHaveBeenCalledWith(render.id));
    expect(await worker.ledger.takeUp(render.id)).toMatchObject({
      abandoned: false,
      render: { cancelledAtMs: expect.any(Number) },
    });
  });

  test('calls for a claim when it waits, and another when a place comes free', async () => {
    const admission = anAdmission({ atOnce: 1 });
    for (let at = 0; at < 2; at += 1) {
      const answer = await worker.ledger.admit(aRequest(), admission);
      if (answer.ok) await worker.ledger.advance(answer.render.id, 'preparing', 'waiting', {});
    }
    await soon(() => expect(told.look).toHaveBeenCalled());
    const { render: claimed } = await worker.ledger.claimNext({ maxAtOnce: 10 });
    expect((await worker.ledger.claimNext({ maxAtOnce: 10 })).render).toBeUndefined();
    vi.clearAllMocks();
    await worker.ledger.advance(claimed?.id ?? '', 'submitting', 'announcing', { outcome: failed('provider', 'no') });
    await soon(() => expect(told.look).toHaveBeenCalled());
    expect((await worker.ledger.claimNext({ maxAtOnce: 10 })).render).toBeDefined();
  });
});

describe('a process that does not renew its lease', () => {
  test('is overtaken after 20 s, knows it before it acts, and can write no more', async () => {
    const clock = createManualClock();
    const [stalled, other] = [await house.ledger(clock, 'stalled'), await house.ledger(clock, 'other')];
    const render = await admit(stalled);
    await clock.advance(10_000);
    await other.renewLeases();
    expect([stalled.holds(render.id), (await other.takeOver(10)).length]).toEqual([true, 0]);
    await clock.advance(11_000);
    await other.renewLeases();
    expect(stalled.holds(render.id)).toBe(false);
    expect((await other.takeOver(10)).map(({ id }) => id)).toEqual([render.id]);
    await stalled.renewLeases();
    expect(stalled.holds(render.id)).toBe(false);
    expect(await stalled.advance(render.id, 'preparing', 'waiting', {})).toBeUndefined();
    expect(await other.advance(render.id, 'preparing', 'waiting', {})).toBeDefined();
    await stalled.close();
    await other.close();
  });

  test('is not overtaken by one that was away itself, until it had time to say that it lives', async () => {
    const clock = createManualClock();
    const [one, other] = [await house.ledger(clock, 'one'), await house.ledger(clock, 'another')];
    await admit(one);
    // The database was away for all.
    await clock.advance(60_000);
    await other.renewLeases();
    expect(await other.takeOver(10)).toEqual([]);
    await clock.advance(2_000);
    await one.renewLeases();
    await clock.advance(10_000);
    await other.renewLeases();
    expect(await other.takeOver(10)).toEqual([]);
    await one.close();
    await other.close();
  });

  test('goes on where nobody took over', async () => {
    const clock = createManualClock();
    const ledger = await house.ledger(clock, 'late');
    const render = await admit(ledger);
    await clock.advance(60_000);
    expect(ledger.holds(render.id)).toBe(false);
    await ledger.renewLeases();
    expect(await ledger.update(render.id, 'preparing', {})).toBeDefined();
    expect(ledger.holds(render.id)).toBe(true);
    await ledger.close();
  });
});

test('a breaker that opens or closes in one process does so in all', async () => {
  const alarm = vi.fn();
  const make = (storage: Storage, credits: number) =>
    createBreaker({
      provider: { credits: async () => ({ ok: true, value: credits }) },
      ...{ clock: systemClock, telemetry: { alarm }, needUsd: 1, onClose: () => {}, signals: storage.signals },
    });
  const [here, there] = [make(gateway, 0), make(worker, 0)];
  there.open('credits', 'none left');
  await soon(() => expect(here.openFor()).toBe('credits'));
  expect(alarm).toHaveBeenCalledTimes(1);
  here.stop();
  there.stop();
});

test('whatever the limits and the counts, Postgres refuses what the core refuses', async () => {
  const clock = createManualClock();
  const ledger = await house.ledger(clock, 'limits');
  const limits = fc.record({
    ...{ perHour: fc.nat(4), perMemberDay: fc.nat(4), cooldownSeconds: fc.nat(3), usdPerMonth: fc.nat(20).map(n => n / 10) },
    ...{ usdPerDay: fc.nat(20).map(n => n / 10), waiting: fc.nat(5), stepMs: fc.nat(4_000) },
  });
  await fc.assert(
    fc.asyncProperty(limits, async ({ usdPerDay, waiting, stepMs, ...policy }) => {
      await house.query('truncate hallo.renders, hallo.guilds, hallo.spend');
      for (let at = 0; at < 5; at += 1) {
        // A disagreement throws: the core finds no limit where Postgres refused.
        const answer = await ledger.admit(aRequest({ memberId: `m${at % 2}` }), anAdmission(policy, { usdPerDay, waiting }));
        if (answer.ok) expect(at < policy.perHour && at * 0.42 + 0.42 <= usdPerDay + 1e-9).toBe(true);
        await clock.advance(stepMs);
      }
    }),
    { numRuns: 25 },
  );
  await ledger.close();
});

test('all processes together never make more calls in any minute than the budget has', async () => {
  const opened = await openDatabase(house.url, { connections: 2 });
  if (!opened.ok) throw new Error(opened.detail);
  for (const requestsPerMinute of [1, 5, 60, 600]) {
    await house.query('update hallo.permits set next_ms = 0, paused_until_ms = 0');
    const clock = createManualClock();
    const calls = createSharedCalls(opened.database, { requestsPerMinute, clock, onError: () => {} });
    const times: number[] = [];
    for (let at = 0; at < 40; at += 1) {
      times.push(...(await calls.reserve(1 + (at % 3))));
      await clock.advance(at % 10 === 9 ? 90_000 : 500);
    }
    // A call is made at its time, or up to two seconds later.
    const most = Math.max(...times.map(from => times.filter(each => each >= from && each < from + 62_000).length));
    expect(most).toBeLessThanOrEqual(requestsPerMinute);
    calls.pause(clock.now() + 3_600_000);
    await soon(async () => expect((await calls.reserve(1))[0]).toBeGreaterThanOrEqual(clock.now() + 3_600_000));
  }
  await opened.database.close();
});
