import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { z } from 'zod';
import { renderSchema } from '../../src/core/render.ts';

const rowSchema = z.object({
  guild_id: z.string(),
  phase: z.string(),
  counts: z.number(),
  lease_owner: z.string().nullable(),
  data: z.string().transform(data => renderSchema.parse(JSON.parse(data))),
});
const spendSchema = z.object({ guild_id: z.string(), usd: z.number() });
const fileSchema = z.object({ key: z.string() });

export type Row = z.output<typeof rowSchema>;
/** What a bot has written down, whichever store it has. */
export type Books = {
  rows: Row[];
  /** `*`: all guilds */
  spentUsd(guildId: string): number;
  /** files that no row knows, and rows whose file is not there */
  strays: string[];
  /** what is left of work under way */
  work: string[];
};

/** The books of the embedded store: the bot's data directory, read beside the bot that uses it. */
export async function readDataDirectory(dataDir: string): Promise<Books> {
  const database = new DatabaseSync(join(dataDir, 'hallo.db'), { readOnly: true });
  try {
    const all = <T>(schema: z.ZodType<T>, query: string) =>
      database
        .prepare(query)
        .all()
        .map(row => schema.parse(row));
    const rows: Row[] = all(rowSchema, 'select guild_id, phase, counts, lease_owner, data from renders order by seq');
    const spend = all(spendSchema, 'select guild_id, sum(usd) as usd from spend group by guild_id');
    const keys = all(fileSchema, 'select key from files').map(each => each.key);
    return {
      rows,
      spentUsd: (guildId: string) => spend.find(each => each.guild_id === guildId)?.usd ?? 0,
      strays: difference(await entriesIn(join(dataDir, 'files'), entry => entry.isFile()), keys),
      work: await entriesIn(join(dataDir, 'work')),
    };
  } finally {
    database.close();
  }
}

const keptSchema = z.object({
  ...{ guild_id: z.string(), phase: z.string(), counts: z.boolean(), lease_owner: z.string().nullable(), data: z.string() },
  // Postgres states its 64-bit numbers as text.
  phase_at_ms: z.coerce.number(),
  cancelled_at_ms: z.string().transform(Number).nullable(),
});
const strayRowSchema = z.object({ key: z.string() });

/**
 * The books of the store on Postgres. What a killed process leaves in its work directory, and chunks that it stored without their row,
 * go after a day, so they are no fault here.
 */
export async function readDatabase(url: string): Promise<Books> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const all = async <T>(schema: z.ZodType<T>, query: string) =>
      (await client.query(query)).rows.map((row: unknown) => schema.parse(row));
    const kept = await all(
      keptSchema,
      'select guild_id, phase, counts, lease_owner, phase_at_ms, cancelled_at_ms, data from hallo.renders order by seq',
    );
    const spend = await all(spendSchema, 'select guild_id, sum(usd) as usd from hallo.spend group by guild_id');
    const strays = await all(
      strayRowSchema,
      `select key from hallo.files where size_bytes <>
         (select coalesce(sum(length(bytes)), 0) from hallo.file_chunks where file_chunks.content_id = files.content_id)`,
    );
    const rows = kept.map(({ phase_at_ms: phaseAtMs, cancelled_at_ms: cancelledAtMs, counts, data, ...row }) => ({
      ...{ ...row, counts: Number(counts) },
      data: renderSchema.parse({ ...JSON.parse(data), phase: row.phase, phaseAtMs, cancelledAtMs }),
    }));
    return {
      rows,
      spentUsd: (guildId: string) => spend.find(each => each.guild_id === guildId)?.usd ?? 0,
      strays: strays.map(each => each.key),
      work: [],
    };
  } finally {
    await client.end();
  }
}

async function entriesIn(folder: string, which: (entry: Dirent) => boolean = () => true): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter(which).map(entry => relative(folder, join(entry.parentPath, entry.name)));
}

function difference(some: readonly string[], others: readonly string[]): string[] {
  return [...some.filter(each => !others.includes(each)), ...others.filter(each => !some.includes(each))];
}
