import type { Timer } from './clock.ts';
import type { Context } from './context.ts';
import type { Render } from './render.ts';
import type { Runner } from './runner.ts';

/** After a claim that the store refused (a full disk): looked at again, for nobody else would. */
const AFTER_TROUBLE_MS = 5_000;

/** Sends waiting renders to the provider, each when it is its turn, a place is free and the budget of requests allows a submit. */
export type Dispatcher = { look(): void; stop(): Promise<void> };

export function createDispatcher(context: Context, runner: Runner, ceilings: { maxAtOnce: number }): Dispatcher {
  const { breaker, budget, clock, ledger, telemetry } = context;
  const stopped = new AbortController();
  let looking = false;
  let again = false;
  let timer: Timer | undefined;
  let current: Promise<void> = Promise.resolve();

  async function claimAll(): Promise<void> {
    while (!stopped.signal.aborted && breaker.openFor() === undefined) {
      // The permit first, so that the turn is decided, and the claim written, right before the submit is sent.
      const permit = await budget.take('submit', { signal: stopped.signal });
      let render: Render | undefined;
      try {
        render = breaker.openFor() === undefined ? await ledger.claimNext(ceilings) : undefined;
      } finally {
        if (!render) permit.giveBack();
      }
      if (!render) return;
      breaker.submitting();
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
      .catch((error: unknown) => {
        if (stopped.signal.aborted) return;
        telemetry.alarm('storage', error instanceof Error ? error.message : String(error));
        timer?.cancel();
        timer = clock.setTimer(clock.now() + AFTER_TROUBLE_MS, look);
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
