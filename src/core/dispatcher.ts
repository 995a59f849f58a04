import type { Timer } from './clock.ts';
import type { Context } from './context.ts';
import type { Runner } from './runner.ts';

/** Sends waiting renders to the provider, each when it is its turn, a place is free and the budget of requests allows a submit. */
export type Dispatcher = { look(): void; stop(): Promise<void> };

export function createDispatcher(context: Context, runner: Runner, ceilings: { maxAtOnce: number }): Dispatcher {
  const { breaker, budget, clock, ledger } = context;
  const stopped = new AbortController();
  let looking = false;
  let again = false;
  let timer: Timer | undefined;
  let current: Promise<void> = Promise.resolve();

  async function claimAll(): Promise<void> {
    while (!stopped.signal.aborted && breaker.openFor() === undefined) {
      // The permit first, so that the turn is decided, and the claim written, right before the submit is sent.
      const permit = await budget.take('submit', { signal: stopped.signal });
      const render = breaker.openFor() === undefined ? await ledger.claimNext(ceilings) : undefined;
      if (!render) return permit.giveBack();
      runner.submit(render);
    }
  }

  async function run(): Promise<void> {
    do {
      again = false;
      await claimAll();
    } while (again && !stopped.signal.aborted);
    timer?.cancel();
    const nextAtMs = await ledger.nextClaimAtMs();
    if (nextAtMs !== undefined && !stopped.signal.aborted) timer = clock.setTimer(nextAtMs, look);
  }

  function look(): void {
    again = true;
    if (looking || stopped.signal.aborted) return;
    looking = true;
    current = run()
      .catch(error => {
        if (!stopped.signal.aborted) throw error;
      })
      .finally(() => {
        looking = false;
        if (again) look();
      });
  }

  return {
    look,
    async stop() {
      stopped.abort(new Error('stopped'));
      timer?.cancel();
      await current;
    },
  };
}
