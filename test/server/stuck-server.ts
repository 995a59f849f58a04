/** A server of its own process, whose renders never end. Prints its URL. Argument: the data directory. */
import { pino } from 'pino';
import { createServer } from '../../src/server/server.ts';

const server = createServer(
  { dataDir: process.argv[2] ?? '', engine: { name: 'stuck', render: () => new Promise(() => {}) } },
  { log: pino({ level: 'silent' }) },
);
console.log((await server.start()).url);
