/** Rows that something else has damaged: they cost themselves, never the bot or the other renders. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Render, renderSchema } from '../../src/core/render.ts';
import { type Database, openDatabase } from '../../src/storage/embedded/database.ts';
import { createSqliteLedger } from '../../src/storage/embedded/ledger.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { anAdmission, aRequest } from '../support/requests.ts';

let directory: string;
let database: Database;
let clock: ManualClock;
let ids = 0;
let unreadable: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hallo-unreadable-'));
  const opened = openDatabase(directory);
  if (!opened.ok) throw new Error(opened.detail);
  database = opened.database;
  clock = createManualClock();
  unreadable = [];
});
afterEach(async () => {
  database.close();
  await rm(directory, { recursive: true, force: true });
});

const open = (owner: string) =>
  createSqliteLedger(database, { clock, owner, newId: () => `r${++ids}`, onUnreadable: id => unreadable.push(id) });

/** Three renders of a guild of their own that wait in line. */
async function threeWaiting(ledger: ReturnType<typeof open>): Promise<[Render, Render, Render]> {
  const guildId = `guild-${ids}`;
  const one = async () => {
    const answer = await ledger.admit(aRequest({ guildId }), anAdmission({ atOnce: 10 }));
    const moved = answer.ok && (await ledger.advance(answer.render.id, 'preparing', 'waiting', {}));
    if (!moved) throw new Error('not admitted');
    return moved;
  };
  return [await one(), await one(), await one()];
}

/** What may stand where a render's JSON stood. */
const damage = fc.oneof(
  fc.string().map(text => () => text),
  fc.jsonValue().map(value => () => JSON.stringify(value)),
  fc.nat(200).map(length => (whole: string) => whole.slice(0, length)),
  fc.tuple(fc.constantFrom('id', 'phase', 'weights', 'portrait', 'askedAtMs', 'outcome', 'reservedUsd'), fc.jsonValue()).map(
    ([key, value]) =>
      (whole: string) =>
        JSON.stringify({ ...JSON.parse(whole), [key]: value }),
  ),
);

test('a damaged row is set aside and told once; the others have their turn and are taken over', async () => {
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(2), async (spoil, at) => {
      database.sql.exec('delete from renders');
      const ledger = open('first');
      const renders = await threeWaiting(ledger);
      const victim = renders[at] ?? renders[0];
      const whole = JSON.stringify(victim);
      const data = spoil(whole);
      fc.pre(!stillGood(victim, data));
      database.sql.prepare('update renders set data = ? where id = ?').run(data, victim.id);
      unreadable = [];
      const others = renders.filter(render => render !== victim).map(({ id }) => id);

      const taken = await open('second').takeOver(1_000);
      expect(taken.map(({ id }) => id)).toEqual(expect.arrayContaining(others));
      const later = open('third');
      expect([
        (await later.claimNext({ maxAtOnce: 1_000 })).render?.id,
        (await later.claimNext({ maxAtOnce: 1_000 })).render?.id,
      ]).toEqual(others);
      expect((await later.claimNext({ maxAtOnce: 1_000 })).render).toBeUndefined();
      expect(await later.get(victim.id)).toBeUndefined();
      expect(await later.requestCancel(victim.id)).toBeUndefined();
      expect(unreadable).toEqual([victim.id]);
    }),
    { numRuns: 60 },
  );
});

test('a damaged row first in line is found by the claim itself', async () => {
  const ledger = open('first');
  const [first, second, third] = await threeWaiting(ledger);
  database.sql.prepare('update renders set data = ? where id in (?, ?)').run('{"id":', first.id, second.id);
  expect((await ledger.claimNext({ maxAtOnce: 10 })).render?.id).toBe(third.id);
  expect(unreadable).toEqual([first.id, second.id]);
  expect((await ledger.recent(first.guildId, first.memberId, 10)).map(({ id }) => id)).toEqual([third.id]);
  expect((await ledger.totals()).phases.waiting).toBe(0);
});

test('a row that was set aside is deleted with those that closed at that time', async () => {
  const ledger = open('first');
  const [first] = await threeWaiting(ledger);
  database.sql.prepare('update renders set data = ? where id = ?').run('', first.id);
  await ledger.get(first.id);
  expect(await ledger.sweep(clock.now())).toBe(0);
  expect(await ledger.sweep(clock.now() + 1)).toBe(1);
});

/** Some damage leaves a row that says something else, but can be read. */
function stillGood(render: Render, data: string): boolean {
  try {
    const value: unknown = JSON.parse(data);
    const read = renderSchema.safeParse(value).data;
    return read?.id === render.id && read.phase === render.phase;
  } catch {
    return false;
  }
}
