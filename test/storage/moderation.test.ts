import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStorage } from '../../src/storage/storage.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { moderationContract } from './moderation-contract.ts';

async function openAt(directory: string, clock = createManualClock(), unreadable: string[] = []) {
  let ids = 0;
  const opened = await openStorage(
    { databaseUrl: undefined, dataDir: directory },
    { clock, owner: 'a', newId: () => `${++ids}${String(Math.random()).slice(2)}`, onUnreadable: id => void unreadable.push(id) },
  );
  if (!opened.ok) throw new Error(opened.detail);
  const { moderation, close } = opened.storage;
  if (moderation === undefined) throw new Error('no moderation');
  return { moderation, close };
}

moderationContract('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hallo-moderation-'));
  return { open: clock => openAt(directory, clock), clear: () => rm(directory, { recursive: true, force: true }) };
});

test('a case that can not be read is set aside, and the others go on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hallo-moderation-'));
  const unreadable: string[] = [];
  const clock = createManualClock();
  const storage = await openAt(directory, clock, unreadable);
  const opening = {
    ...{ guildId: '1', kind: 'blocked' as const, memberId: '2', channelId: '3', messageId: null, detail: null },
    ...{ reason: 'blocked-other' as const, portraitHash: null, portraitKey: null },
  };
  const broken = await storage.moderation.openCase({ ...opening, renderId: 'r1' });
  await storage.moderation.openCase({ ...opening, renderId: 'r2' });
  await storage.close();
  const { DatabaseSync } = await import('node:sqlite');
  const sql = new DatabaseSync(join(directory, 'hallo.db'));
  sql.prepare('update moderation_cases set data = ? where id = ?').run('{"id":', broken.id);
  sql.close();
  const again = await openAt(directory, clock, unreadable);
  expect(await again.moderation.due(clock.now(), 10)).toMatchObject([{ renderId: 'r2' }]);
  expect(unreadable).toEqual([broken.id]);
  expect(await again.moderation.nextDueAtMs()).toBe(clock.now());
  // Else the render it is about would never come to its end.
  const anew = await again.moderation.openCase({ ...opening, renderId: 'r1' });
  expect(anew).toMatchObject({ renderId: 'r1', state: 'open' });
  expect(await again.moderation.openCase({ ...opening, renderId: 'r1' })).toEqual(anew);
  await again.close();
  await rm(directory, { recursive: true, force: true });
});
