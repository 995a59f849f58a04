import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { speechLike, wavOf } from '../support/make-media.ts';

/** A good voice that must never be opened, and an address that must never be asked. */
export type Bait = {
  path: string;
  url: string;
  /** What took the bait so far. Openings are seen where the file system notes the last reading of a file. */
  taken(): Promise<string[]>;
  close(): Promise<void>;
};

const longAgo = new Date('2001-01-01');

export async function layBait(path: string): Promise<Bait> {
  await writeFile(path, wavOf(speechLike(2, 8_000), 8_000));
  const mark = () => utimes(path, longAgo, new Date());
  await mark();
  await readFile(path);
  const notesReading = (await stat(path)).atimeMs !== longAgo.getTime();
  await mark();
  let connections = 0;
  const server = createServer(socket => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    path,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async taken() {
      const opened = notesReading && (await stat(path)).atimeMs !== longAgo.getTime();
      return [...(opened ? ['the file beside it was opened'] : []), ...(connections > 0 ? [`${connections} connections`] : [])];
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}

/** Processes that this one started and that still live; none where the system does not tell. */
export async function childrenAlive(): Promise<number> {
  const threads = await readdir('/proc/self/task').catch(() => []);
  const lists = await Promise.all(threads.map(thread => readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => '')));
  return lists.join(' ').split(' ').filter(Boolean).length;
}

/** Processor time of all children that have ended so far; 0 where the system does not tell. In hundredths of a second (proc(5)). */
export async function childrenCpuMs(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
  // The name, in brackets, may hold blanks: the fields are counted behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * 10;
}

/** What this process holds after a thorough collection of garbage. */
export function memoryHeld(): { heapBytes: number; residentBytes: number } {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + arrayBuffers, residentBytes: rss };
}
