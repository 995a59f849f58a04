import type { Fault } from '../../sandbox/discord/index.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { type Chance, createChance } from './chance.ts';
import { discordFault, serverFault } from './plan-faults.ts';
import { type Need, WRITES_AND_CALLS } from './points.ts';

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

export type StoreName = 'embedded' | 'postgres';

/** With Postgres: gateways of two shards each, which come first, and workers. */
export const FLEET = { gateways: 2, workers: 2 } as const;
const PROCESSES = { embedded: 1, postgres: FLEET.gateways + FLEET.workers } as const satisfies Record<StoreName, number>;

/** What happens to the processes, one after the other; `of`: the process that it happens to, by its place. */
export type Blow = { of: number } & (
  | { blow: 'kill-at'; point: string | null; nth: number; within: 'load' | 'start' }
  | { blow: 'kill'; afterMs: number }
  | { blow: 'term'; afterMs: number }
  | { blow: 'kill-server'; afterMs: number; downMs: number }
  | { blow: 'cut'; between: 'bot and server' | 'bot and Discord' | 'bot and database'; afterMs: number; forMs: number }
  | { blow: 'disk-full'; afterMs: number; forMs: number; end: 'kill' | 'term' }
  | { blow: 'database-down'; afterMs: number; forMs: number }
);

export type Plan = {
  seed: number;
  store: StoreName;
  guilds: number;
  uses: Use[];
  blows: Blow[];
  serverFaults: FaultOrderInput[];
  discordFaults: { afterMs: number; fault: Fault }[];
};

/** Everything that a round does, by its store and seed alone. */
export function planRound(seed: number, store: StoreName): Plan {
  const chance = createChance(seed);
  const guilds = chance.whole(1, 3);
  const blows = chance.list(chance.pick([1, 1, 1, 2, 2]), () => blowOf(chance, store));
  const needs = blows.flatMap(needOf);
  const uses = chance.list(chance.whole(2, 6), () => useOf(chance, guilds));
  const [first] = uses;
  if (first !== undefined && needs.includes('cancel')) Object.assign(first, { input: 'good', cancel: true, afterMs: 0 });
  if (first !== undefined && needs.includes('broken')) Object.assign(first, { input: 'broken-image', private: false });
  const serverFaults = chance.list(chance.pick([0, 1, 1, 2, 3]), () => serverFault(chance));
  if (needs.includes('busy')) serverFaults.unshift({ fault: 'error', call: 'submit', status: 503 });
  // Behind all others, for a render takes the fault that was ordered first: those without one last long enough to meet each other.
  serverFaults.push({ fault: 'render-takes', times: 6, durationMs: chance.pick([100, 800, 2_000]) });
  const discordFaults = chance.list(chance.pick([0, 0, 1, 1, 2]), () => ({
    afterMs: chance.whole(0, 1_500),
    fault: discordFault(chance),
  }));
  return { seed, store, guilds, uses, blows, serverFaults, discordFaults };
}

function needOf(blow: Blow): Need[] {
  return blow.blow === 'kill-at' ? WRITES_AND_CALLS.filter(([name]) => blow.point?.endsWith(name)).map(([, need]) => need) : [];
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

const KINDS = {
  embedded: ['at', 'at', 'at', 'at', 'any', 'kill', 'kill', 'start', 'term', 'server', 'disk', 'cut', 'cut'],
  postgres: ['at', 'at', 'at', 'any', 'kill', 'kill', 'start', 'term', 'server', 'database', 'database', 'cut', 'cut', 'cut'],
} as const;

function blowOf(chance: Chance, store: StoreName): Blow {
  const afterMs = chance.whole(0, 4_000);
  const kind = chance.pick<(typeof KINDS)[StoreName][number]>(KINDS[store]);
  const of = PROCESSES[store] === 1 ? 0 : chance.whole(0, PROCESSES[store] - 1);
  switch (kind) {
    case 'at': {
      const point = `${chance.pick(['before', 'after'])} ${chance.pick<readonly [string, Need]>(WRITES_AND_CALLS)[0]}`;
      return { of, blow: 'kill-at', point, nth: chance.pick([1, 1, 1, 1, 2, 3]), within: 'load' };
    }
    case 'any':
      return { of, blow: 'kill-at', point: null, nth: chance.whole(1, 60), within: 'load' };
    case 'start':
      return { of, blow: 'kill-at', point: null, nth: chance.whole(1, 20), within: 'start' };
    case 'kill':
      return { of, blow: 'kill', afterMs };
    case 'term':
      return { of, blow: 'term', afterMs };
    case 'server':
      return { of, blow: 'kill-server', afterMs, downMs: chance.pick([0, 300, 1_000]) };
    case 'cut':
      return {
        of,
        blow: 'cut',
        between:
          store === 'embedded'
            ? chance.pick(['bot and server', 'bot and Discord'])
            : chance.pick(['bot and server', 'bot and Discord', 'bot and database', 'bot and database']),
        ...{ afterMs: chance.whole(0, 2_500), forMs: chance.pick([0, 500, 2_500]) },
      };
    case 'database':
      return { of, blow: 'database-down', afterMs: chance.whole(0, 2_500), forMs: chance.pick([0, 1_000, 4_000]) };
    case 'disk':
      return {
        of,
        blow: 'disk-full',
        afterMs: chance.whole(0, 1_500),
        forMs: chance.whole(200, 1_500),
        end: chance.pick(['kill', 'term']),
      };
  }
}
