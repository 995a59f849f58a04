import { PgBoss } from 'pg-boss';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Wakes, Wakeups } from '../../core/ports.ts';
import { createTimerWakeups } from '../embedded/wakeups.ts';
import type { ClaimHints } from './claim-hints.ts';
import type { Database } from './database.ts';
import type { WakeStatement } from './ledger.ts';

/** Of pg-boss's own tables. */
const SCHEMA = 'hallo_jobs';
const WAKE = 'wake';
/** By then the deferral of a render is known, or has to be looked for. */
const WAKE_AFTER_SECONDS = 10;
/** Only renders whose gateway died come to be woken so; all others are handed over by a message. */
const WAKE_POLL_SECONDS = 5;
const WAKES_AT_ONCE = 100;
/** What a job may take before another process does it again, and how often its process says that it is alive. */
const HEARTBEAT_SECONDS = 30;
const REPEAT_POLL_SECONDS = 30;

/** Renders out of a list that are not closed, and that nobody who performs renders holds. */
const UNPERFORMED = `select id from hallo.renders where id = any($1) and closed_at_ms is null
  and not exists (select from hallo.owners where owner = lease_owner and performs)`;

const wakeSchema = z.object({ renderId: z.string() });

export type ScaledWakeups = Wakeups & {
  /** What other processes say is passed on here; before the start nobody hears it. */
  readonly tell: Omit<Wakes, 'wake'>;
  /** The statement that orders a render to be woken, wherever it then is; runs in the transaction that admits it. */
  wakeStatement(renderId: string): Promise<WakeStatement>;
};

export type ScaledWakeupsDeps = {
  database: Database;
  hints: ClaimHints;
  clock: Clock;
  /** whether this process performs renders, and does the jobs */
  performs: boolean;
  onError(error: unknown): void;
};

/**
 * Wake-ups between processes. Who holds a render has timers for it in its own memory. What others have to know goes by messages of
 * Postgres: a render to be taken up, a claim to be tried, a change. What must not be lost with a process is a job of pg-boss: that an
 * admitted render is looked at, and the housekeeping.
 */
export async function createBossWakeups({
  database,
  hints,
  clock,
  performs,
  onError,
}: ScaledWakeupsDeps): Promise<ScaledWakeups> {
  const boss = new PgBoss({
    // On our connections, so that their number stays bounded.
    db: { executeSql: (text, values) => database.execute(text, values) },
    ...{ schema: SCHEMA, schedule: performs, supervise: performs, registerInstance: false, monitorVacuum: false },
  });
  boss.on('error', onError);
  await boss.start();
  await boss.createQueue(WAKE, {
    ...{ retryLimit: 5, retryDelay: 2, retryBackoff: true, heartbeatSeconds: HEARTBEAT_SECONDS, expireInSeconds: 60 },
    // A day covers a database that was away; what is done is of no interest.
    ...{ retentionSeconds: 24 * 3_600, deleteAfterSeconds: 60 },
  });
  const timers = createTimerWakeups({ clock });
  let wakes: Wakes | undefined;

  return {
    tell: {
      look: () => wakes?.look(),
      changed: id => wakes?.changed(id),
      abandoned: () => wakes?.abandoned(),
    },

    async start(handlers) {
      wakes = handlers;
      await timers.start(handlers);
      if (!performs) return;
      const options = { batchSize: WAKES_AT_ONCE, pollingIntervalSeconds: WAKE_POLL_SECONDS };
      await boss.work<unknown>(WAKE, options, async jobs => {
        const ids = jobs.map(job => wakeSchema.parse(job.data).renderId);
        // Almost all were handed over long ago.
        const left = await database.query(UNPERFORMED, [ids]);
        for (const { id } of left) handlers.wake(String(id));
      });
    },

    wakeAt: timers.wakeAt,

    async kick() {
      if (hints.any()) await timers.kick();
    },

    async repeat(name, everyMs, work) {
      await boss.createQueue(name, {
        retryLimit: 2,
        retryDelay: 5,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        deleteAfterSeconds: 3_600,
      });
      await boss.schedule(name, `*/${Math.max(1, Math.round(everyMs / 60_000))} * * * *`);
      await boss.work(name, { pollingIntervalSeconds: REPEAT_POLL_SECONDS }, () => work());
    },

    async wakeStatement(renderId) {
      let statement: WakeStatement | undefined;
      const capture = async (text: string, values: unknown[] = []) => {
        statement = { text, value: z.tuple([z.string()]).parse(values)[0] };
        return { rows: [] };
      };
      await boss.send(WAKE, { renderId }, { startAfter: WAKE_AFTER_SECONDS, db: { executeSql: capture } });
      if (!statement) throw new Error('pg-boss ordered no job');
      return statement;
    },

    async close() {
      wakes = undefined;
      await timers.close();
      await boss.stop({ graceful: false });
    },
  };
}
