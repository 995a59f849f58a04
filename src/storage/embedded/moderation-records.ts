import type { DatabaseSync } from 'node:sqlite';
import type { BlockedPicture, HeldSuspension } from '../../core/moderation/store.ts';
import { auditOf, type Noted, pictureOf, suspensionOf } from '../moderation-rows.ts';

/** What stands beside the cases: suspensions, warnings, blocked pictures, the audit log. No transaction is begun here. */
export type ModerationRecords = ReturnType<typeof createModerationRecords>;

export function createModerationRecords(sql: DatabaseSync) {
  const holds = '(until_ms is null or until_ms > :now)';
  const suspend = sql.prepare(
    'insert into moderation_suspensions (guild_id, member_id, until_ms, why, by_id, since_ms, case_id) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const longest = sql.prepare(`select * from moderation_suspensions where guild_id = :guild and member_id = :member and ${holds}
    order by until_ms is null desc, until_ms desc, seq desc limit 1`);
  const suspended = sql.prepare(`select *, max(coalesce(until_ms, 9e15)) from moderation_suspensions
    where guild_id = :guild and ${holds} group by member_id order by max(seq) desc limit :limit`);
  // Cut short, not deleted: who was suspended before stays known.
  const lift = sql.prepare(
    `update moderation_suspensions set until_ms = :now where guild_id = :guild and member_id = :member and ${holds}`,
  );
  const liftOfCase = sql.prepare(`update moderation_suspensions set until_ms = :now where case_id = :case and ${holds}`);
  const warn = sql.prepare('insert into moderation_warnings (guild_id, member_id, at_ms, case_id) values (?, ?, ?, ?)');
  const unwarn = sql.prepare('delete from moderation_warnings where case_id = ?');
  const untold = sql.prepare(
    'select seq, at_ms from moderation_warnings where guild_id = ? and member_id = ? and told = 0 order by seq desc limit 1',
  );
  const told = sql.prepare('update moderation_warnings set told = 1 where guild_id = ? and member_id = ? and seq <= ?');
  const warnings = sql.prepare('select count(*) as n from moderation_warnings where guild_id = ? and member_id = ?');
  const cases = sql.prepare(
    'select kind, count(*) as n from moderation_cases where guild_id = ? and member_id = ? group by kind',
  );
  const block = sql.prepare('insert into moderation_pictures (id, guild_id, hash, note, by_id, at_ms) values (?, ?, ?, ?, ?, ?)');
  const unblock = sql.prepare('delete from moderation_pictures where guild_id = ? and id = ?');
  const pictures = sql.prepare('select * from moderation_pictures where guild_id = ? order by seq desc');
  const note = sql.prepare(
    'insert into moderation_audit (guild_id, at_ms, by_id, action, member_id, case_id, until_ms, why) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const audit = sql.prepare('select * from moderation_audit where guild_id = ? and seq < ? order by seq desc limit ?');
  const about = sql.prepare('select * from moderation_audit where guild_id = ? and member_id = ? order by seq desc limit ?');

  return {
    suspend(guildId: string, held: HeldSuspension, caseId: string | null): void {
      suspend.run(guildId, held.memberId, held.untilMs, held.why, held.by, held.sinceMs, caseId);
    },
    suspensionOf(guild: string, member: string, now: number): HeldSuspension | undefined {
      const row = longest.get({ guild, member, now });
      return row && suspensionOf(row);
    },
    suspended: (guild: string, now: number, limit: number) => suspended.all({ guild, now, limit }).map(suspensionOf),
    lift: (guild: string, member: string, now: number) => lift.run({ guild, member, now }).changes > 0,
    liftOfCase: (caseId: string, now: number) => void liftOfCase.run({ case: caseId, now }),
    warn: (guildId: string, memberId: string, atMs: number, caseId: string) => void warn.run(guildId, memberId, atMs, caseId),
    unwarn: (caseId: string) => void unwarn.run(caseId),
    untoldWarning(guildId: string, memberId: string): { seq: number; atMs: number } | undefined {
      const row = untold.get(guildId, memberId);
      return row && { seq: Number(row.seq), atMs: Number(row.at_ms) };
    },
    warningTold: (guildId: string, memberId: string, seq: number) => void told.run(guildId, memberId, seq),
    counts(guildId: string, memberId: string): { blocked: number; reported: number; warnings: number } {
      const byKind = new Map(cases.all(guildId, memberId).map(row => [String(row.kind), Number(row.n)]));
      const warned = Number(warnings.get(guildId, memberId)?.n ?? 0);
      return { blocked: byKind.get('blocked') ?? 0, reported: byKind.get('report') ?? 0, warnings: warned };
    },
    block(guildId: string, { id, hash, note: text, by, atMs }: BlockedPicture): void {
      block.run(id, guildId, hash, text, by, atMs);
    },
    unblock: (guildId: string, id: string) => unblock.run(guildId, id).changes > 0,
    pictures: (guildId: string) => pictures.all(guildId).map(pictureOf),
    note(guildId: string, by: string, atMs: number, { action, ...more }: Noted): void {
      note.run(guildId, atMs, by, action, more.memberId ?? null, more.caseId ?? null, more.untilMs ?? null, more.why ?? null);
    },
    audit: (guildId: string, before: number, limit: number) => audit.all(guildId, before, limit).map(auditOf),
    auditAbout: (guildId: string, memberId: string, limit: number) => about.all(guildId, memberId, limit).map(auditOf),
  };
}
