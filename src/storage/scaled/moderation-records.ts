import type { AuditEntry, BlockedPicture, HeldSuspension } from '../../core/moderation/store.ts';
import { auditOf, type Noted, pictureOf, suspensionOf } from '../moderation-rows.ts';
import type { Query } from './database.ts';
import { withoutNul } from './moderation-cases.ts';

/** What stands beside the cases: suspensions, warnings, blocked pictures, the audit log. */
export type ModerationRecords = ReturnType<typeof createModerationRecords>;

/** `query` runs in the transaction of the caller, if there is one. */
export function createModerationRecords(query: Query) {
  const changed = async (text: string, values: readonly unknown[]) => (await query(`${text} returning 1`, values)).length > 0;
  const audit = async (where: string, values: readonly unknown[]): Promise<AuditEntry[]> =>
    (await query(`select * from hallo.moderation_audit where ${where} order by seq desc limit $3`, values)).map(auditOf);

  return {
    async suspend(guildId: string, held: HeldSuspension, caseId: string | null): Promise<void> {
      await query(
        `insert into hallo.moderation_suspensions (guild_id, member_id, until_ms, why, by_id, since_ms, case_id)
          values ($1, $2, $3, $4, $5, $6, $7)`,
        [guildId, held.memberId, held.untilMs, withoutNul(held.why), held.by, held.sinceMs, caseId],
      );
    },
    async suspensionOf(guildId: string, memberId: string, nowMs: number): Promise<HeldSuspension | undefined> {
      const [row] = await query(
        `select * from hallo.moderation_suspensions where guild_id = $1 and member_id = $2 and (until_ms is null or until_ms > $3)
          order by until_ms desc nulls first, seq desc limit 1`,
        [guildId, memberId, nowMs],
      );
      return row && suspensionOf(row);
    },
    async suspended(guildId: string, nowMs: number, limit: number): Promise<HeldSuspension[]> {
      const rows = await query(
        `select * from (
          select distinct on (member_id) *, max(seq) over (partition by member_id) as last from hallo.moderation_suspensions
            where guild_id = $1 and (until_ms is null or until_ms > $2) order by member_id, until_ms desc nulls first, seq desc
        ) each order by last desc limit $3`,
        [guildId, nowMs, limit],
      );
      return rows.map(suspensionOf);
    },
    // Cut short, not deleted: who was suspended before stays known.
    lift: (guildId: string, memberId: string, nowMs: number) =>
      changed(
        `update hallo.moderation_suspensions set until_ms = $3
          where guild_id = $1 and member_id = $2 and (until_ms is null or until_ms > $3)`,
        [guildId, memberId, nowMs],
      ),
    liftOfCase: (caseId: string, nowMs: number) =>
      query(`update hallo.moderation_suspensions set until_ms = $2 where case_id = $1 and (until_ms is null or until_ms > $2)`, [
        caseId,
        nowMs,
      ]),
    warn: (guildId: string, memberId: string, atMs: number, caseId: string) =>
      query('insert into hallo.moderation_warnings (guild_id, member_id, at_ms, case_id) values ($1, $2, $3, $4)', [
        ...[guildId, memberId, atMs, caseId],
      ]),
    unwarn: (caseId: string) => query('delete from hallo.moderation_warnings where case_id = $1', [caseId]),
    async untoldWarning(guildId: string, memberId: string): Promise<{ seq: number; atMs: number } | undefined> {
      const [row] = await query(
        `select seq, at_ms from hallo.moderation_warnings where guild_id = $1 and member_id = $2 and not told
          order by seq desc limit 1`,
        [guildId, memberId],
      );
      return row && { seq: Number(row.seq), atMs: Number(row.at_ms) };
    },
    warningTold: (guildId: string, memberId: string, seq: number) =>
      query('update hallo.moderation_warnings set told = true where guild_id = $1 and member_id = $2 and seq <= $3', [
        ...[guildId, memberId, seq],
      ]),
    async counts(guildId: string, memberId: string): Promise<{ blocked: number; reported: number; warnings: number }> {
      const [row] = await query(
        `select count(*) filter (where kind = 'blocked') as blocked, count(*) filter (where kind = 'report') as reported,
          (select count(*) from hallo.moderation_warnings where guild_id = $1 and member_id = $2) as warnings
          from hallo.moderation_cases where guild_id = $1 and member_id = $2`,
        [guildId, memberId],
      );
      return { blocked: Number(row?.blocked), reported: Number(row?.reported), warnings: Number(row?.warnings) };
    },
    block: (guildId: string, { id, hash, note, by, atMs }: BlockedPicture) =>
      query('insert into hallo.moderation_pictures (id, guild_id, hash, note, by_id, at_ms) values ($1, $2, $3, $4, $5, $6)', [
        ...[id, guildId, hash, withoutNul(note), by, atMs],
      ]),
    unblock: (guildId: string, id: string) =>
      changed('delete from hallo.moderation_pictures where guild_id = $1 and id = $2', [guildId, id]),
    pictures: async (guildId: string) =>
      (await query('select * from hallo.moderation_pictures where guild_id = $1 order by seq desc', [guildId])).map(pictureOf),
    note: (guildId: string, by: string, atMs: number, { action, ...more }: Noted) =>
      query(
        `insert into hallo.moderation_audit (guild_id, at_ms, by_id, action, member_id, case_id, until_ms, why)
          values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          guildId,
          atMs,
          by,
          action,
          more.memberId ?? null,
          more.caseId ?? null,
          more.untilMs ?? null,
          withoutNul(more.why ?? null),
        ],
      ),
    audit: (guildId: string, beforeSeq: number, limit: number) =>
      audit('guild_id = $1 and seq < $2', [guildId, beforeSeq, limit]),
    auditAbout: (guildId: string, memberId: string, limit: number) =>
      audit('guild_id = $1 and member_id = $2', [guildId, memberId, limit]),
  };
}
