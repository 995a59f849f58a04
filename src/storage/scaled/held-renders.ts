import { randomUUID } from 'node:crypto';
import { changed } from '../../core/change.ts';
import type { Clock } from '../../core/clock.ts';
import { startOfDayMs } from '../../core/limits.ts';
import type { Phase } from '../../core/phases.ts';
import type { RenderChange } from '../../core/ports.ts';
import type { Render } from '../../core/render.ts';
import type { Database, Row } from './database.ts';
import type { Leases } from './leases.ts';
import { dataOf, type Kept, type RenderReader } from './rows.ts';

/** Renders that this process holds, as it wrote or read them last: most writes need no look before them. */
export type HeldRenders = {
  hold(kept: Kept): void;
  /** The render as it stands, unless another process changed it since. */
  known(id: string): Kept | undefined;
  drop(id: string): void;
  /** The first of some rows; held from then on where it is this process's. */
  readOne(rows: readonly Row[]): Promise<Kept | undefined>;
  find(id: string, patienceMs?: number): Promise<Kept | undefined>;
  /** Writes a change to a render that stands in `from` and is not another's. Undefined: it does not, or is. */
  write(id: string, from: Phase, to: Phase, change: RenderChange): Promise<Render | undefined>;
  /** Whether the render is certainly still this process's. */
  isCertain(id: string): boolean;
  /** Another process changed a render; it is read anew. True: this process holds it. */
  noticed(id: string): boolean;
  /** Others may have changed any render. */
  missed(): void;
  clear(): void;
};

export function createHeldRenders(
  { query }: Pick<Database, 'query'>,
  deps: { clock: Clock; owner: string; leases: Leases; performs: boolean; read: RenderReader },
): HeldRenders {
  const { clock, owner, leases, performs, read } = deps;
  /** `term`: of the lease that covered it then; `stale`: changed since. */
  const held = new Map<string, Kept & { term: number; stale: boolean }>();
  const hold = (kept: Kept) => void held.set(kept.render.id, { ...kept, term: leases.term(), stale: false });
  const known = (id: string) => {
    const kept = held.get(id);
    return kept?.stale === false ? kept : undefined;
  };

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

  return {
    hold,
    known,
    readOne,
    find,
    drop: id => void held.delete(id),

    async write(id, from, to, change) {
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
    },

    isCertain: id => held.get(id)?.term === leases.term() && leases.valid(),

    noticed(id) {
      const kept = held.get(id);
      if (kept) kept.stale = true;
      return kept !== undefined;
    },

    missed() {
      for (const kept of held.values()) kept.stale = true;
    },

    clear: () => held.clear(),
  };
}
