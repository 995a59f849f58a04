import type { Logger } from 'pino';
import type { RequestStore, StoredRequest } from './store/requests.ts';

export type Runner = ReturnType<typeof createRunner>;

type RenderOne = (request: StoredRequest, signal: AbortSignal, onProgress: (fraction: number) => void) => Promise<void>;
type Running = { controller: AbortController; progress: number; ended: Promise<void> };

/** Runs open requests in order, at most `concurrency` of them at once. The store alone knows how each one ended. */
export function createRunner(deps: { requests: RequestStore; render: RenderOne; concurrency: number; log: Logger }) {
  const queue: string[] = [];
  const running = new Map<string, Running>();
  const waiters = new Map<string, () => void>();
  let open = false;

  function leave(id: string): void {
    running.delete(id);
    waiters.get(id)?.();
    waiters.delete(id);
  }

  async function run(request: StoredRequest, entry: Omit<Running, 'ended'>): Promise<void> {
    try {
      await deps.render(request, entry.controller.signal, fraction => {
        entry.progress = fraction;
      });
    } catch (error) {
      deps.log.error({ err: error, requestId: request.id }, 'the end of a render could not be stored');
    }
    leave(request.id);
    startMore();
  }

  function startMore(): void {
    while (open && running.size < deps.concurrency) {
      const id = queue.shift();
      if (id === undefined) return;
      const request = deps.requests.find(id);
      if (request === undefined) continue;
      const entry: Running = { controller: new AbortController(), progress: 0, ended: Promise.resolve() };
      running.set(id, entry);
      entry.ended = run(request, entry);
    }
  }

  return {
    /** Until then requests are only queued. */
    start(): void {
      open = true;
      startMore();
    },

    add(id: string): void {
      queue.push(id);
      startMore();
    },

    /** Resolves once the request has left the queue and the engine, whichever way. */
    left(id: string): Promise<void> {
      if (!queue.includes(id) && !running.has(id)) return Promise.resolve();
      return new Promise(resolve => waiters.set(id, resolve));
    },

    /** Takes a request off the queue or breaks its render off; its end is the caller's to write, before. */
    async drop(id: string): Promise<void> {
      const at = queue.indexOf(id);
      if (at >= 0) {
        queue.splice(at, 1);
        leave(id);
      }
      const entry = running.get(id);
      entry?.controller.abort(new Error('the request was dropped'));
      await entry?.ended;
    },

    /** 0-1 for a render that runs, as far as its engine tells. */
    progress: (id: string): number | undefined => running.get(id)?.progress,

    /** Starts nothing more and breaks off what runs, so that it is taken up again by the next start. */
    async close(): Promise<void> {
      open = false;
      for (const [id, entry] of running) {
        deps.requests.release(id);
        entry.controller.abort(new Error('the server stops'));
      }
      await Promise.all([...running.values()].map(entry => entry.ended));
      for (const wake of waiters.values()) wake();
      waiters.clear();
    },
  };
}
