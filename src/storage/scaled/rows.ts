import { z } from 'zod';
import { type Render, renderSchema } from '../../core/render.ts';
import type { Database, Row } from './database.ts';

/** A render as it was read or written last, and what a further write has to name of it. */
export type Kept = { render: Render; version: number; leaseOwner: string | null; writeToken: string | null };

const columnsSchema = z.object({
  ...{ id: z.string(), version: z.number(), write_token: z.string().nullable(), lease_owner: z.string().nullable() },
  ...{ phase: z.string(), phase_at_ms: z.number(), cancelled_at_ms: z.number().nullable(), data: z.string() },
});

export type RenderReader = (rows: readonly Row[]) => Promise<Kept[]>;

/**
 * Reads rows. One that can't be read is set aside, for left where it is it would be the next in line for ever; `onUnreadable` is
 * told of it, and it is deleted with what closes now.
 */
export function createRenderReader(
  { query }: Pick<Database, 'query'>,
  now: () => number,
  onUnreadable: (id: string) => void,
): RenderReader {
  return async rows => {
    const kept: Kept[] = [];
    for (const row of rows) {
      const { id, version, write_token, lease_owner, phase, phase_at_ms, cancelled_at_ms, data } = columnsSchema.parse(row);
      const render = parseRender(data, { phase, phaseAtMs: phase_at_ms, cancelledAtMs: cancelled_at_ms });
      if (render?.id === id) kept.push({ render, version, leaseOwner: lease_owner, writeToken: write_token });
      else if (phase !== 'unreadable') {
        await query(
          `update hallo.renders set phase = 'unreadable', lease_owner = null, place_until_ms = null, closed_at_ms = $2 where id = $1`,
          [id, now()],
        );
        onUnreadable(id);
      }
    }
    return kept;
  };
}

/** What stands in columns is left out, so that no statement has to write into the JSON. */
export function dataOf({ phase: _phase, phaseAtMs: _phaseAtMs, cancelledAtMs: _cancelledAtMs, ...rest }: Render): string {
  return JSON.stringify(rest);
}

/** Undefined: the hand of somebody else, or a version of the program that this one does not know. */
function parseRender(data: string, columns: object): Render | undefined {
  try {
    return renderSchema.safeParse({ ...JSON.parse(data), ...columns }).data;
  } catch {
    return undefined;
  }
}
