/** A process that stalled for longer than its lease neither orders nor announces: others went on meanwhile. */
import { expect, test } from 'vitest';
import type { Phase } from '../../src/core/phases.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createScript, makeDirectory, openCore, until } from './house.ts';

test.each<{ lostIn: Phase; submits: number }>([
  { lostIn: 'submitting', submits: 0 },
  { lostIn: 'announcing', submits: 1 },
])('found out in $lostIn: $submits ordered, nothing delivered', async ({ lostIn, submits }) => {
  const [clock, script, directory] = [createManualClock(), createScript(), await makeDirectory()];
  let asked = 0;
  const core = await openCore(directory.path, clock, script, {}, async ({ ledger }) => {
    const { update } = ledger;
    ledger.holds = () => false;
    ledger.update = async (id, phase, change) => {
      if (phase !== lostIn) return update(id, phase, change);
      asked += 1;
      return undefined;
    };
  });
  await core.ask();
  await until({ clock, script }, () => asked > 0);
  await clock.advance(1_000);
  expect(script.submits).toHaveLength(submits);
  expect(script.delivered).toEqual([]);
  await core.storage.close();
  await directory.clear();
});
