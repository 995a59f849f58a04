import { backoffMs } from './backoff.ts';
import type { Context, Step } from './context.ts';
import { performRender } from './perform.ts';
import type { Ledger, Moderation } from './ports.ts';
import type { Render } from './render.ts';
import { submitAbandoned, submitClaimed } from './steps/submitting.ts';

/** Performs renders when they are woken: each at most once at a time in this process, all at once otherwise. */
export type Runner = {
  wake(renderId: string): void;
  /** Sends the submit of a render that was just claimed, and carries it on; `unsent` is called where none is sent after all. */
  submit(render: Render, unsent: () => void): void;
  /** Goes on with a render that another process left. */
  resume(render: Render): void;
  /** Stops what a render is doing now, and performs it again from what the ledger says then. */
  interrupt(renderId: string): void;
  /** Takes nothing new, stops what can be resumed, and waits for what does not listen to the signal: submits and announcements. */
  drain(deadlineMs: number): Promise<void>;
};

/** Where renders are performed by other processes. */
export const NOBODY: Runner = {
  ...{ wake() {}, submit() {}, resume() {}, interrupt() {} },
  drain: async () => undefined,
};

type Run = { controller: AbortController; again: boolean; done: Promise<void> };

class Interrupted extends Error {}

const WRITE_BACKOFF = { baseMs: 1_000, capMs: 30_000 };

/** `onTaken` is told of each render that another process left and this one goes on with. */
export function createRunner(
  given: Context,
  onTaken: (render: Render) => void,
  onBug: (renderId: string, error: unknown) => void,
): Runner {
  const runs = new Map<string, Run>();
  const stopped = new AbortController();
  const ledger: Ledger = {
    ...given.ledger,
    advance: (...what) => untilWritten(() => given.ledger.advance(...what)),
    update: (...what) => untilWritten(() => given.ledger.update(...what)),
  };
  const moderation: Moderation = { ...given.moderation, ended: render => untilWritten(() => given.moderation.ended(render)) };
  const context: Context = { ...given, ledger, moderation };
  let draining = false;

  /**
   * What a step led to is known here alone until it is written: an order, or a message that would be sent again. So a store that
   * refuses (a full disk) is asked until it takes it.
   */
  async function untilWritten<T>(write: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await write();
      } catch (error) {
        given.telemetry.alarm('storage', error instanceof Error ? error.message : String(error));
        await given.clock.sleep(backoffMs(attempt, WRITE_BACKOFF, given.random), stopped.signal);
      }
    }
  }

  function begin(id: string, work: (run: Run) => Promise<void>): void {
    const run: Run = { controller: new AbortController(), again: false, done: Promise.resolve() };
    runs.set(id, run);
    run.done = work(run)
      .catch(error => {
        if (run.controller.signal.aborted) return;
        onBug(id, error);
        // A bug must not lose a render: it is looked at again later.
        return context.wakeups.wakeAt(id, context.clock.now() + 60_000);
      })
      .finally(() => {
        if (runs.get(id) === run) runs.delete(id);
        if (run.again && !draining) wake(id);
      });
  }

  async function follow(id: string, step: Step, run: Run): Promise<void> {
    switch (step.kind) {
      case 'moved':
        return follow(id, await performRender(step.render, context, run.controller.signal), run);
      case 'sleep':
        return context.wakeups.wakeAt(id, step.untilMs);
      case 'done':
        context.watches.delete(id);
        return;
      case 'lost':
        context.watches.delete(id);
        // A place may have come free.
        return context.wakeups.kick();
    }
  }

  function wake(id: string): void {
    if (draining) return;
    const running = runs.get(id);
    if (running) {
      running.again = true;
      return;
    }
    begin(id, async run => {
      const taken = await context.ledger.takeUp(id);
      if (!taken) context.watches.delete(id);
      else if (taken.abandoned) await goOn(taken.render, run);
      else await follow(id, { kind: 'moved', render: taken.render }, run);
    });
  }

  /** With what an earlier process left: found in `submitting`, it may have been paid. */
  async function goOn(render: Render, run: Run): Promise<void> {
    onTaken(render);
    const step: Step = render.phase === 'submitting' ? await submitAbandoned(render, context) : { kind: 'moved', render };
    await follow(render.id, step, run);
  }

  return {
    wake,
    submit(render, unsent) {
      begin(render.id, async run => {
        const step = await submitClaimed(render, context, unsent).catch(error => {
          if (stopped.signal.aborted) throw error;
          // Whatever went wrong, the submit may have been sent.
          onBug(render.id, error);
          return submitAbandoned(render, context);
        });
        await context.wakeups.kick();
        await follow(render.id, step, run);
      });
    },
    resume(render) {
      begin(render.id, run => goOn(render, run));
    },
    interrupt(id) {
      const running = runs.get(id);
      if (!running) return wake(id);
      running.again = true;
      running.controller.abort(new Interrupted());
    },
    async drain(deadlineMs) {
      draining = true;
      const pending = [...runs.values()];
      for (const run of pending) run.controller.abort(new Interrupted());
      const late = new AbortController();
      const deadline = context.clock.sleep(deadlineMs, late.signal).catch(() => undefined);
      await Promise.race([Promise.all(pending.map(run => run.done)), deadline]);
      late.abort(new Interrupted());
      stopped.abort(new Interrupted());
    },
  };
}
