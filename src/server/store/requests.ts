import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { requestState } from '../schemas.ts';
import { inTransaction } from './database.ts';

/** Where an input comes from: a URL of somebody else, or a file of this server. */
const inputSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('url'), url: z.string() }),
  z.object({ kind: z.literal('file'), name: z.string() }),
]);
export type InputSource = z.infer<typeof inputSource>;

export const weightsSchema = z.object({
  ...{ poseWeight: z.number(), faceWeight: z.number(), lipWeight: z.number(), faceExpandRatio: z.number() },
});

const job = z.object({ portrait: inputSource, voice: inputSource, weights: weightsSchema });
/** What was asked for. */
export type RequestJob = z.infer<typeof job>;

const row = z
  .object({
    id: z.string(),
    mode: z.enum(['async', 'sync']),
    state: requestState,
    received_at: z.number(),
    started_at: z.number().nullable(),
    ended_at: z.number().nullable(),
    starts: z.number(),
    job: z.string().nullable(),
    error: z.string().nullable(),
    output: z.string().nullable(),
    cost_usd: z.number().nullable(),
    remaining_usd: z.number().nullable(),
    swept: z.number(),
  })
  .transform(raw => ({
    id: raw.id,
    mode: raw.mode,
    state: raw.state,
    receivedAtMs: raw.received_at,
    startedAtMs: raw.started_at,
    endedAtMs: raw.ended_at,
    /** How often the render was started; more than once after a crash. */
    starts: raw.starts,
    job: raw.job === null ? null : job.parse(JSON.parse(raw.job)),
    error: raw.error,
    /** Name of the finished video among the files. */
    output: raw.output,
    costUsd: raw.cost_usd,
    remainingUsd: raw.remaining_usd,
    swept: raw.swept === 1,
  }));
/** One submitted request. Times are epoch ms, money is US$. */
export type StoredRequest = z.output<typeof row>;

export type RequestStore = ReturnType<typeof createRequestStore>;

const fields = `id, mode, state, received_at, started_at, ended_at, starts, job, error, output, cost_usd, remaining_usd, swept`;
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/**
 * The submitted requests and their bills. Every change of state is a compare-and-set that answers whether it took place:
 * QUEUED → PROCESSING → COMPLETED | FAILED, and QUEUED → FAILED; nothing leaves an end state.
 */
export function createRequestStore(database: DatabaseSync, money: { creditsUsd: number; costUsd: number }) {
  const statement = {
    insert: database.prepare(`INSERT INTO requests (id, mode, state, received_at, job) VALUES (?, ?, 'QUEUED', ?, ?)`),
    find: database.prepare(`SELECT ${fields} FROM requests WHERE id = ?`),
    all: database.prepare(`SELECT ${fields} FROM requests ORDER BY seq`),
    // A running one stood before the queued ones, so it is taken up before them.
    open: database.prepare(
      `SELECT ${fields} FROM requests WHERE state IN ('QUEUED', 'PROCESSING') ORDER BY state = 'QUEUED', seq`,
    ),
    start: database.prepare(
      `UPDATE requests SET state = 'PROCESSING', started_at = ?, starts = starts + 1 WHERE id = ? AND state IN ('QUEUED', 'PROCESSING')`,
    ),
    release: database.prepare(`UPDATE requests SET starts = starts - 1 WHERE id = ? AND state = 'PROCESSING'`),
    complete: database.prepare(
      `UPDATE requests SET state = 'COMPLETED', ended_at = ?, output = ?, cost_usd = ?, remaining_usd = ? WHERE id = ? AND state = 'PROCESSING'`,
    ),
    fail: database.prepare(
      `UPDATE requests SET state = 'FAILED', ended_at = ?, error = ? WHERE id = ? AND state IN ('QUEUED', 'PROCESSING')`,
    ),
    billed: database.prepare(`SELECT COALESCE(SUM(cost_usd), 0) AS usd FROM requests`),
    openCount: database.prepare(`SELECT COUNT(*) AS count FROM requests WHERE state IN ('QUEUED', 'PROCESSING')`),
    expired: database.prepare(
      `SELECT ${fields} FROM requests WHERE swept = 0 AND received_at <= ? AND (mode = 'async' OR ended_at IS NOT NULL)`,
    ),
    sweep: database.prepare(`UPDATE requests SET swept = 1, job = NULL, error = NULL WHERE id = ?`),
  };
  const rows = (found: readonly unknown[]): StoredRequest[] => found.map(each => row.parse(each));
  // Rounded to a hundredth of a cent, so that sums of bills don't show binary dust.
  const remainingUsd = (): number => Math.round((money.creditsUsd - number(statement.billed.get()?.usd)) * 10_000) / 10_000;

  return {
    remainingUsd,

    /** Takes a request, or refuses it where the credits don't cover it beside all that is still open. */
    accept(request: { id: string; mode: 'async' | 'sync'; atMs: number; job: RequestJob }): 'accepted' | 'no-credits' {
      return inTransaction(database, () => {
        const open = number(statement.openCount.get()?.count);
        if (remainingUsd() < (open + 1) * money.costUsd) return 'no-credits';
        statement.insert.run(request.id, request.mode, request.atMs, JSON.stringify(request.job));
        return 'accepted';
      });
    },

    find(id: string): StoredRequest | undefined {
      const found = statement.find.get(id);
      return found === undefined ? undefined : row.parse(found);
    },

    /** Every request ever taken, the swept ones too, oldest first. */
    all: (): StoredRequest[] => rows(statement.all.all()),

    /** What is not at its end, in the order in which it is to be rendered. */
    open: (): StoredRequest[] => rows(statement.open.all()),

    start: (id: string, atMs: number): boolean => statement.start.run(atMs, id).changes === 1,

    /** A start that a planned stop of the server broke off doesn't count. */
    release(id: string): void {
      statement.release.run(id);
    },

    /** Ends a render with its video and writes its bill. */
    complete(id: string, end: { atMs: number; output: string }): boolean {
      return inTransaction(database, () => {
        const left = Math.round((remainingUsd() - money.costUsd) * 10_000) / 10_000;
        return statement.complete.run(end.atMs, end.output, money.costUsd, left, id).changes === 1;
      });
    },

    fail: (id: string, end: { atMs: number; error: string }): boolean =>
      statement.fail.run(end.atMs, end.error, id).changes === 1,

    /** Requests submitted at `beforeMs` or earlier that can still be asked for. A sync one counts only after its end. */
    expired: (beforeMs: number): StoredRequest[] => rows(statement.expired.all(beforeMs)),

    /** Forgets what was asked for; id, times, state and bill stay. */
    sweep(id: string): void {
      statement.sweep.run(id);
    },
  };
}
