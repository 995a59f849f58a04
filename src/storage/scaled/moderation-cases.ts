import { caseSchema, type ModerationCase } from '../../core/moderation/case.ts';
import { type Report, reportSchema } from '../../core/moderation/store.ts';
import type { Query, Row } from './database.ts';

/** Cases as rows: the whole case as JSON, and beside it the columns that queries need. */
export type CaseRows = ReturnType<typeof createCaseRows>;

/** `query` runs in the transaction of the caller, if there is one. */
export function createCaseRows(query: Query, onUnreadable: (id: string) => void) {
  /** A row that can't be read is set aside: it would be due for ever. */
  async function parse(row: Row): Promise<ModerationCase[]> {
    const read = caseSchema.safeParse(json(row.data));
    if (read.success) return [read.data];
    await query('update hallo.moderation_cases set due_at_ms = null where id = $1', [row.id]);
    onUnreadable(String(row.id));
    return [];
  }
  async function select(rest: string, values: readonly unknown[]): Promise<ModerationCase[]> {
    const cases: ModerationCase[] = [];
    for (const row of await query(`select id, data from hallo.moderation_cases where ${rest}`, values))
      cases.push(...(await parse(row)));
    return cases;
  }
  const columns = (each: ModerationCase) => [
    each.id,
    each.state,
    each.decision?.atMs ?? null,
    each.dueAtMs,
    JSON.stringify(each),
  ];

  return {
    find: async (guildId: string, id: string) => (await select('guild_id = $1 and id = $2', [guildId, id]))[0],
    /** Nobody else changes them until the transaction ends. */
    lock: async (guildId: string, id: string) => (await select('guild_id = $1 and id = $2 for update', [guildId, id]))[0],
    lockAnywhere: async (id: string) => (await select('id = $1 for update', [id]))[0],
    lockOfRender: async (renderId: string, kind: string) =>
      (await select('render_id = $1 and kind = $2 for update', [renderId, kind]))[0],
    /** The case through which a picture was blocked; by its text, which also a row that can't be read has. */
    lockOfPicture: async (guildId: string, pictureId: string) =>
      (await select('guild_id = $1 and data like $2 for update', [guildId, `%"pictureId":"${pictureId}"%`]))[0],
    open: (guildId: string, limit: number) =>
      select(`guild_id = $1 and state = 'open' order by seq desc limit $2`, [guildId, limit]),
    due: (nowMs: number, limit: number) => select('due_at_ms <= $1 order by due_at_ms limit $2', [nowMs, limit]),
    async nextDueAtMs(): Promise<number | undefined> {
      const [row] = await query('select min(due_at_ms) as n from hallo.moderation_cases');
      return typeof row?.n === 'number' ? row.n : undefined;
    },
    /** Makes room in place of a row that can't be read. */
    clear: (renderId: string, kind: string) =>
      query('delete from hallo.moderation_cases where render_id = $1 and kind = $2', [renderId, kind]),
    /** False: its render has a case of that kind. */
    async insert(each: ModerationCase): Promise<boolean> {
      const rows = await query(
        `insert into hallo.moderation_cases (id, state, decided_at_ms, due_at_ms, data, guild_id, kind, render_id, member_id)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (render_id, kind) do nothing returning 1`,
        [...columns(each), each.guildId, each.kind, each.renderId, each.memberId],
      );
      return rows.length > 0;
    },
    async write(each: ModerationCase): Promise<void> {
      await query(
        'update hallo.moderation_cases set state = $2, decided_at_ms = $3, due_at_ms = $4, data = $5 where id = $1',
        columns(each),
      );
    },
    /** False: this member has reported it before. */
    async insertReport(caseId: string, { memberId, atMs, why }: Report): Promise<boolean> {
      const rows = await query(
        `insert into hallo.moderation_reports (case_id, member_id, at_ms, why) values ($1, $2, $3, $4)
          on conflict do nothing returning 1`,
        [caseId, memberId, atMs, withoutNul(why)],
      );
      return rows.length > 0;
    },
    async reports(caseId: string, limit: number): Promise<Report[]> {
      const rows = await query(
        'select member_id, at_ms, why from hallo.moderation_reports where case_id = $1 order by at_ms desc, member_id limit $2',
        [caseId, limit],
      );
      return rows.map(row => reportSchema.parse({ memberId: row.member_id, atMs: row.at_ms, why: row.why }));
    },
  };
}

/** Postgres' text has no NUL. */
export const withoutNul = <T extends string | null>(text: T) => (text === null ? null : text.replaceAll('\0', ''));

function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
