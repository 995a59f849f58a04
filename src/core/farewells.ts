import type { Timer } from './clock.ts';
import type { Context } from './context.ts';
import type { Render } from './render.ts';

/** A private answer can only be edited while its token lives (15 min); before that a last edit says where the result will be. */
const FAREWELL_AFTER_MS = 13.5 * 60_000;

/**
 * Says farewell to private renders in time, whatever their steps are at: a step may sit for long in a download, or in the line for
 * a call to the provider.
 */
export type Farewells = {
  /** Remembers a render that was admitted, or taken over. */
  expect(render: Render): void;
  stop(): void;
};

export function createFarewells(
  { announcer, clock, ledger }: Pick<Context, 'announcer' | 'clock' | 'ledger'>,
  onBug: (renderId: string, error: unknown) => void,
): Farewells {
  const timers = new Set<Timer>();

  /** Recorded after it was sent: to repeat an edit is harmless. */
  async function say(id: string): Promise<void> {
    const render = await ledger.get(id);
    if (render === undefined || render.phase === 'announcing' || render.phase === 'closed') return;
    await announcer.farewell(render);
    const current = await ledger.get(id);
    if (current) await ledger.update(id, current.phase, { farewellAtMs: clock.now() });
  }

  return {
    expect(render) {
      if (!render.private || render.farewellAtMs !== null) return;
      const timer = clock.setTimer(render.askedAtMs + FAREWELL_AFTER_MS, () => {
        timers.delete(timer);
        say(render.id).catch(error => onBug(render.id, error));
      });
      timers.add(timer);
    },
    stop() {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
