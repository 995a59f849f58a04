import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type Render, renderSchema } from '../../core/render.ts';

/** Reading and writing renders as rows: the whole render as JSON, and beside it the columns that queries need. */
export type RenderRows = ReturnType<typeof createRenderRows>;

const rowSchema = z.object({ phase: z.string(), data: z.string(), lease_owner: z.string().nullable() });

/** `onUnreadable` is told of a row that was set aside: nothing takes it up any more, and it is deleted with what closes now. */
export function createRenderRows(sql: DatabaseSync, now: () => number, onUnreadable: (id: string) => void) {
  const one = sql.prepare('select phase, data, lease_owner from renders where id = ?');
  // Left where it is, such a row would be the next in line for ever, and nobody else would have a turn.
  const setAside = sql.prepare(
    `update renders set phase = 'unreadable', lease_owner = null, lease_until_ms = null, place_until_ms = null, closed_at_ms = ? where id = ?`,
  );
  const insert = sql.prepare(`insert into renders
    (id, guild_id, member_id, phase, admitted_at_ms, not_before_ms, cancelled, counts, place_until_ms, closed_at_ms, lease_owner, lease_until_ms, data)
    values (:id, :guild, :member, :phase, :admitted, :notBefore, :cancelled, 1, :placeUntil, :closed, :owner, :leaseUntil, :data)`);
  const write =
    sql.prepare(`update renders set phase = :phase, not_before_ms = :notBefore, cancelled = :cancelled, counts = min(counts, :counts),
    place_until_ms = :placeUntil, closed_at_ms = :closed, lease_owner = :owner, lease_until_ms = :leaseUntil, data = :data where id = :id`);

  const leased = sql.prepare('update renders set lease_owner = ?, lease_until_ms = ? where id = ?');

  return {
    /** The render and the owner of its lease; undefined also where the row can't be read. */
    find(id: string): { render: Render; leaseOwner: string | null } | undefined {
      const row = one.get(id);
      if (!row) return undefined;
      const { phase, data, lease_owner } = rowSchema.parse(row);
      const render = parseRender(data);
      if (render?.id === id && render.phase === phase) return { render, leaseOwner: lease_owner };
      if (phase !== 'unreadable') {
        setAside.run(now(), id);
        onUnreadable(id);
      }
      return undefined;
    },
    insert(render: Render, lease: Lease): void {
      insert.run({ ...columns(render, lease), guild: render.guildId, member: render.memberId, admitted: render.admittedAtMs });
    },
    /** The lease alone: to write whole rows anew takes a start with thousands of them too long. */
    lease(id: string, { owner, untilMs }: Lease): void {
      leased.run(owner, untilMs, id);
    },
    /** `counts` false gives the render's place in the hour and the day back, for good. */
    write(render: Render, lease: Lease | null, counts = true): void {
      write.run({ ...columns(render, lease), counts: counts ? 1 : 0 });
    },
    /** All readable rows of a query that selects `data`. */
    parseAll(rows: readonly unknown[]): Render[] {
      return rows.flatMap(row => parseRender(z.object({ data: z.string() }).parse(row).data) ?? []);
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

/** Undefined: a damaged file, or the hand of somebody else. */
function parseRender(data: string): Render | undefined {
  try {
    return renderSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
