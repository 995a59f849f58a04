import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COUNTED_SPEND } from '../../src/storage/scaled/counted-spend.ts';
import { openDatabase } from '../../src/storage/scaled/database.ts';
import { inspectPostgres } from '../../src/storage/scaled/inspect.ts';
import { MIGRATIONS } from '../../src/storage/scaled/migrations.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { newDatabase } from '../support/postgres/database.ts';
import { anAdmission, aRequest } from '../support/requests.ts';
import { openHouse } from './scaled-house.ts';

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await newDatabase() });
});
afterAll(() => pool.end());

/** The schema as the catalogue describes it. */
async function schemaOf(database: pg.Pool): Promise<unknown> {
  const { rows } = await database.query(
    `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns where table_schema = 'hallo'
      union all select tablename, indexname, indexdef, '', '' from pg_indexes where schemaname = 'hallo'
      union all select proname, pg_get_functiondef(p.oid), '', '', '' from pg_proc p where pronamespace = 'hallo'::regnamespace
      order by 1, 2`,
  );
  return rows;
}

test('from each earlier version the schema becomes the same, and what was stored stays', async () => {
  const whole = new pg.Pool({ connectionString: await newDatabase() });
  const url = (each: pg.Pool) => String(each.options.connectionString);
  const opened = await openDatabase(url(whole), { connections: 2 });
  if (!opened.ok) throw new Error(opened.detail);
  await opened.database.close();
  for (let version = 1; version <= MIGRATIONS.length; version += 1) {
    const earlier = new pg.Pool({ connectionString: await newDatabase(), max: 1 });
    await earlier.query(`create schema hallo; create table hallo.version (single boolean primary key default true check (single),
      version integer not null); insert into hallo.version (version) values (${version})`);
    for (const migration of MIGRATIONS.slice(0, version)) await earlier.query(migration);
    await earlier.query(`insert into hallo.settings (key, value) values ('kept', 'as it was')`);
    const answer = await openDatabase(url(earlier), { connections: 2 });
    expect(answer.ok).toBe(true);
    if (answer.ok) await answer.database.close();
    expect(await schemaOf(earlier)).toEqual(await schemaOf(whole));
    expect((await earlier.query('select value from hallo.settings')).rows).toEqual([{ value: 'as it was' }]);
    await earlier.end();
  }
  await whole.end();
});

test('where renders were not counted beside their money yet, they are counted from their rows', async () => {
  const earlier = new pg.Pool({ connectionString: await newDatabase(), max: 1 });
  const version = MIGRATIONS.indexOf(COUNTED_SPEND);
  await earlier.query(`create schema hallo; create table hallo.version (single boolean primary key default true check (single),
    version integer not null); insert into hallo.version (version) values (${version})`);
  for (const migration of MIGRATIONS.slice(0, version)) await earlier.query(migration);
  const day = 86_400_000;
  // Guild, time of admission, phase, whether it counts.
  const rows: [string, number, string, boolean][] = [
    ['g1', 0, 'closed', true],
    ['g1', day - 1, 'waiting', true],
    ['g1', day, 'closed', true],
    ['g2', 5, 'closed', true],
    ['g2', 6, 'closed', false],
    ['g2', 7, 'unreadable', true],
  ];
  for (const [at, [guild, atMs, phase, counts]] of rows.entries())
    await earlier.query(
      `insert into hallo.renders (id, guild_id, member_id, phase, phase_at_ms, admitted_at_ms, not_before_ms, counts, data)
        values ($1, $2, 'm', $4, 0, $3, 0, $5, '{}')`,
      [`r${at}`, guild, atMs, phase, counts],
    );
  await earlier.query(`insert into hallo.spend (guild_id, day_ms, usd)
    values ('g1', 0, 1), ('g1', ${day}, 1), ('g2', 0, 1), ('*', 0, 2), ('*', ${day}, 1)`);
  const answer = await openDatabase(String(earlier.options.connectionString), { connections: 2 });
  if (answer.ok) await answer.database.close();
  const { rows: counted } = await earlier.query('select guild_id, day_ms::int, renders from hallo.spend order by 1, 2');
  expect(counted.map(each => Object.values(each))).toEqual([
    ['*', 0, 3],
    ['*', day, 1],
    ['g1', 0, 2],
    ['g1', day, 1],
    ['g2', 0, 1],
  ]);
  await earlier.end();
});

test('eight processes that start at once migrate once', async () => {
  const url = String(pool.options.connectionString);
  const answers = await Promise.all(Array.from({ length: 8 }, () => openDatabase(url, { connections: 2 })));
  expect(answers.map(answer => (answer.ok ? 'ok' : answer.detail))).toEqual(Array(8).fill('ok'));
  for (const answer of answers) if (answer.ok) await answer.database.close();
});

test('what a later version migrated is refused, and a database that is not there', async () => {
  const url = String(pool.options.connectionString);
  await pool.query('update hallo.version set version = 1000');
  expect(await openDatabase(url, { connections: 2 })).toMatchObject({ ok: false, problem: 'newer' });
  await pool.query('update hallo.version set version = $1', [MIGRATIONS.length]);
  expect(await openDatabase(`${url}_missing`, { connections: 2 })).toMatchObject({ ok: false, problem: 'unusable' });
  expect(await inspectPostgres(url)).toMatchObject({ trouble: undefined });
});

test('no statement reads through the renders that are long closed', async () => {
  const house = await openHouse();
  const clock = createManualClock();
  const ledger = await house.ledger(clock, 'one');
  await house.query(`insert into hallo.renders (id, guild_id, member_id, phase, phase_at_ms, admitted_at_ms, not_before_ms, closed_at_ms, data)
    select 'old' || n, 'g' || n % 50, 'm' || n % 900, 'closed', 0, n, 0, n, '{}' from generate_series(1, 20000) n`);
  await house.query('analyze hallo.renders');
  const scans = async () =>
    Number((await house.query(`select seq_tup_read as n from pg_stat_user_tables where relname = 'renders'`))[0]?.n);
  const settled = async () => {
    await house.query('select pg_stat_force_next_flush()');
    return scans();
  };
  const before = await settled();
  for (let at = 0; at < 3; at += 1) {
    const answer = await ledger.admit(aRequest({ guildId: `g${at}`, memberId: 'm1' }), anAdmission());
    if (!answer.ok) throw new Error('refused');
    await ledger.advance(answer.render.id, 'preparing', 'waiting', {});
    await ledger.placeInLine(answer.render);
    await ledger.claimNext({ maxAtOnce: 10 });
    await ledger.takeOver(10);
    await ledger.recent(`g${at}`, 'm1', 5);
    await ledger.unpaidOf(`g${at}`, 0);
    await ledger.sweep(-1);
  }
  await ledger.close();
  expect((await settled()) - before).toBe(0);
  await house.close();
});
