import type { Context } from '../context.ts';
import type { Render } from '../render.ts';

/** A private answer can only be edited while its token lives (15 min); before that a last edit says where the result will be. */
const FAREWELL_AFTER_MS = 13.5 * 60_000;

/** When the farewell of a private render is due; undefined: none is owed. */
export function farewellAtMs(render: Render): number | undefined {
  return render.private && render.farewellAtMs === null ? render.askedAtMs + FAREWELL_AFTER_MS : undefined;
}

/** Says farewell where it is due. Recorded after it was sent: to repeat an edit is harmless. */
export async function sayFarewellIfDue(render: Render, { announcer, clock, ledger }: Context): Promise<Render> {
  const dueAtMs = farewellAtMs(render);
  if (dueAtMs === undefined || clock.now() < dueAtMs) return render;
  await announcer.farewell(render);
  return (await ledger.update(render.id, render.phase, { farewellAtMs: clock.now() })) ?? render;
}
