import { admitted } from '../../core/admitted.ts';
import { refusalOf } from '../../core/limits.ts';
import { isAllowed } from '../../core/phases.ts';
import type { Ledger } from '../../core/ports.ts';
import type { LedgerDeps } from '../deps.ts';
import type { ClaimHints } from './claim-hints.ts';
import type { Database } from './database.ts';
import { createGuildRows } from './guild-rows.ts';
import { createHeldRenders } from './held-renders.ts';
import { LEASE_RHYTHM, type Leases } from './leases.ts';
import { createReports } from './reports.ts';
import { createRenderReader, dataOf } from './rows.ts';
import { createTurns } from './turns.ts';
import { admissionSchema, limitsOf } from './usage.ts';

/** A member waits three seconds for the first answer: what can't be looked up in the meantime is refused. */
const ANSWER_WITHIN_MS = 1_500;

/** The statement that orders a wake-up, to be run in the transaction of somebody else. */
export type WakeStatement = { text: string; value: string };

export type ScaledLedgerDeps = LedgerDeps & {
  leases: Leases;
  hints: ClaimHints;
  /** whether this process performs renders; one that does not hands each over once its deferral is known */
  performs: boolean;
  /** orders a wake-up of a render that is just being admitted */
  wakeStatement?: (renderId: string) => Promise<WakeStatement>;
};

export type ScaledLedger = Ledger & {
  /** Another process changed a render; it is read anew. True: this process holds it. */
  noticed(id: string): boolean;
  /** Others may have changed any render. */
  missed(): void;
  /** Whether this process has written or claimed the render since it had this version. */
  isPast(id: string, version: number): boolean;
};

/**
 * The ledger on Postgres, used by any number of processes. A write is one call: it names the version that was read last, which this
 * process usually knows, for it wrote it. A call that has to be repeated since its answer was lost is known by its token.
 */
export function createPostgresLedger(database: Database, deps: ScaledLedgerDeps): ScaledLedger {
  const { clock, owner, newId, leases, onUnreadable = () => {} } = deps;
  const { query } = database;
  const [now, patienceMs] = [clock.now, ANSWER_WITHIN_MS];
  const read = createRenderReader(database, now, onUnreadable);
  const held = createHeldRenders(database, { ...deps, read });

  return {
    rhythm: LEASE_RHYTHM,
    ...createTurns(database, { ...deps, now, held, read }),
    ...createReports(database, { now, read, patienceMs }),
    ...createGuildRows(database, { read, patienceMs }),

    async admit(request, admission) {
      const nowMs = now();
      const render = admitted(request, newId(), nowMs, admission.estimateUsd);
      const wake = await deps.wakeStatement?.(render.id);
      const [row] = await query(
        'select * from hallo.admit($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)',
        [
          ...[render.id, render.guildId, render.memberId, owner, dataOf(render)],
          ...limitsOf(admission, nowMs),
          ...[wake?.text ?? null, wake?.value ?? null],
        ],
        { patienceMs },
      );
      const answer = admissionSchema.parse(row);
      if (answer.admitted) {
        held.hold({ render, version: 1, leaseOwner: owner, writeToken: null });
        return { ok: true, render };
      }
      const refusal = refusalOf(answer.usage, admission, nowMs);
      if (!refusal) throw new Error('Postgres refused an admission that no limit stands in the way of');
      return { ok: false, refusal };
    },

    async get(id) {
      return (await held.find(id, patienceMs))?.render;
    },

    async advance(id, from, to, change) {
      if (!isAllowed(from, to)) throw new Error(`no transition from ${from} to ${to}`);
      return held.write(id, from, to, change);
    },

    async update(id, phase, change) {
      return held.write(id, phase, phase, change);
    },

    async requestCancel(id) {
      const rows = await query('select * from hallo.request_cancel($1,$2)', [id, now()], { patienceMs });
      return (await held.readOne(rows))?.render;
    },

    holds: held.isCertain,
    noticed: held.noticed,
    missed: held.missed,
    isPast: (id, version) => (held.known(id)?.version ?? version) > version,
    renewLeases: leases.renew,

    async close() {
      held.clear();
      await leases.release();
      await database.close();
    },
  };
}
