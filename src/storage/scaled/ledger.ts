import { randomUUID } from 'node:crypto';
import { admitted } from '../../core/admitted.ts';
import { changed } from '../../core/change.ts';
import { LONGEST_LIMIT_MS, refusalOf, startOfDayMs, startOfMonthMs } from '../../core/limits.ts';
import { isAllowed, type Phase } from '../../core/phases.ts';
import type { Ledger, RenderChange } from '../../core/ports.ts';
import { fileKeysOf, type Render } from '../../core/render.ts';
import type { LedgerDeps } from '../deps.ts';
import { endedHours } from '../ended-hours.ts';
import type { ClaimHints } from './claim-hints.ts';
import type { Database, Row } from './database.ts';
import { ENDINGS, LAST_FAILURES } from './endings.ts';
import { LEASE_RHYTHM, type Leases } from './leases.ts';
import { createRenderReader, dataOf, type Kept } from './rows.ts';
import {
  admissionSchema,
  BOOKED,
  COSTS_BY_GUILD,
  COSTS_BY_MEMBER,
  guildCostsOf,
  guildsCosts,
  limitsOf,
  totalsOf,
  USAGE,
  usageSchema,
} from './usage.ts';

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
};

/**
 * The ledger on Postgres, used by any number of processes. A write is one call: it names the version that was read last, which this
 * process usually knows, for it wrote it. A call that has to be repeated since its answer was lost is known by its token.
 */
export function createPostgresLedger(database: Database, deps: ScaledLedgerDeps): ScaledLedger {
  const { clock, owner, newId, leases, hints, performs, onUnreadable = () => {} } = deps;
  const { query } = database;
  const read = createRenderReader(database, clock.now, onUnreadable);
  /** Renders that this process holds, as it wrote them last. `term`: of the lease that covered it then; `stale`: changed since. */
  const held = new Map<string, Kept & { term: number; stale: boolean }>();
  const known = (id: string) => {
    const kept = held.get(id);
    return kept?.stale === false ? kept : undefined;
  };
  const hold = (kept: Kept) => held.set(kept.render.id, { ...kept, term: leases.term(), stale: false });

  async function readOne(rows: readonly Row[]): Promise<Kept | undefined> {
    const [kept] = await read(rows);
    if (kept?.leaseOwner === owner) hold(kept);
    return kept;
  }
  const find = async (id: string, patienceMs?: number) =>
    readOne(await query('select * from hallo.renders where id = $1', [id], patienceMs === undefined ? {} : { patienceMs }));

  /** Writes once; undefined: the row is not what it was thought to be. */
  async function attempt({ render: before, version }: Kept, to: Phase, change: RenderChange, token: string) {
    const { render, counts, bookUsd } = changed(before, to, change, clock.now());
    const keepsLease = to !== 'closed' && (performs || render.messageId === null);
    const [row] = await query('select hallo.write($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15) as version', [
      ...[render.id, version, token, owner, keepsLease, to, render.phaseAtMs, render.notBeforeMs, counts],
      ...[render.placeUntilMs, render.closedAtMs, dataOf(render)],
      ...[render.guildId, startOfDayMs(render.admittedAtMs), bookUsd],
    ]);
    if (typeof row?.version !== 'number') return undefined;
    if (keepsLease) hold({ render, version: row.version, leaseOwner: owner, writeToken: token });
    else held.delete(render.id);
    return render;
  }

  /** Writes a change to a render that stands in `from` and is not another's. */
  async function write(id: string, from: Phase, to: Phase, change: RenderChange): Promise<Render | undefined> {
    const token = randomUUID();
    const before = known(id);
    if (before?.render.phase === from) {
      const written = await attempt(before, to, change, token);
      if (written) return written;
    }
    for (;;) {
      held.delete(id);
      const found = await find(id);
      if (!found) return undefined;
      if (found.writeToken === token) return found.render;
      if (found.render.phase !== from || (found.leaseOwner !== null && found.leaseOwner !== owner)) return undefined;
      const written = await attempt(found, to, change, token);
      if (written) return written;
    }
  }

  return {
    rhythm: LEASE_RHYTHM,

    async admit(request, admission) {
      const nowMs = clock.now();
      const render = admitted(request, newId(), nowMs, admission.estimateUsd);
      const wake = await deps.wakeStatement?.(render.id);
      const [row] = await query(
        'select * from hallo.admit($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)',
        [
          ...[render.id, render.guildId, render.memberId, owner, dataOf(render)],
          ...limitsOf(admission, nowMs),
          ...[wake?.text ?? null, wake?.value ?? null],
        ],
        { patienceMs: ANSWER_WITHIN_MS },
      );
      const answer = admissionSchema.parse(row);
      if (answer.admitted) {
        hold({ render, version: 1, leaseOwner: owner, writeToken: null });
        return { ok: true, render };
      }
      const refusal = refusalOf(answer.usage, admission, nowMs);
      if (!refusal) throw new Error('Postgres refused an admission that no limit stands in the way of');
      return { ok: false, refusal };
    },

    async get(id) {
      return (await find(id, ANSWER_WITHIN_MS))?.render;
    },

    async takeUp(id) {
      const kept = known(id);
      // One that waits may have been claimed by another process.
      if (kept && kept.render.phase !== 'waiting') return { render: kept.render, abandoned: false };
      held.delete(id);
      const found = await find(id);
      if (!found || found.leaseOwner === owner) return found && { render: found.render, abandoned: false };
      const values = [id, randomUUID(), owner, leases.deadBeforeMs()];
      const taken = await readOne(await query('select * from hallo.take_up($1,$2,$3,$4)', values));
      return taken && { render: taken.render, abandoned: true };
    },

    noticed(id) {
      const kept = held.get(id);
      if (kept) kept.stale = true;
      return kept !== undefined;
    },

    missed() {
      for (const kept of held.values()) kept.stale = true;
    },

    holds(id) {
      return held.get(id)?.term === leases.term() && leases.valid();
    },

    async usageOf(guildId, memberId) {
      const nowMs = clock.now();
      const values = [guildId, memberId, nowMs, startOfMonthMs(nowMs), startOfDayMs(nowMs)];
      const [row] = await query(USAGE, values, { patienceMs: ANSWER_WITHIN_MS });
      return usageSchema.parse(row?.usage);
    },

    async advance(id, from, to, change) {
      if (!isAllowed(from, to)) throw new Error(`no transition from ${from} to ${to}`);
      return write(id, from, to, change);
    },

    async update(id, phase, change) {
      return write(id, phase, phase, change);
    },

    async requestCancel(id) {
      const rows = await query('select * from hallo.request_cancel($1,$2)', [id, clock.now()], { patienceMs: ANSWER_WITHIN_MS });
      return (await readOne(rows))?.render;
    },

    async claimNext({ maxAtOnce }) {
      const token = randomUUID();
      return hints.trying(async () => {
        for (;;) {
          const rows = await query('select * from hallo.claim($1,$2,$3,$4)', [token, owner, clock.now(), maxAtOnce]);
          const claimed = await readOne(rows);
          // One that can't be read is set aside by now.
          if (claimed || rows.length === 0) return claimed?.render;
        }
      });
    },

    async nextClaimAtMs() {
      const [row] = await query(
        `select least(
          (select min(not_before_ms) from hallo.renders where phase = 'waiting' and cancelled_at_ms is null and not_before_ms > $1),
          (select min(place_until_ms) from hallo.renders where place_until_ms > $1)) as at`,
        [clock.now()],
      );
      return typeof row?.at === 'number' ? row.at : undefined;
    },

    async placeInLine(render) {
      const [row] = await query(
        `select count(*) as n from hallo.renders where phase = 'waiting' and cancelled_at_ms is null and guild_id = $1
          and seq < (select seq from hallo.renders where id = $2)`,
        [render.guildId, render.id],
      );
      return Number(row?.n) + 1;
    },

    async takeOver(limit) {
      const values = [randomUUID(), owner, leases.deadBeforeMs(), limit];
      const taken = await read(await query('select * from hallo.take_over($1,$2,$3,$4)', values));
      for (const kept of taken) hold(kept);
      return taken.map(kept => kept.render);
    },

    renewLeases: leases.renew,

    async recent(guildId, memberId, limit) {
      const rows = await query(
        'select * from hallo.renders where guild_id = $1 and member_id = $2 order by admitted_at_ms desc, seq desc limit $3',
        [guildId, memberId, limit],
        { patienceMs: ANSWER_WITHIN_MS },
      );
      return (await read(rows)).map(kept => kept.render);
    },

    async allow(guildId, atOnce) {
      await query(
        `with allowed as (insert into hallo.guilds (guild_id, at_once) values ($1, $2)
          on conflict (guild_id) do update set at_once = excluded.at_once returning 1)
        select pg_notify('hallo', 'claim') from allowed`,
        [guildId, atOnce],
        { patienceMs: ANSWER_WITHIN_MS },
      );
    },

    async costsOf(guildId, sinceDayMs, mostMembers) {
      const values = [guildId, sinceDayMs];
      const [members, [booked]] = await Promise.all([
        query(COSTS_BY_MEMBER, values, { patienceMs: ANSWER_WITHIN_MS }),
        query(BOOKED, values, { patienceMs: ANSWER_WITHIN_MS }),
      ]);
      return guildCostsOf(members, booked, mostMembers);
    },

    async costsOfAll(sinceDayMs, mostGuilds) {
      return guildsCosts.parse(await query(COSTS_BY_GUILD, [sinceDayMs, mostGuilds]));
    },

    async endings(sinceMs) {
      return endedHours.parse(await query(ENDINGS, [sinceMs]));
    },

    async lastFailures(sinceMs, limit) {
      return (await read(await query(LAST_FAILURES, [sinceMs, limit]))).map(kept => kept.render);
    },

    async unpaidOf(guildId, admittedUntilMs) {
      const rows = await query(
        `select id from hallo.renders where guild_id = $1 and phase in ('preparing', 'waiting') and admitted_at_ms <= $2`,
        [guildId, admittedUntilMs],
      );
      return rows.map(row => String(row.id));
    },

    async guilds() {
      return (await query('select guild_id from hallo.guilds')).map(row => String(row.guild_id));
    },

    async forgetGuild(guildId) {
      const rows = await query('select * from hallo.forget_guild($1)', [guildId]);
      if (rows.length === 0) return undefined;
      return (await read(rows.filter(row => row.id !== null))).flatMap(kept => fileKeysOf(kept.render));
    },

    async forgetMember(guildId, memberId, { keepRecordsMs, except }) {
      const rows = await query(
        `update hallo.renders set closed_at_ms = least(closed_at_ms, admitted_at_ms + $3)
          where guild_id = $1 and member_id = $2 and phase = 'closed' and id <> all($4) returning *`,
        [guildId, memberId, LONGEST_LIMIT_MS - keepRecordsMs, except],
      );
      return (await read(rows)).flatMap(kept => fileKeysOf(kept.render));
    },

    async totals() {
      const nowMs = clock.now();
      const [counts, [money]] = await Promise.all([
        query('select phase, count(*) as n from hallo.renders group by phase'),
        query(`select hallo.spent('*', $1) as day, hallo.spent('*', $2) as month`, [startOfDayMs(nowMs), startOfMonthMs(nowMs)]),
      ]);
      return totalsOf(counts, money);
    },

    async sweep(closedBeforeMs) {
      const [row] = await query(
        'with gone as (delete from hallo.renders where closed_at_ms < $1 returning 1) select count(*) as n from gone',
        [closedBeforeMs],
      );
      return Number(row?.n);
    },

    async close() {
      held.clear();
      await leases.release();
      await database.close();
    },
  };
}
