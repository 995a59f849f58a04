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

  /** Claims one render and sends it off; answers from when a further claim may find one. */
  async function claimOne(): Promise<number | undefined> {
    // The permit first, so that the turn is decided, and the claim written, right before the submit is sent.
    const permit = await budget.take('submit', { signal: stopped.signal });
    // What is told from here on may come too late for this claim.
    again = false;
    let render: Render | undefined;
    try {
      if (breaker.openFor() !== undefined) return undefined;
      const claim = await ledger.claimNext(ceilings);
      render = claim.render;
      if (render) {
        breaker.submitting();
        // What ends without an order has used up neither a call nor a trial.
        runner.submit(render, () => {
          breaker.unsent();
          permit.giveBack();
        });
      }
      return claim.nextAtMs;
    } finally {
      if (!render) permit.giveBack();
    }
  }

  async function run(): Promise<void> {
    let nextAtMs: number | undefined;
    do {
      again = false;
      if (breaker.openFor() !== undefined) return;
      nextAtMs = await claimOne();
    } while (!stopped.signal.aborted && (again || (nextAtMs !== undefined && nextAtMs <= clock.now())));
    timer?.cancel();
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
