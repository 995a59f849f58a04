import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const hostPath = fileURLToPath(new URL('host.ts', import.meta.url));

/** Fast, and gone with a power cut: for tests that don't kill the database. */
const FLEETING = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
/** `autovacuum=off`: nothing here lives long enough to need it. */
const ALWAYS = ['max_connections=200', 'shared_buffers=64MB', 'autovacuum=off', 'log_min_messages=log'];

/** A real Postgres of its own, on loopback, which is gone with its data when it is stopped or this process ends. */
export type TestPostgres = {
  /** Makes an empty database; the answer is its URL. */
  createDatabase(): Promise<string>;
  /** The server stops, and starts again with its data. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
};

/** `durable`: commits survive a crash of the server, as in production. */
export async function startPostgres({ durable = false }: { durable?: boolean } = {}): Promise<TestPostgres> {
  // In a group of its own: the terminal's Ctrl-C is not for it, the end of this process is.
  const host = spawn(process.execPath, [hostPath, ...ALWAYS, ...(durable ? [] : FLEETING)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  host.stderr.on('data', chunk => {
    said += chunk;
  });
  const lines = createInterface({ input: host.stdout });
  const gone = once(host, 'exit');

  async function line(): Promise<string> {
    const next = once(lines, 'line').then(([text]) => String(text));
    return Promise.race([
      next,
      gone.then(() => {
        throw new Error(`the test's Postgres ended. ${said}`);
      }),
    ]);
  }
  const serverUrl = await line();
  let databases = 0;

  return {
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      const client = new pg.Client({ connectionString: serverUrl });
      await client.connect();
      try {
        await client.query(`create database ${name}`);
      } finally {
        await client.end();
      }
      return serverUrl.replace(/postgres$/, name);
    },
    async stopServer() {
      host.stdin.write('stop\n');
      await line();
    },
    async startServer() {
      host.stdin.write('start\n');
      await line();
    },
    async close() {
      host.stdin.end();
      await gone;
    },
  };
}
