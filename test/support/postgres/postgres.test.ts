import pg from 'pg';
import { expect, test } from 'vitest';
import { newDatabase } from './database.ts';

test('each test has a real Postgres 18 database of its own', async () => {
  const [one, other] = [await newDatabase(), await newDatabase()];
  const pool = new pg.Pool({ connectionString: one });
  const { rows } = await pool.query(`select current_setting('server_version_num')::int / 10000 as version`);
  await pool.end();
  expect(rows).toEqual([{ version: 18 }]);
  expect(other).not.toBe(one);
});
