import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { type Core, createScript, makeDirectory, openCore, type Script, until } from './house.ts';

/** What happens to a render when the store itself refuses for a while, as a full disk does. */
let directory: Awaited<ReturnType<typeof makeDirectory>>;
let clock: ManualClock;
let script: Script;
let core: Core;

beforeEach(async () => {
  directory = await makeDirectory();
  clock = createManualClock();
  script = createScript();
  core = await openCore(directory.path, clock, script);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await core.storage.close();
  await directory.clear();
});

const full = () => Promise.reject(new Error('database or disk is full'));
const closed = (id: string) => until({ clock, script }, async () => (await core.get(id)).phase === 'closed');

describe('while the disk is full', () => {
  test('a claim that fails alarms, and is made again by itself', async () => {
    vi.spyOn(core.storage.ledger, 'claimNext').mockImplementationOnce(full);
    const id = await core.ask();
    await closed(id);
    expect(script.alarms).toEqual(['storage']);
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
  });

  test('a video that is ready is delivered at once, although nothing can be learned from it', async () => {
    vi.spyOn(core.storage.settings, 'set').mockImplementation(full);
    let results = 0;
    const { onResult } = script;
    script.onResult = () => {
      results += 1;
      return onResult();
    };
    const id = await core.ask();
    await closed(id);
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
    expect(results).toBe(1);
    expect(script.bugs).toEqual([]);
  });

  test('a submit that was accepted is written down as soon as the store takes it, and its video delivered', async () => {
    let refusals = 3;
    const { advance } = core.storage.ledger;
    vi.spyOn(core.storage.ledger, 'advance').mockImplementation((id, from, to, change) =>
      from === 'submitting' && refusals-- > 0 ? full() : advance(id, from, to, change),
    );
    const id = await core.ask();
    await closed(id);
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
    expect(script.submits).toHaveLength(1);
    expect(script.alarms).toEqual(['storage', 'storage', 'storage']);
  });

  test('what an earlier process left in the middle of a submit is told as soon as the store takes it', async () => {
    script.onSubmit = () => new Promise(() => undefined);
    const id = await core.ask();
    await until({ clock, script }, () => script.submits.length === 1);
    await core.kill();
    core = await openCore(directory.path, clock, script, {}, async storage => {
      vi.spyOn(storage.ledger, 'advance').mockImplementationOnce(full);
    });
    await closed(id);
    expect(await core.get(id)).toMatchObject({ outcome: { reason: 'submit-unknown', charged: 'maybe' } });
  });

  test('an end that was told is not told again, however long it can not be written', async () => {
    let refusals = 12;
    const { advance } = core.storage.ledger;
    vi.spyOn(core.storage.ledger, 'advance').mockImplementation((id, from, to, change) =>
      from === 'announcing' && refusals-- > 0 ? full() : advance(id, from, to, change),
    );
    const id = await core.ask();
    await until({ clock, script }, () => script.delivered.length > 0);
    const toldAtMs = clock.now();
    await closed(id);
    expect(clock.now() - toldAtMs).toBeGreaterThan(120_000);
    expect(script.delivered).toHaveLength(1);
    expect(script.pings).toEqual([id]);
  });

  test('a video that can not be stored is fetched again within seconds, and given as a link some hours later', async () => {
    let fetches = 0;
    script.onKeepVideo = () => (++fetches === 1 ? full() : Promise.resolve());
    const well = await core.ask();
    await until({ clock, script }, () => fetches === 1);
    const failedAtMs = clock.now();
    await closed(well);
    expect(clock.now() - failedAtMs).toBeLessThan(10_000);
    expect((await core.get(well)).outcome).toEqual({ kind: 'video' });

    script.onKeepVideo = full;
    const lost = await core.ask();
    await until({ clock, script }, async () => (await core.get(lost)).phase === 'closed', 10_000);
    expect(await core.get(lost)).toMatchObject({ outcome: { kind: 'video' }, outputUrl: 'https://x/v.mp4', videoKey: null });
  });
});
