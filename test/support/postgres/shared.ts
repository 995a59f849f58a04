/** One Postgres for a whole run of vitest, started when the first test asks for a database. */
import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { startPostgres, type TestPostgres } from './start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** answers each request with the URL of a new, empty database */
    databasesAt: string;
  }
}

/** Vitest's global setup: runs once, outside of the workers. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<TestPostgres> | undefined;
  const server = createServer((_request, answer) => {
    postgres ??= startPostgres();
    postgres
      .then(each => each.createDatabase())
      .then(
        url => answer.end(url),
        (error: unknown) => answer.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  provide('databasesAt', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);

  return async () => {
    server.close();
    server.closeAllConnections();
    await (await postgres?.catch(() => undefined))?.close();
  };
}
