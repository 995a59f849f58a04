import { connect, createServer, type Socket } from 'node:net';

/** A connection that can be cut: what lies between a process and a server on loopback. */
export type TcpProxy = {
  port: number;
  /** Open connections break, and new ones are refused. */
  cut(): void;
  /** Nothing gets through any more, and nobody is told: as when a cable is pulled. */
  stall(): void;
  heal(): void;
  close(): Promise<void>;
};

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'stalled' = 'open';

  const server = createServer(inner => {
    inner.on('error', () => {});
    if (state === 'cut') return void inner.destroy();
    const outer = connect(targetPort, '127.0.0.1');
    outer.on('error', () => {});
    const pair = [inner, outer] as const;
    pairs.add(pair);
    inner.pipe(outer).pipe(inner);
    if (state === 'stalled') for (const socket of pair) socket.pause();
    for (const [one, other] of [pair, [outer, inner] as const]) {
      one.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const breakAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut() {
      state = 'cut';
      breakAll();
    },
    stall() {
      state = 'stalled';
      for (const [inner, outer] of pairs) {
        inner.unpipe(outer).pause();
        outer.unpipe(inner).pause();
      }
    },
    // What was stalled has lost bytes, so it can't go on.
    heal() {
      if (state === 'stalled') breakAll();
      state = 'open';
    },
    async close() {
      breakAll();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
