import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Keyv from 'keyv';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/storage/embedded/database.ts';
import { createDirectoryFiles } from '../../src/storage/embedded/files.ts';
import { createKeyvSqlite } from '../../src/storage/embedded/keyv-sqlite.ts';
import { createSqliteLedger } from '../../src/storage/embedded/ledger.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { ledgerContract } from './ledger-contract.ts';
import { storageContract } from './storage-contract.ts';

function open(directory: string): Database {
  const opened = openDatabase(directory);
  if (!opened.ok) throw new Error(opened.detail);
  return opened.database;
}

ledgerContract('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hallo-ledger-'));
  let count = 0;
  return {
    open: async (clock, owner) => {
      const newId = () => `render${++count}`;
      return createSqliteLedger(open(directory), { clock, owner, newId });
    },
    clear: () => rm(directory, { recursive: true, force: true }),
  };
});

storageContract('SQLite and a data directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hallo-store-'));
  return {
    open: (clock, owner) => openStorage({ databaseUrl: undefined, dataDir: directory }, { clock, owner, newId: () => 'b' }),
    clear: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('the embedded store', () => {
  let directory: string;
  let database: Database;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hallo-store-'));
    database = open(directory);
  });
  afterEach(async () => {
    database.close();
    await rm(directory, { recursive: true, force: true });
  });

  test('refuses a directory that another bot uses, and takes it when that one is gone', () => {
    expect(openDatabase(directory)).toMatchObject({ ok: false, problem: 'in-use' });
    database.close();
    database = open(directory);
  });

  test('refuses what a later version wrote', () => {
    database.sql.exec('pragma user_version = 1000');
    database.close();
    expect(openDatabase(directory)).toMatchObject({ ok: false, problem: 'newer' });
    database = open(join(directory, 'other'));
  });

  test('never reads through the renders that are long closed', () => {
    const { sql } = database;
    const read = (statement: string) =>
      sql
        .prepare(`explain query plan ${statement}`)
        .all()
        .map(row => String(row.detail));
    const prepared: string[] = [];
    const prepare = sql.prepare.bind(sql);
    sql.prepare = statement => {
      prepared.push(statement);
      return prepare(statement);
    };
    createSqliteLedger(database, { clock: createManualClock(), owner: 'a', newId: () => 'b' });
    sql.prepare = prepare;
    expect(prepared.length).toBeGreaterThan(15);
    const plans = prepared.flatMap(statement => read(statement));
    // Counting by phase for the metrics reads an index that holds nothing else.
    expect(plans.filter(plan => /^SCAN renders(?! USING COVERING INDEX)/.test(plan))).toEqual([]);
  });

  test('a transaction that fails leaves nothing', () => {
    expect(() =>
      database.transaction(() => {
        database.sql.exec(`insert into settings (key, value) values ('a', 'b')`);
        throw new Error('broken');
      }),
    ).toThrow('broken');
    expect(database.sql.prepare('select count(*) as n from settings').get()).toEqual({ n: 0 });
  });

  test('files of which no row knows are removed', async () => {
    const clock = createManualClock();
    const files = await createDirectoryFiles(database, { clock });
    const source = join(directory, 'source');
    await writeFile(source, 'video');
    await files.put([{ key: 'videos/a.mp4', path: source }], clock.now() + 1_000);
    await writeFile(join(directory, 'files', 'videos', 'stray.mp4'), 'lost in a crash');
    const again = await createDirectoryFiles(database, { clock });
    expect(await again.path('videos/a.mp4')).toBeDefined();
    await expect(writeFile(join(directory, 'files', 'videos', 'stray.mp4'), '', { flag: 'r+' })).rejects.toThrow('ENOENT');
  });

  test('settings are kept by Keyv, by namespace and with expiry', async () => {
    let nowMs = Date.now();
    const store = createKeyvSqlite(database.sql, () => nowMs);
    const keyv = new Keyv({ store, namespace: 'one' });
    const other = new Keyv({ store: createKeyvSqlite(database.sql, () => nowMs), namespace: 'one_' });
    await keyv.set('a', { list: [1, 'two', null] });
    await keyv.set('short', 'lived', 1_000);
    await other.set('a', 'other');
    expect(await keyv.get('a')).toEqual({ list: [1, 'two', null] });
    expect(await keyv.get('missing')).toBeUndefined();
    expect(await keyv.has('a')).toBe(true);
    expect(await keyv.delete('a')).toBe(true);
    expect(await keyv.delete('a')).toBe(false);
    nowMs += 2_000;
    expect(await keyv.has('short')).toBe(false);
    await keyv.clear();
    expect(await other.get('a')).toBe('other');
  });
});
