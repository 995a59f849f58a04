import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Claim, Ledger } from '../../core/ports.ts';
import type { ClaimHints } from './claim-hints.ts';
import type { Database } from './database.ts';
import type { HeldRenders } from './held-renders.ts';
import type { Leases } from './leases.ts';
import type { RenderReader } from './rows.ts';

const nextSchema = z.object({ id: z.string().nullable(), next_at_ms: z.number().nullable() });

/** Whose turn it is, and which process performs which render. */
export function createTurns(
  { query }: Pick<Database, 'query'>,
  deps: { now: () => number; owner: string; leases: Leases; hints: ClaimHints; held: HeldRenders; read: RenderReader },
): Pick<Ledger, 'claimNext' | 'placeInLine' | 'takeOver' | 'takeUp'> {
  const { now, owner, leases, hints, held, read } = deps;

  async function claim(maxAtOnce: number): Promise<Claim> {
    const token = randomUUID();
    for (;;) {
      const rows = await query('select * from hallo.claim_next($1,$2,$3,$4)', [token, owner, now(), maxAtOnce]);
      const { id, next_at_ms: nextAtMs } = nextSchema.parse(rows[0]);
      const claimed = id === null ? undefined : await held.readOne(rows);
      // One that can't be read is set aside by now.
      if (claimed || id === null) return { render: claimed?.render, nextAtMs: nextAtMs ?? undefined };
    }
  }

  return {
    claimNext: ({ maxAtOnce }) => hints.trying(() => claim(maxAtOnce)),

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
      for (const kept of taken) held.hold(kept);
      return taken.map(kept => kept.render);
    },

    async takeUp(id) {
      const kept = held.known(id);
      // One that waits may have been claimed by another process.
      if (kept && kept.render.phase !== 'waiting') return { render: kept.render, abandoned: false };
      held.drop(id);
      const found = await held.find(id);
      if (!found || found.leaseOwner === owner) return found && { render: found.render, abandoned: false };
      const values = [id, randomUUID(), owner, leases.deadBeforeMs()];
      const taken = await held.readOne(await query('select * from hallo.take_up($1,$2,$3,$4)', values));
      return taken && { render: taken.render, abandoned: true };
    },
  };
}
