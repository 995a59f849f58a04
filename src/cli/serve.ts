import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { createPortraitEngine } from '../engine/portrait.ts';
import { createCommandEngine } from '../server/engines/command.ts';
import type { Engine } from '../server/engines/engine.ts';
import { createServer } from '../server/server.ts';
import { readServerSettings } from '../server/settings.ts';
import { createLog } from '../telemetry/log.ts';
import { fail, settings, stopOnSignal } from './settings.ts';

type ServeOptions = {
  host: string;
  port: number;
  publicUrl?: string;
  dataDir?: string;
  engine: string;
  command?: string;
  commandTimeout: number;
  concurrency?: number;
  requestsPerMinute?: number;
  retentionMinutes?: number;
  costUsd?: number;
  creditsUsd?: number;
  admin: boolean;
  faults: boolean;
};

/** `hallo serve`: the Hallo API over HTTP. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the Hallo API, rendering on this machine')
    .option('--port <number>', 'port to listen on; 0 takes a free one', number, 8_787)
    .option('--host <name>', 'address to listen on; beyond loopback HALLO_API_KEYS must be set', '127.0.0.1')
    .option('--public-url <url>', 'origin under which clients reach the server, as behind a proxy')
    .option('--data-dir <folder>', 'requests, uploads and videos (default: "server" in HALLO_DATA_DIR)')
    .option('--engine <name>', 'portrait: the built-in engine; command: a program of your own', 'portrait')
    .option(
      '--command <template>',
      'with --engine command: the program, with {image} {audio} {output} {pose_weight} … (docs/server.md)',
    )
    .option('--command-timeout <seconds>', 'a render of the program that takes longer fails', number, 1_800)
    .option('--concurrency <number>', 'renders at once; others wait in line', number)
    .option('--requests-per-minute <number>', 'calls a minute for each key', number)
    .option('--retention-minutes <number>', 'how long a request can be asked for (default: 60)', number)
    .option('--cost-usd <number>', 'price that a completed render is billed with (default: 0.42)', number)
    .option('--credits-usd <number>', 'credits that bills are taken from', number)
    .option('--admin', 'serve /admin/requests, on loopback only', false)
    .option('--faults', 'let faults be ordered at /admin/faults, on loopback only', false)
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const config = settings();
  const { apiKeys } = config.server;
  const { concurrency, requestsPerMinute, costUsd, creditsUsd, publicUrl, retentionMinutes } = options;
  const input = {
    ...{ host: options.host, port: options.port, admin: options.admin, faults: options.faults, apiKeys },
    dataDir: options.dataDir ?? join(config.storage.dataDir, 'server'),
    engine: engineOf(options),
    allowPrivateAddresses: config.allowPrivateAddresses,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(concurrency !== undefined && { concurrency }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(costUsd !== undefined && { costUsd }),
    ...(creditsUsd !== undefined && { creditsUsd }),
    ...(retentionMinutes !== undefined && { retentionMs: retentionMinutes * 60_000 }),
  };
  const checked = readServerSettings(input);
  if (!checked.ok) fail('The server cannot start with these settings:', ...checked.problems.map(problem => `  ${problem}`));
  const log = createLog(config.logLevel, apiKeys, line => process.stderr.write(line));
  const server = createServer(input, { log });
  const started = await server.start().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  process.stdout.write(`listening on ${started.url} (engine: ${input.engine.name})\n`);
  stopOnSignal(() => server.close());
}

function engineOf({ engine, command, commandTimeout }: ServeOptions): Engine {
  if (engine === 'portrait') return createPortraitEngine();
  if (engine !== 'command') fail(`There is no engine "${engine}": --engine takes portrait or command.`);
  if (command === undefined) fail('--engine command needs --command with the program to run; docs/server.md has an example.');
  const made = createCommandEngine({ template: command, timeLimitMs: commandTimeout * 1000 });
  return made.ok ? made.engine : fail(`--command: ${made.problem}`);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number.');
  return value;
}
