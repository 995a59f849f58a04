import pg from 'pg';

/** What is wrong with a database for this program, or `undefined` and what it is. Changes nothing. */
export type Inspection = { trouble: string | undefined; version: string; skewMs: number };

const CONNECT_TIMEOUT_MS = 5_000;
const OLDEST = 150_000;
/** Leases and times in line are by each machine's own clock. */
const MOST_SKEW_MS = 2_000;

/** Rejects where the database can't be reached, or refuses. */
export async function inspectPostgres(url: string): Promise<Inspection> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    const beforeMs = Date.now();
    const { rows } = await client.query<{ version: string; number: number; now_ms: number; may_create: boolean }>(
      `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
        extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
        has_database_privilege(current_database(), 'create') as may_create`,
    );
    const [found] = rows;
    if (!found) throw new Error('the database answered nothing');
    const skewMs = found.now_ms - (beforeMs + Date.now()) / 2;
    const trouble =
      found.number < OLDEST
        ? `it is version ${found.version}, 15 is needed`
        : !found.may_create
          ? 'its user may not create schemas: grant create on database'
          : Math.abs(skewMs) > MOST_SKEW_MS
            ? `its clock and this machine's differ by ${Math.round(skewMs / 1000)} s: set both by NTP`
            : undefined;
    return { trouble, version: found.version, skewMs };
  } finally {
    await client.end();
  }
}
