import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerDeps } from '../deps.ts';
import type { StorageAnswer } from '../storage.ts';
import { createClaimHints } from './claim-hints.ts';
import { openDatabase } from './database.ts';
import { createPostgresFiles } from './files.ts';
import { createPostgresKnownVideos } from './known-videos.ts';
import { createLeases } from './leases.ts';
import { createPostgresLedger } from './ledger.ts';
import { createListener } from './listener.ts';
import { createPostgresModeration } from './moderation.ts';
import { createPostgresSettings } from './settings.ts';
import { createSharedCalls } from './shared-calls.ts';
import { createSignals } from './signals.ts';
import { createBossWakeups } from './wakeups.ts';

export type ScaledOptions = {
  databaseUrl: string;
  /** local copies of files, and work under way */
  dataDir: string;
  /** connections at most, beside the one that listens */
  connections: number;
  /** whether this process performs renders */
  performs: boolean;
};

export type ScaledDeps = LedgerDeps & { onError(error: unknown): void };

/** The store on Postgres, for any number of processes. */
export async function openScaled(options: ScaledOptions, deps: ScaledDeps): Promise<StorageAnswer> {
  const { databaseUrl, dataDir, connections, performs } = options;
  const { clock, owner } = deps;
  const opened = await openDatabase(databaseUrl, { connections });
  if (!opened.ok) return opened;
  const { database } = opened;
  const hints = createClaimHints(clock.now);
  const leases = createLeases(database, { clock, owner, performs });
  try {
    await leases.renew();
    const wakeups = await createBossWakeups({ database, hints, clock, performs, onError: deps.onError });
    const ledger = createPostgresLedger(database, {
      ...{ ...deps, leases, hints, performs },
      wakeStatement: wakeups.wakeStatement,
    });
    const listener = await createListener(databaseUrl);
    const settings = createPostgresSettings(database, { clock, hears: listener.hears });
    const files = await createPostgresFiles(database, { clock, cacheDirectory: join(dataDir, 'cache') });
    const signals = createSignals(database, deps);
    const news = () => {
      hints.news();
      wakeups.tell.look();
    };
    let soon: NodeJS.Timeout | undefined;
    /** Whoever wrote it looks at once, and takes it; should it die over that, the others look a little later. */
    const newsOfOthers = () => {
      soon ??= setTimeout(() => {
        soon = undefined;
        news();
      }, OTHERS_LOOK_AFTER_MS);
    };
    await listener.on(
      'hallo',
      message => {
        const [what, about = '', id = '', version] = message.split(' ');
        // One of its own that it has claimed in the meantime is no news.
        if (what === 'claim' && (about === '' || about === owner)) ledger.isPast(id, Number(version)) || news();
        else if (what === 'claim') newsOfOthers();
        // Named is who shall take it; should that one be gone, the next regular look of any process finds it.
        else if (what === 'work') (about === '' || about === owner) && wakeups.tell.abandoned();
        else if (what === 'changed' && ledger.noticed(about)) wakeups.tell.changed(about);
        else if (what === 'setting') settings.changed(about);
        else if (what === 'signal') signals.heard(message);
      },
      () => {
        ledger.missed();
        settings.missed();
        news();
        wakeups.tell.abandoned();
      },
    );
    const workDirectory = await ownWorkDirectory(dataDir);
    return {
      ok: true,
      storage: {
        sharedCalls: requestsPerMinute => createSharedCalls(database, { ...deps, requestsPerMinute }),
        ...{ ledger, files, settings, wakeups, signals, workDirectory, moderation: createPostgresModeration(database, deps) },
        knownVideos: createPostgresKnownVideos(database),
        async close() {
          clearTimeout(soon);
          await listener.close();
          await wakeups.close();
          await ledger.close();
          await rm(workDirectory, { recursive: true, force: true });
        },
      },
    };
  } catch (error) {
    await database.close();
    return { ok: false, problem: 'unusable', detail: error instanceof Error ? error.message : String(error) };
  }
}

const OTHERS_LOOK_AFTER_MS = 1_000;
const ABANDONED_WORK_MS = 24 * 3_600_000;

/** One of this process's own, for several may share a data directory; what a killed one left goes after a day. */
async function ownWorkDirectory(dataDir: string): Promise<string> {
  const all = join(dataDir, 'work');
  await mkdir(all, { recursive: true });
  for (const name of await readdir(all)) {
    const path = join(all, name);
    const modifiedAtMs = await stat(path).then(
      each => each.mtimeMs,
      () => Date.now(),
    );
    if (modifiedAtMs < Date.now() - ABANDONED_WORK_MS) await rm(path, { recursive: true, force: true });
  }
  return mkdtemp(join(all, 'process-'));
}
