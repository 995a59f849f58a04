import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failed } from '../../src/core/outcomes.ts';
import type { Render } from '../../src/core/render.ts';
import { moveToPostgres } from '../../src/storage/move.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { anAdmission, aRequest } from '../support/requests.ts';
import { type House, openHouse } from './scaled-house.ts';

let house: House;
let dataDir: string;
beforeAll(async () => {
  house = await openHouse();
  dataDir = await mkdtemp(join(tmpdir(), 'hallo-move-'));
});
afterAll(async () => {
  await house.close();
  await rm(dataDir, { recursive: true });
});

const clock = createManualClock(Date.now());
const known = { guildId: 'guild-1', memberId: 'm1', madeOf: 'a', renderId: 'old1', untilMs: clock.now() + 1_000_000 };
const hand = { by: '21', atMs: clock.now() };

async function openEmbedded() {
  let ids = 0;
  const answer = await openStorage({ databaseUrl: undefined, dataDir }, { clock, owner: 'embedded', newId: () => `old${++ids}` });
  if (!answer.ok) throw new Error(answer.detail);
  return answer.storage;
}

/** An installation with something of everything. */
async function fill(): Promise<Render[]> {
  const { ledger, files, settings, moderation, knownVideos, close } = await openEmbedded();
  const ids: string[] = [];
  for (let at = 0; at < 4; at += 1) {
    const answer = await ledger.admit(aRequest({ memberId: `m${at}` }), anAdmission());
    if (answer.ok) ids.push(answer.render.id);
  }
  const [ended = '', submitted = '', cancelled = ''] = ids;
  await ledger.advance(ended, 'preparing', 'announcing', {
    outcome: failed('image', 'no', { detail: 'half \ud83d a pair, \0 a NUL' }),
  });
  await ledger.advance(ended, 'announcing', 'closed', { rung: 'interaction' });
  await ledger.advance(submitted, 'preparing', 'waiting', {});
  await ledger.claimNext({ maxAtOnce: 10 });
  await ledger.requestCancel(cancelled);
  await settings.set('policy:guild-1', { perHour: 7 });
  await writeFile(join(dataDir, 'made'), 'a video');
  await files.put([{ key: 'videos/a.mp4', path: join(dataDir, 'made') }], clock.now() + 1_000_000);
  await knownVideos.remember(known);
  await moderation.suspend('guild-1', 'm1', { untilMs: null, why: 'spam \0' }, hand);
  const renders = await Promise.all(ids.map(id => ledger.get(id)));
  await close();
  return renders.filter(render => render !== undefined);
}

test('all that an embedded installation holds is there on Postgres, also where the move broke off on the way', async () => {
  const before = await fill();
  const where = { dataDir, databaseUrl: house.url };
  const breaking = moveToPostgres(where, {
    clock,
    onProgress: what => {
      if (what === 'spend') throw new Error('pulled out');
    },
  });
  await expect(breaking).rejects.toThrow('pulled out');
  expect(await moveToPostgres(where, { clock, onProgress: () => {} })).toMatchObject({
    ok: true,
    moved: { renders: 4, files: 1 },
  });

  const answer = await house.storage('moved', { clock });
  if (!answer.ok) throw new Error(answer.detail);
  const { ledger, files, settings, moderation, knownVideos } = answer.storage;
  expect(await knownVideos.find(known, clock.now())).toBe('old1');
  expect(await Promise.all(before.map(({ id }) => ledger.get(id)))).toEqual(before);
  expect((await ledger.totals()).bookedTodayUsd).toBeCloseTo(3 * 0.42);
  expect(await settings.get('policy:guild-1')).toEqual({ perHour: 7 });
  expect(await readFile((await files.path('videos/a.mp4')) ?? '', 'utf8')).toBe('a video');
  expect(await moderation.suspensionOf('guild-1', 'm1', clock.now())).toMatchObject({ untilMs: null, by: '21' });
  // They go on, and new ones come behind them.
  expect((await ledger.takeOver(10)).map(({ id }) => id).sort()).toEqual(before.slice(1).map(({ id }) => id));
  expect((await ledger.admit(aRequest({ memberId: 'm9' }), anAdmission())).ok).toBe(true);
});

test('what was moved is not performed once more from the data directory, and the database is not moved to again', async () => {
  await expect(access(join(dataDir, 'hallo.db'))).rejects.toThrow('ENOENT');
  const { ledger, close } = await openEmbedded();
  expect(await ledger.takeOver(10)).toEqual([]);
  await close();
  const again = await moveToPostgres({ dataDir, databaseUrl: house.url }, { clock, onProgress: () => {} });
  expect(again).toEqual({ ok: false, problem: 'This database holds what another installation was moved to.' });
});
