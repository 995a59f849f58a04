/** Policies on the real store, whose file somebody has laid hands on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPolicies, type Policies } from '../../src/core/policies.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { NO_BOUNDS, OPEN_POLICY } from '../support/requests.ts';

let directory: string;
let storage: Storage;
let policies: Policies;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hallo-policies-'));
  const opened = await openStorage(
    { databaseUrl: undefined, dataDir: directory, performs: true },
    { clock: createManualClock(), owner: 'me', newId: () => 'r1' },
  );
  if (!opened.ok) throw new Error(opened.detail);
  storage = opened.storage;
  policies = createPolicies(storage.settings, { defaults: OPEN_POLICY, bounds: NO_BOUNDS });
});
afterEach(async () => {
  await storage.close();
  await rm(directory, { recursive: true });
});

function overwrite(value: string): void {
  const sql = new DatabaseSync(join(directory, 'hallo.db'));
  sql.prepare(`update settings set value = ? where key like '%policy:guild-1'`).run(value);
  sql.close();
}

test.each(['garbage', '{"value":', '{"value":5}', '{"value":{"deniedRoles":"all"}}', ''])(
  'a stored policy of %j keeps everybody out and is told as damaged; a reset mends it',
  async value => {
    await policies.set('guild-1', { deniedRoles: ['17'] });
    await policies.set('guild-2', { perHour: 2 });
    overwrite(value);
    expect([await policies.isDamaged('guild-1'), (await policies.of('guild-1')).enabled]).toEqual([true, false]);
    expect((await policies.reset('guild-1')).after).toEqual(OPEN_POLICY);
    expect([await policies.isDamaged('guild-1'), await policies.of('guild-1')]).toEqual([false, OPEN_POLICY]);
    expect(await policies.of('guild-2')).toEqual({ ...OPEN_POLICY, perHour: 2 });
  },
);
