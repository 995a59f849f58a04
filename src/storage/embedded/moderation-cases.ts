import type { DatabaseSync } from 'node:sqlite';
import { caseSchema, type ModerationCase } from '../../core/moderation/case.ts';
import { type Report, reportSchema } from '../../core/moderation/store.ts';

/** Cases as rows: the whole case as JSON, and beside it the columns that queries need. No transaction is begun here. */
export type CaseRows = ReturnType<typeof createCaseRows>;

export function createCaseRows(sql: DatabaseSync, onUnreadable: (id: string) => void) {
  const byId = sql.prepare('select id, data from moderation_cases where guild_id = ? and id = ?');
  const anywhere = sql.prepare('select id, data from moderation_cases where id = ?');
  const byRender = sql.prepare('select id, data from moderation_cases where render_id = ? and kind = ?');
  // By its text, which also a row that can't be read has.
  const byPicture = sql.prepare('select id, data from moderation_cases where guild_id = ? and data like ?');
  const open = sql.prepare(
    `select id, data from moderation_cases where guild_id = ? and state = 'open' order by seq desc limit ?`,
  );
  const due = sql.prepare('select id, data from moderation_cases where due_at_ms <= ? order by due_at_ms limit ?');
  const nextDue = sql.prepare('select min(due_at_ms) as n from moderation_cases');
  const notDue = sql.prepare('update moderation_cases set due_at_ms = null where id = ?');
  const clear = sql.prepare('delete from moderation_cases where render_id = ? and kind = ?');
  const insert =
    sql.prepare(`insert into moderation_cases (id, guild_id, kind, render_id, member_id, state, decided_at_ms, due_at_ms, data)
    values (:id, :guild, :kind, :render, :member, :state, :decided, :due, :data)`);
  const update = sql.prepare(
    'update moderation_cases set state = :state, decided_at_ms = :decided, due_at_ms = :due, data = :data where id = :id',
  );
  const insertReport = sql.prepare(
    'insert or ignore into moderation_reports (case_id, member_id, at_ms, why) values (?, ?, ?, ?)',
  );
  const reports = sql.prepare(
    'select member_id, at_ms, why from moderation_reports where case_id = ? order by at_ms desc, member_id limit ?',
  );

  const columns = (each: ModerationCase) => ({
    ...{ id: each.id, state: each.state, decided: each.decision?.atMs ?? null, due: each.dueAtMs, data: JSON.stringify(each) },
  });
  /** A row that can't be read is set aside: it would be due for ever. */
  function parse(row: Record<string, unknown> | undefined): ModerationCase | undefined {
    if (row === undefined) return undefined;
    const read = caseSchema.safeParse(json(row.data));
    if (read.success) return read.data;
    notDue.run(String(row.id));
    onUnreadable(String(row.id));
    return undefined;
  }
  const parseAll = (rows: readonly Record<string, unknown>[]) => rows.flatMap(row => parse(row) ?? []);

  return {
    find: (guildId: string, id: string) => parse(byId.get(guildId, id)),
    findAnywhere: (id: string) => parse(anywhere.get(id)),
    ofRender: (renderId: string, kind: string) => parse(byRender.get(renderId, kind)),
    /** The case through which a picture was blocked. */
    ofPicture: (guildId: string, pictureId: string) => parse(byPicture.get(guildId, `%"pictureId":"${pictureId}"%`)),
    open: (guildId: string, limit: number) => parseAll(open.all(guildId, limit)),
    due: (nowMs: number, limit: number) => parseAll(due.all(nowMs, limit)),
    nextDueAtMs(): number | undefined {
      const at = nextDue.get()?.n;
      return typeof at === 'number' ? at : undefined;
    },
    /** Makes room in place of a row that can't be read. */
    clear: (renderId: string, kind: string) => void clear.run(renderId, kind),
    insert(each: ModerationCase): void {
      insert.run({ ...columns(each), guild: each.guildId, kind: each.kind, render: each.renderId, member: each.memberId });
    },
    write(each: ModerationCase): void {
      update.run(columns(each));
    },
    /** False: this member has reported it before. */
    insertReport(caseId: string, { memberId, atMs, why }: Report): boolean {
      return insertReport.run(caseId, memberId, atMs, why).changes > 0;
    },
    reports(caseId: string, limit: number): Report[] {
      const rows = reports.all(caseId, limit);
      return rows.map(row => reportSchema.parse({ memberId: row.member_id, atMs: row.at_ms, why: row.why }));
    },
  };
}

function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
