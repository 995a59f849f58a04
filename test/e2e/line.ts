import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A connection between two programs that can be cut: whatever is on it breaks off, and for a time nothing gets through. */
export type Line = {
  /** Where the one side connects to reach the other. */
  url: string;
  cut(forMs: number): void;
  close(): Promise<void>;
};

export async function startLine(targetUrl: string): Promise<Line> {
  const { hostname: host, port } = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let deadUntilMs = 0;

  const server = createServer(near => {
    if (performance.now() < deadUntilMs) return void near.destroy();
    const far = connect({ host, port: Number(port) });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    cut(forMs) {
      deadUntilMs = performance.now() + forMs;
      drop();
    },
    async close() {
      drop();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
