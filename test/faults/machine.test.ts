/** The machine goes wrong, one row a fault. A full disk in the middle of a step: test/core/trouble.test.ts. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Phase } from '../../src/core/phases.ts';
import { openDatabase } from '../../src/storage/embedded/database.ts';
import { createSqliteLedger } from '../../src/storage/embedded/ledger.ts';
import { type Core, createScript, makeDirectory, openCore, type Script, until } from '../core/house.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { anAdmission, aRequest } from '../support/requests.ts';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let clock: ManualClock;
beforeEach(async () => {
  directory = await makeDirectory();
  clock = createManualClock();
});
afterEach(() => directory.clear());

const HOUR_MS = 3_600_000;

describe('the data directory', () => {
  /** As somebody without rights, also where the tests run as root. */
  function unprivileged<T>(work: () => T): T {
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      return work();
    } finally {
      if (root) process.seteuid?.(0);
    }
  }

  test('may not be written to: said so, and nothing is started', async () => {
    await chmod(directory.path, 0o555);
    const opened = unprivileged(() => openDatabase(directory.path));
    await chmod(directory.path, 0o755);
    expect(opened).toMatchObject({ ok: false, problem: 'unusable' });
  });

  test('has files that may not be written to: said so, and nothing is started', async () => {
    const first = openDatabase(directory.path);
    if (first.ok) first.database.close();
    for (const name of ['hallo.db', 'lock.db']) await chmod(join(directory.path, name), 0o444);
    await chmod(directory.path, 0o555);
    const opened = unprivileged(() => openDatabase(directory.path));
    await chmod(directory.path, 0o755);
    expect(opened).toMatchObject({ ok: false, problem: 'unusable' });
  });

  test('is a file: said so', async () => {
    const path = join(directory.path, 'data');
    await writeFile(path, '');
    expect(openDatabase(path)).toMatchObject({ ok: false, problem: 'unusable', detail: expect.stringContaining('EEXIST') });
  });

  test('holds something that is no store: said so', async () => {
    await mkdir(join(directory.path, 'data'));
    await writeFile(join(directory.path, 'data', 'hallo.db'), 'Dear diary, this is no database at all.'.repeat(40));
    expect(openDatabase(join(directory.path, 'data'))).toMatchObject({
      ok: false,
      problem: 'unusable',
      detail: expect.stringContaining('not a database'),
    });
  });

  test('is full: an admission fails whole, books nothing, and succeeds once there is room', async () => {
    const opened = openDatabase(directory.path);
    if (!opened.ok) throw new Error(opened.detail);
    const { database } = opened;
    let ids = 0;
    const ledger = createSqliteLedger(database, { clock, owner: 'one', newId: () => `r${++ids}` });
    const admit = () => ledger.admit(aRequest({ interactionToken: 'x'.repeat(3_000) }), anAdmission());
    const bookedUsd = async () => (await ledger.totals()).bookedTodayUsd;
    const pages = Number(database.sql.prepare('pragma page_count').get()?.page_count);
    database.sql.exec(`pragma max_page_count = ${pages + 1}`);
    let admitted = 0;
    const fill = async () => {
      for (; ; admitted += 1) await admit();
    };
    await expect(fill()).rejects.toThrow('full');
    expect((await ledger.totals()).phases.preparing).toBe(admitted);
    expect(await bookedUsd()).toBeCloseTo(admitted * 0.42);
    database.sql.exec('pragma max_page_count = 100000');
    expect((await admit()).ok).toBe(true);
    expect(await bookedUsd()).toBeCloseTo((admitted + 1) * 0.42);
    await ledger.close();
  });
});

describe("the machine's clock is moved back by two hours", () => {
  let script: Script;
  let core: Core;
  beforeEach(async () => {
    script = createScript();
    core = await openCore(directory.path, clock, script, { atOnce: 1 });
  });
  afterEach(async () => {
    await core.storage.close();
    expect(script.bugs).toEqual([]);
  });
  const phase = async (id: string): Promise<Phase> => (await core.get(id)).phase;
  const reach = (id: string, wanted: Phase) => until({ clock, script }, async () => (await phase(id)) === wanted);

  test('while a render is made: its end is seen within minutes, and it is not submitted again', async () => {
    script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
    const id = await core.ask();
    await until({ clock, script }, () => script.polls > 0);
    script.onStatus = async () => ({ kind: 'completed' });
    clock.jump(-2 * HOUR_MS);
    const backAtMs = clock.now();
    await reach(id, 'closed');
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
    expect(clock.now() - backAtMs).toBeLessThan(5 * 60_000);
    expect(script.submits).toHaveLength(1);
  });

  test('while a render waits: it has its turn all the same', async () => {
    script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
    const first = await core.ask();
    await reach(first, 'rendering');
    const second = await core.ask();
    await reach(second, 'waiting');
    clock.jump(-2 * HOUR_MS);
    const backAtMs = clock.now();
    script.onStatus = async () => ({ kind: 'completed' });
    await reach(second, 'closed');
    expect((await core.get(second)).outcome).toEqual({ kind: 'video' });
    expect(clock.now() - backAtMs).toBeLessThan(20 * 60_000);
    expect(script.submits).toHaveLength(2);
  });

  test('no limit is renewed by it', async () => {
    const { ledger } = core.storage;
    const once = anAdmission({ perHour: 1 });
    expect((await ledger.admit(aRequest(), once)).ok).toBe(true);
    clock.jump(-2 * HOUR_MS);
    expect((await ledger.admit(aRequest(), once)).ok).toBe(false);
  });
});
