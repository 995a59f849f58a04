import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { systemClock as clock } from '../src/core/clock.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { startPostgres } from '../test/support/postgres/start.ts';
import { anAdmission, aRequest } from '../test/support/requests.ts';
import { atMost, type Figure, quantile } from './figure.ts';

const WORKERS = [1, 2, 4];
const RENDERS = 400;
const GUILDS = 20;
/** Renders under way at once while throughput is measured. */
const AT_ONCE = 40;
const PACED_RENDERS = 150;
const LOOK_EVERY_MS = 50;
const workerPath = fileURLToPath(new URL('scale/worker.ts', import.meta.url));

/**
 * Renders through a gateway's ledger and several workers on a Postgres of their own that commits to disk. The provider, Discord and the
 * media answer at once, so what is left is the store and the life cycle; files of usual size are stored.
 */
export async function scale(): Promise<Figure[]> {
  const postgres = await startPostgres({ durable: true });
  const folder = await mkdtemp(join(tmpdir(), 'hallo-scale-'));
  const figures: Figure[] = [];
  const perSecond = new Map<number, number>();
  try {
    for (const workers of WORKERS) {
      const fleet = await startFleet(await postgres.createDatabase(), join(folder, `${workers}`), workers);
      try {
        await fleet.perform(AT_ONCE, 0);
        const before = await fleet.transactions();
        const tookMs = await fleet.perform(RENDERS, 0);
        const calls = (await fleet.transactions()) - before;
        perSecond.set(workers, (RENDERS * 1000) / tookMs);
        figures.push(atMost(`calls of the database a render, ${workers} workers`, calls / RENDERS, 'calls', 12));
        if (workers !== 2) continue;
        const gapMs = (2 * tookMs) / RENDERS;
        await fleet.perform(PACED_RENDERS, gapMs);
        const waitsMs = await fleet.waitsMs(PACED_RENDERS);
        figures.push(atMost('admission to submit at half load, p50', quantile(waitsMs, 0.5), 'ms', 250));
        figures.push(atMost('admission to submit at half load, p99', quantile(waitsMs, 0.99), 'ms', 250));
      } finally {
        await fleet.close();
      }
    }
  } finally {
    await postgres.close();
    await rm(folder, { recursive: true, force: true });
  }
  const rate = (workers: number) => perSecond.get(workers) ?? Number.NaN;
  // On two cores two workers, the database and the gateway share what there is: what more of them bring is shown, not promised.
  for (const workers of WORKERS) {
    const ok = rate(workers) >= 1;
    const figure = `renders a second, ${workers} workers`;
    figures.push({ figure, value: Number(rate(workers).toPrecision(3)), unit: 'renders/s', limit: 1, better: 'higher', ok });
  }
  return figures;
}

async function startFleet(url: string, dataDir: string, workers: number) {
  const answer = await openStorage(
    { databaseUrl: url, dataDir, connections: 10, performs: false },
    { clock, owner: randomUUID(), newId: () => randomBytes(9).toString('hex') },
  );
  if (!answer.ok) throw new Error(answer.detail);
  const gateway = answer.storage;
  const watcher = new pg.Pool({ connectionString: url, max: 1 });
  let asked = 0;
  const number = async (text: string) => {
    asked += 1;
    return Number((await watcher.query<{ n: string }>(text)).rows[0]?.n);
  };
  const renewing = setInterval(() => void gateway.ledger.renewLeases().catch(() => {}), gateway.ledger.rhythm.renewEveryMs);
  const children = await Promise.all(Array.from({ length: workers }, () => startWorker(url)));
  const closed = () => number(`select count(*) as n from hallo.renders where phase = 'closed'`);

  return {
    /** Performs so many renders, `gapMs` apart; without a gap, `AT_ONCE` of them at a time. How long it took until all had ended. */
    async perform(count: number, gapMs: number): Promise<number> {
      const before = await closed();
      const startMs = performance.now();
      let ended = 0;
      for (let at = 0; at < count; at += 1) {
        if (gapMs > 0) await sleep(gapMs);
        else
          while (at - ended >= AT_ONCE) {
            await sleep(LOOK_EVERY_MS);
            ended = (await closed()) - before;
          }
        await order(gateway, `guild-${at % GUILDS}`);
      }
      while ((await closed()) - before < count) await sleep(LOOK_EVERY_MS);
      return performance.now() - startMs;
    },
    /** All transactions so far but those of this file's own looking. Almost every call is one. */
    async transactions(): Promise<number> {
      // A connection tells its figures within a second of being idle.
      await sleep(1_500);
      const all = await number(
        'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()',
      );
      return all - asked;
    },
    async waitsMs(last: number): Promise<number[]> {
      const { rows } = await watcher.query<{ data: string; at: string }>(
        'select data, admitted_at_ms as at from hallo.renders order by seq desc limit $1',
        [last],
      );
      return rows.map(({ data, at }) => JSON.parse(data).job.submittedAtMs - Number(at));
    },
    async close(): Promise<void> {
      clearInterval(renewing);
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(child => child.exitCode ?? once(child, 'exit')));
      await watcher.end();
      await gateway.close();
    },
  };
}

async function order({ ledger }: Storage, guildId: string): Promise<void> {
  const answer = await ledger.admit(
    aRequest({ guildId, memberId: randomUUID() }),
    anAdmission({ atOnce: 1_000, perHour: 100_000 }),
  );
  if (!answer.ok) throw new Error(`refused: ${answer.refusal.limit}`);
  await ledger.update(answer.render.id, 'preparing', { messageId: 'm1' });
}

async function startWorker(url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [workerPath], {
    env: { ...process.env, SCALE_DATABASE: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}
