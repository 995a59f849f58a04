import { admitted } from '../../core/admitted.ts';
import { changed } from '../../core/change.ts';
import { LONGEST_LIMIT_MS, refusalOf } from '../../core/limits.ts';
import { isAllowed, PHASES, type Phase } from '../../core/phases.ts';
import type { Ledger, RenderChange } from '../../core/ports.ts';
import { fileKeysOf, type Render } from '../../core/render.ts';
import type { LedgerDeps } from '../deps.ts';
import { endedHours } from '../ended-hours.ts';
import type { Database } from './database.ts';
import { createRenderRows } from './rows.ts';
import { createTurns } from './turns.ts';
import { createUsageRecord } from './usage.ts';

/** How long a lease lasts; its owner renews it well before. */
const LEASE_MS = 30_000;
const RHYTHM = { renewEveryMs: 10_000, takeOverEveryMs: 15_000, takeOverBatch: 500 };

/**
 * As long as nothing is paid, a power cut may take the last moments: the render is prepared again, its deferral looked for. A commit in
 * full waits for the disk and holds everything up meanwhile; the first is the claim, before the order is sent, and it brings all
 * earlier writes to the disk with it.
 */
const syncOf = (from: Phase): 'full' | 'relaxed' => (from === 'preparing' ? 'relaxed' : 'full');

/**
 * The ledger on SQLite. The data directory's lock makes this process the only one, so on opening every lease of an
 * earlier process is void, and BEGIN IMMEDIATE stands for the lock per guild.
 */
export function createSqliteLedger(database: Database, { clock, owner, newId, onUnreadable = () => {} }: LedgerDeps): Ledger {
  const { sql } = database;
  const rows = createRenderRows(sql, clock.now, onUnreadable);
  const usage = createUsageRecord(sql);
  const turns = createTurns(sql);
  sql.exec('update renders set lease_owner = null, lease_until_ms = null where lease_owner is not null');

  const lease = () => ({ owner, untilMs: clock.now() + LEASE_MS });
  const renew = sql.prepare('update renders set lease_until_ms = ? where lease_owner = ?');
  const stale = sql.prepare(
    `select id from renders where phase in ('preparing', 'waiting', 'submitting', 'rendering', 'announcing') and (lease_owner is null or (lease_owner <> ? and lease_until_ms < ?)) order by seq limit ?`,
  );
  const recent = sql.prepare(
    'select data from renders where guild_id = ? and member_id = ? order by admitted_at_ms desc, seq desc limit ?',
  );
  const unpaid = sql.prepare(
    `select id from renders where guild_id = ? and phase in ('preparing', 'waiting') and admitted_at_ms <= ?`,
  );
  const phases = sql.prepare('select phase, count(*) as n from renders group by phase');
  const guilds = sql.prepare('select guild_id from guilds');
  const open = sql.prepare(
    `select 1 from renders where guild_id = ? and phase in ('preparing', 'waiting', 'submitting', 'rendering', 'announcing')`,
  );
  const closed = sql.prepare('select data from renders where guild_id = ?');
  // Its sums of money stay, so that being removed and added again renews no budget; they name no member.
  const forget = ['renders', 'guilds'].map(table => sql.prepare(`delete from ${table} where guild_id = ?`));
  const closedOf = sql.prepare(`select data from renders where guild_id = ? and member_id = ? and phase = 'closed'`);
  const sweepFrom = sql.prepare('update renders set closed_at_ms = min(closed_at_ms, admitted_at_ms + ?) where id = ?');
  const endings = sql.prepare(`
    select closed_at_ms - closed_at_ms % 3600000 as hourMs, json_extract(data, '$.outcome.kind') as outcome, count(*) as count
    from renders where closed_at_ms >= ? and phase = 'closed' group by 1, 2 order by 1, 2`);
  const failures = sql.prepare(`
    select data from renders where closed_at_ms >= ? and phase = 'closed' and json_extract(data, '$.outcome.kind') = 'failed'
    order by closed_at_ms desc, seq desc limit ?`);
  const sweep = sql.prepare('delete from renders where closed_at_ms < ?');

  /** Writes a change to a render that stands in `from` and is not another's; the money follows the outcome in the same transaction. */
  function write(id: string, from: Phase, to: Phase, change: RenderChange): Render | undefined {
    const found = rows.find(id);
    if (found?.render.phase !== from || (found.leaseOwner !== null && found.leaseOwner !== owner)) return undefined;
    const { render, counts, bookUsd, bookRenders } = changed(found.render, to, change, clock.now());
    usage.book(render.guildId, render.admittedAtMs, bookUsd, bookRenders);
    rows.write(render, to === 'closed' ? null : lease(), counts);
    return render;
  }

  return {
    rhythm: RHYTHM,

    async admit(request, admission) {
      // Relaxed: the answer to Discord waits for it.
      return database.transaction(() => {
        const nowMs = clock.now();
        const refusal = refusalOf(usage.of(request.guildId, request.memberId, nowMs), admission, nowMs);
        if (refusal) return { ok: false, refusal };
        const render = admitted(request, newId(), nowMs, admission.estimateUsd);
        rows.insert(render, lease());
        turns.allow(request.guildId, admission.policy.atOnce);
        usage.book(request.guildId, nowMs, admission.estimateUsd, 1);
        return { ok: true, render };
      }, 'relaxed');
    },

    async get(id) {
      return rows.find(id)?.render;
    },

    async usageOf(guildId, memberId) {
      return usage.of(guildId, memberId, clock.now());
    },

    async advance(id, from, to, change) {
      if (!isAllowed(from, to)) throw new Error(`no transition from ${from} to ${to}`);
      return database.transaction(() => write(id, from, to, change), syncOf(from));
    },

    async update(id, phase, change) {
      return database.transaction(() => write(id, phase, phase, change), syncOf(phase));
    },

    async requestCancel(id) {
      return database.transaction(() => {
        const found = rows.find(id);
        if (!found) return undefined;
        const { render } = found;
        if (render.phase === 'announcing' || render.phase === 'closed' || render.cancelledAtMs !== null) return render;
        const cancelled: Render = { ...render, cancelledAtMs: clock.now() };
        rows.write(cancelled, found.leaseOwner === null ? null : lease());
        return cancelled;
      });
    },

    async claimNext({ maxAtOnce }) {
      return database.transaction(() => {
        let id = turns.next(clock.now(), maxAtOnce);
        // The look at a row that can't be read has set it aside.
        while (id !== undefined && rows.find(id) === undefined) id = turns.next(clock.now(), maxAtOnce);
        const render = id === undefined ? undefined : write(id, 'waiting', 'submitting', {});
        return { render, nextAtMs: render ? clock.now() : turns.nextAtMs(clock.now()) };
      });
    },

    async placeInLine(render) {
      return turns.placeOf(render);
    },

    async takeOver(limit) {
      return database.transaction(() => {
        const taken: Render[] = [];
        for (const { id } of stale.all(owner, clock.now(), limit)) {
          const found = rows.find(String(id));
          if (!found) continue;
          rows.lease(found.render.id, lease());
          taken.push(found.render);
        }
        return taken;
        // Relaxed: a lease is worth nothing once the process that held it is gone.
      }, 'relaxed');
    },

    async takeUp(id) {
      const found = rows.find(id);
      return found && { render: found.render, abandoned: false };
    },

    // The directory's lock keeps every other process out.
    holds: () => true,

    async renewLeases() {
      database.transaction(() => renew.run(clock.now() + LEASE_MS, owner), 'relaxed');
    },

    async recent(guildId, memberId, limit) {
      return rows.parseAll(recent.all(guildId, memberId, limit));
    },

    async allow(guildId, atOnce) {
      turns.allow(guildId, atOnce);
    },

    async costsOf(guildId, sinceDayMs, mostMembers) {
      return usage.costsOf(guildId, sinceDayMs, mostMembers);
    },

    async costsOfAll(sinceDayMs, mostGuilds) {
      return usage.costsOfAll(sinceDayMs, mostGuilds);
    },

    async endings(sinceMs) {
      return endedHours.parse(endings.all(sinceMs));
    },

    async lastFailures(sinceMs, limit) {
      return rows.parseAll(failures.all(sinceMs, limit));
    },

    async unpaidOf(guildId, admittedUntilMs) {
      return unpaid.all(guildId, admittedUntilMs).map(row => String(row.id));
    },

    async guilds() {
      return guilds.all().map(row => String(row.guild_id));
    },

    async forgetGuild(guildId) {
      return database.transaction(() => {
        if (open.get(guildId)) return undefined;
        const keys = rows.parseAll(closed.all(guildId)).flatMap(fileKeysOf);
        for (const statement of forget) statement.run(guildId);
        return keys;
      });
    },

    async forgetMember(guildId, memberId, { keepRecordsMs, except }) {
      return database.transaction(() => {
        const forgotten = rows.parseAll(closedOf.all(guildId, memberId)).filter(({ id }) => !except.includes(id));
        for (const { id } of forgotten) sweepFrom.run(LONGEST_LIMIT_MS - keepRecordsMs, id);
        return forgotten.flatMap(fileKeysOf);
      });
    },

    async totals() {
      const counted = new Map(phases.all().map(row => [String(row.phase), Number(row.n)]));
      const of = (phase: Phase) => [phase, counted.get(phase) ?? 0] as const;
      return {
        phases: {
          ...{ preparing: 0, waiting: 0, submitting: 0, rendering: 0, announcing: 0, closed: 0 },
          ...Object.fromEntries(PHASES.map(of)),
        },
        ...usage.totals(clock.now()),
      };
    },

    async sweep(closedBeforeMs) {
      return database.transaction(() => Number(sweep.run(closedBeforeMs).changes));
    },

    async close() {
      database.close();
    },
  };
}
