import { systemClock } from '../../src/core/clock.ts';
import { createConsents } from '../../src/core/consents.ts';
import { openStorage } from '../../src/storage/storage.ts';

/** Writes into a bot's data directory, or its database, before the bot starts, that these members have consented. */
export async function consented(dataDir: string, members: readonly { id: string }[], databaseUrl?: string): Promise<void> {
  const opened = await openStorage(
    { databaseUrl, dataDir, performs: false },
    { clock: systemClock, owner: 'before the start', newId: () => 'none' },
  );
  if (!opened.ok) throw new Error(opened.detail);
  const consents = createConsents(opened.storage.settings, Date.now);
  for (const { id } of members) await consents.give(id);
  await opened.storage.close();
}
