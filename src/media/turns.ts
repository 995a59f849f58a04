/** Lets a bounded number of jobs run at once; the others wait in line. */

export type Turns = {
  /** Runs a job when there is room. Rejects with the signal's reason when aborted while it waits. */
  take<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T>;
};

export function createTurns(atOnce: number): Turns {
  let running = 0;
  const line: (() => void)[] = [];

  async function turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (running < atOnce) {
      running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        line.splice(line.indexOf(go), 1);
        reject(signal?.reason);
      };
      const go = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      line.push(go);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  return {
    async take(job, signal) {
      await turn(signal);
      try {
        return await job();
      } finally {
        // The place goes straight to the next in line, so nobody slips in between.
        const next = line.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
