import { join } from 'node:path';
import type { Command } from 'commander';
import { createPortraitEngine } from '../engine/portrait.ts';
import type { Engine } from '../server/engines/engine.ts';
import { createServer } from '../server/server.ts';
import { readServerSettings } from '../server/settings.ts';
import { createLog, createScrub } from '../telemetry/log.ts';
import { commandEngine } from './command-engine.ts';
import { fileTrouble } from './file-trouble.ts';
import { httpUrl, numberFrom, port, wholeFrom } from './options.ts';
import { fail, settings, stopOnSignal } from './settings.ts';

type ServeOptions = {
  host: string;
  port: number;
  publicUrl?: string;
  dataDir?: string;
  engine: string;
  command?: string;
  commandCwd?: string;
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
    .option('--port <number>', 'port to listen on; 0 takes a free one', port, 8_787)
    .option('--host <name>', 'address to listen on; beyond loopback HALLO_API_KEYS must be set', '127.0.0.1')
    .option('--public-url <url>', 'origin under which clients reach the server, as behind a proxy', httpUrl)
    .option('--data-dir <folder>', 'requests, uploads and videos (default: "server" in HALLO_DATA_DIR)')
    .option('--engine <name>', 'portrait: the built-in engine; command: a program of your own', 'portrait')
    .option(
      '--command <template>',
      'with --engine command: the program, with {image} {audio} {output} {pose_weight} … (docs/server.md)',
    )
    .option('--command-cwd <folder>', 'folder that the program runs in (default: this one)')
    .option('--command-timeout <seconds>', 'a render of the program that takes longer fails', numberFrom(1), 1_800)
    .option('--concurrency <number>', 'renders at once; others wait in line (default: half of the processors)', wholeFrom(1))
    .option('--requests-per-minute <number>', 'calls a minute for each key (default: 1000)', wholeFrom(1))
    .option('--retention-minutes <number>', 'how long a request can be asked for (default: 60)', wholeFrom(1))
    .option('--cost-usd <number>', 'price that a completed render is billed with (default: 0.42)', numberFrom(0))
    .option('--credits-usd <number>', 'credits that bills are taken from (default: 1000000)', numberFrom(0))
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
    engine: await engineOf(options),
    allowPrivateAddresses: config.allowPrivateAddresses,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(concurrency !== undefined && { concurrency }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(costUsd !== undefined && { costUsd }),
    ...(creditsUsd !== undefined && { creditsUsd }),
    ...(retentionMinutes !== undefined && { retentionMs: retentionMinutes * 60_000 }),
  };
  const checked = readServerSettings(input);
  if (!checked.ok) fail('The server cannot start:', ...checked.problems.map(problem => `  ${inWordsOfOptions(problem)}`));
  const log = createLog(config.logLevel, createScrub(apiKeys), line => process.stderr.write(line));
  const server = createServer(input, { log });
  const started = await server.start().catch((error: unknown) => fail(`The server cannot start: ${startTrouble(error, input)}.`));
  process.stdout.write(`listening on ${started.url} (engine: ${input.engine.name})\n`);
  stopOnSignal(() => server.close());
}

async function engineOf({ engine, command, commandCwd, commandTimeout }: ServeOptions): Promise<Engine> {
  if (engine !== 'portrait' && engine !== 'command') fail(`There is no engine "${engine}": --engine takes portrait or command.`);
  if (engine === 'portrait') {
    if (command === undefined && commandCwd === undefined) return createPortraitEngine();
    fail('--command and --command-cwd need --engine command.');
  }
  if (command === undefined) fail('--engine command needs --command with the program to run; docs/server.md has an example.');
  const made = await commandEngine({ template: command, cwd: commandCwd, timeLimitMs: commandTimeout * 1000 });
  return made.ok ? made.engine : fail(made.problem);
}

/** The settings' own names, as the person in front of the terminal knows them. */
function inWordsOfOptions(problem: string): string {
  const [, name = '', what = ''] = /^(\w+): (.*)$/s.exec(problem) ?? [];
  return name === 'apiKeys' ? `HALLO_API_KEYS: ${what}` : name === '' ? problem : `--${name}: ${what}`;
}

function startTrouble(error: unknown, { host, port: wanted, dataDir }: { host: string; port: number; dataDir: string }): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${wanted} is taken; --port takes another one`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${host} is no address of this machine`;
  if (code === 'EACCES' && wanted > 0 && wanted < 1024)
    return `port ${wanted} is reserved for the system; --port takes another one`;
  if (error instanceof Error && 'syscall' in error && error.syscall === 'mkdir')
    return `${dataDir} cannot be used: ${fileTrouble(error)}`;
  return error instanceof Error ? error.message : String(error);
}
