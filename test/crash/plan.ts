import type { Fault } from '../../sandbox/discord/index.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { type Chance, createChance } from './chance.ts';
import { discordFault, serverFault } from './plan-faults.ts';
import { WRITES_AND_CALLS } from './points.ts';

/** One use of `/hallo`. */
export type Use = {
  afterMs: number;
  guild: number;
  member: number;
  private: boolean;
  /** `refused`: at once, by what is stated of the file. `broken`: found when it is looked at. */
  input: 'good' | 'refused-image' | 'broken-image' | 'broken-audio';
  /** its member presses Cancel as soon as there is one, and means it */
  cancel: boolean;
  /** its member deletes the message while it is in progress */
  remove: boolean;
};

/** What happens to the processes, one after the other. */
export type Blow =
  | { blow: 'kill-at'; point: string | null; nth: number; within: 'load' | 'start' }
  | { blow: 'kill'; afterMs: number }
  | { blow: 'term'; afterMs: number }
  | { blow: 'kill-server'; afterMs: number; downMs: number }
  | { blow: 'disk-full'; afterMs: number; forMs: number; end: 'kill' | 'term' };

export type Plan = {
  seed: number;
  guilds: number;
  uses: Use[];
  blows: Blow[];
  serverFaults: FaultOrderInput[];
  discordFaults: { afterMs: number; fault: Fault }[];
};

/** Everything that a round does, by its seed alone. */
export function planRound(seed: number): Plan {
  const chance = createChance(seed);
  const guilds = chance.whole(2, 3);
  return {
    seed,
    guilds,
    uses: chance.list(chance.whole(3, 7), () => useOf(chance, guilds)),
    blows: chance.list(chance.pick([1, 1, 1, 2, 2, 3]), () => blowOf(chance)),
    serverFaults: chance.list(chance.pick([0, 1, 1, 2, 3]), () => serverFault(chance)),
    discordFaults: chance.list(chance.pick([0, 0, 1, 1, 2]), () => ({
      afterMs: chance.whole(0, 1_500),
      fault: discordFault(chance),
    })),
  };
}

function useOf(chance: Chance, guilds: number): Use {
  const isPrivate = chance.of(0.3);
  return {
    afterMs: chance.whole(0, 900),
    guild: chance.whole(0, guilds - 1),
    member: chance.whole(0, 3),
    private: isPrivate,
    input: chance.of(0.8) ? 'good' : chance.pick(['refused-image', 'broken-image', 'broken-image', 'broken-audio']),
    cancel: chance.of(0.2),
    remove: !isPrivate && chance.of(0.05),
  };
}

function blowOf(chance: Chance): Blow {
  const afterMs = chance.whole(0, 2_500);
  switch (chance.pick(['at', 'at', 'at', 'at', 'any', 'kill', 'kill', 'start', 'term', 'server', 'disk'])) {
    case 'at': {
      const point = `${chance.pick(['before', 'after'])} ${chance.pick(WRITES_AND_CALLS)}`;
      return { blow: 'kill-at', point, nth: chance.pick([1, 1, 1, 2, 3]), within: 'load' };
    }
    case 'any':
      return { blow: 'kill-at', point: null, nth: chance.whole(1, 150), within: 'load' };
    case 'start':
      return { blow: 'kill-at', point: null, nth: chance.whole(1, 40), within: 'start' };
    case 'kill':
      return { blow: 'kill', afterMs };
    case 'term':
      return { blow: 'term', afterMs };
    case 'server':
      return { blow: 'kill-server', afterMs, downMs: chance.pick([0, 300, 1_000]) };
    case 'disk':
      return {
        blow: 'disk-full',
        afterMs: chance.whole(0, 1_500),
        forMs: chance.whole(200, 1_500),
        end: chance.pick(['kill', 'term']),
      };
  }
}
