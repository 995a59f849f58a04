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
  const hints = createClaimHints();
  const leases = createLeases(database, { clock, owner, performs });
  try {
    await leases.renew();
    const wakeups = await createBossWakeups({ database, hints, clock, performs, onError: deps.onError });
    const ledger = createPostgresLedger(database, {
      ...{ ...deps, leases, hints, performs },
      wakeStatement: wakeups.wakeStatement,
    });
    const settings = createPostgresSettings(database, { clock });
    const files = await createPostgresFiles(database, { clock, cacheDirectory: join(dataDir, 'cache') });
    const signals = createSignals(database, deps);
    const listener = await createListener(databaseUrl);
    const news = () => {
      hints.news();
      wakeups.tell.look();
    };
    let soon: NodeJS.Timeout | undefined;
    /** Whoever wrote it looks first, and mostly takes it; the others look once for all that comes in the meantime. */
    const newsOfOthers = () => {
      hints.news();
      soon ??= setTimeout(() => {
        soon = undefined;
        wakeups.tell.look();
      }, OTHERS_LOOK_AFTER_MS);
    };
    await listener.on(
      'hallo',
      message => {
        const [what, about = ''] = message.split(' ');
        if (what === 'claim' && about === owner) news();
        else if (what === 'claim') newsOfOthers();
        else if (what === 'work') wakeups.tell.abandoned();
        else if (what === 'changed' && ledger.noticed(about)) wakeups.tell.changed(about);
        else if (what === 'setting') settings.changed(about);
        else if (what === 'signal') signals.heard(message);
      },
      () => {
        ledger.missed();
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

const OTHERS_LOOK_AFTER_MS = 150;
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
