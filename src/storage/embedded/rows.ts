import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type Render, renderSchema } from '../../core/render.ts';

/** Reading and writing renders as rows: the whole render as JSON, and beside it the columns that queries need. */
export type RenderRows = ReturnType<typeof createRenderRows>;

const rowSchema = z.object({ data: z.string(), lease_owner: z.string().nullable() });

export function createRenderRows(sql: DatabaseSync) {
  const one = sql.prepare('select data, lease_owner from renders where id = ?');
  const insert = sql.prepare(`insert into renders
    (id, guild_id, member_id, phase, admitted_at_ms, not_before_ms, cancelled, counts, place_until_ms, closed_at_ms, lease_owner, lease_until_ms, data)
    values (:id, :guild, :member, :phase, :admitted, :notBefore, :cancelled, 1, :placeUntil, :closed, :owner, :leaseUntil, :data)`);
  const write =
    sql.prepare(`update renders set phase = :phase, not_before_ms = :notBefore, cancelled = :cancelled, counts = min(counts, :counts),
    place_until_ms = :placeUntil, closed_at_ms = :closed, lease_owner = :owner, lease_until_ms = :leaseUntil, data = :data where id = :id`);

  return {
    /** The render and the owner of its lease. */
    find(id: string): { render: Render; leaseOwner: string | null } | undefined {
      const row = one.get(id);
      if (!row) return undefined;
      const { data, lease_owner } = rowSchema.parse(row);
      return { render: parseRender(data), leaseOwner: lease_owner };
    },
    insert(render: Render, lease: Lease): void {
      insert.run({ ...columns(render, lease), guild: render.guildId, member: render.memberId, admitted: render.admittedAtMs });
    },
    /** `counts` false gives the render's place in the hour and the day back, for good. */
    write(render: Render, lease: Lease | null, counts = true): void {
      write.run({ ...columns(render, lease), counts: counts ? 1 : 0 });
    },
    /** All rows of a query that selects `data`. */
    parseAll(rows: readonly unknown[]): Render[] {
      return rows.map(row => parseRender(z.object({ data: z.string() }).parse(row).data));
    },
  };
}

export type Lease = { owner: string; untilMs: number };

function columns(render: Render, lease: Lease | null) {
  return {
    id: render.id,
    phase: render.phase,
    notBefore: render.notBeforeMs,
    cancelled: render.cancelledAtMs === null ? 0 : 1,
    placeUntil: render.placeUntilMs,
    closed: render.closedAtMs,
    owner: lease?.owner ?? null,
    leaseUntil: lease?.untilMs ?? null,
    data: JSON.stringify(render),
  };
}

function parseRender(data: string): Render {
  return renderSchema.parse(JSON.parse(data));
}
