import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Faults } from '../../src/faults.ts';

const ordersSchema = z.object({
  /** tells one order from the one before it: what was counted is counted anew */
  id: z.number(),
  /** the process ends itself when it comes to this point for the n-th time; without a name: to any point for the n-th time */
  kill: z.object({ point: z.string().nullable(), nth: z.number() }).nullable(),
  /** until then every write fails as on a full disk */
  diskFullUntilMs: z.number(),
});
type Orders = z.infer<typeof ordersSchema>;

/** What the harness orders of a bot's process, by a file: it outlives each of them. */
export function createOrders(path: string) {
  let id = 0;
  const write = (orders: Partial<Orders>) => {
    id += 1;
    writeFileSync(path, JSON.stringify({ id, kill: null, diskFullUntilMs: 0, ...orders }));
  };
  write({});
  return {
    killAt: (point: string | null, nth: number) => write({ kill: { point, nth } }),
    diskFull: (forMs: number) => write({ diskFullUntilMs: Date.now() + forMs }),
    clear: () => write({}),
    /** The points at which processes ended themselves, oldest first. */
    kills: () => readFileSync(killsPath(path), { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1),
  };
}

/** The faults of a bot's process, as its orders say. */
export function orderedFaults(path: string): Faults {
  let current = 0;
  let met = 0;
  return {
    at(point) {
      // Read each time, for a file is seen at once. It is small.
      const orders = ordersOf(path);
      if (orders === undefined) return;
      if (orders.id !== current) [current, met] = [orders.id, 0];
      if (isWrite(point) && Date.now() < orders.diskFullUntilMs) throw diskFull();
      const { kill } = orders;
      if (kill === null || (kill.point !== null && kill.point !== point)) return;
      met += 1;
      if (met !== kill.nth) return;
      appendFileSync(killsPath(path), `${point}\n`);
      process.kill(process.pid, 'SIGKILL');
    },
  };
}

const killsPath = (path: string) => `${path}.kills`;

function ordersOf(path: string): Orders | undefined {
  try {
    return ordersSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Read while it was written: the next point sees it.
    return undefined;
  }
}

/** A full disk is met before anything is written, never after. */
function isWrite(point: string): boolean {
  return /^before (ledger|files\.put|settings)/.test(point);
}

function diskFull(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
}
