import { type Bounds, type Policy, policySchema, within } from './policy.ts';
import { type SharedSettings, UNREADABLE } from './ports.ts';

/** A policy before and after a change. */
export type PolicyChange = { before: Policy; after: Policy };

/** What each guild has set, over the operator's defaults and within the operator's bounds. */
export type Policies = {
  of(guildId: string): Promise<Policy>;
  /** Whether something is stored for the guild that can't be read, until it is set anew or reset. */
  isDamaged(guildId: string): Promise<boolean>;
  set(guildId: string, change: Partial<Policy>): Promise<PolicyChange>;
  /** Back to the operator's defaults, whatever is stored. */
  reset(guildId: string): Promise<PolicyChange>;
};

const changeSchema = policySchema.partial();

type Stored = { changes: Partial<Policy>; damaged: boolean };

const key = (guildId: string) => `policy:${guildId}`;

/** Kept as what differs from the defaults, so that a changed default reaches every guild that never touched it. */
export function createPolicies(
  settings: Pick<SharedSettings, 'get' | 'change'>,
  { defaults, bounds }: { defaults: Policy; bounds: Bounds },
): Policies {
  const over = (changes: Partial<Policy>): Policy => within({ ...defaults, ...changes }, bounds);
  const stored = async (guildId: string): Promise<Stored> => {
    try {
      return readable(await settings.get(key(guildId)));
    } catch (error) {
      // The store is there, but what it holds is no JSON.
      if (error instanceof Error && error.name === 'SyntaxError') return DAMAGED;
      throw error;
    }
  };

  const of = async (guildId: string) => over((await stored(guildId)).changes);

  function change(guildId: string, to: (changes: Partial<Policy>) => Partial<Policy>): Promise<PolicyChange> {
    return settings.change(key(guildId), value => {
      const { changes } = value === UNREADABLE ? DAMAGED : readable(value);
      const after = differing(to(changes), defaults);
      const isUsual = Object.keys(after).length === 0;
      return { value: isUsual ? undefined : after, answer: { before: over(changes), after: over(after) } };
    });
  }

  return {
    of,
    isDamaged: async guildId => (await stored(guildId)).damaged,
    set: (guildId, wanted) => change(guildId, changes => ({ ...changes, ...wanted })),
    reset: guildId => change(guildId, () => ({})),
  };
}

/** Who was to be kept out is not known any more: nobody is let in until somebody who manages the guild has looked. */
const DAMAGED: Stored = { changes: { enabled: false }, damaged: true };
const GUARDING: ReadonlySet<string> = new Set<keyof Policy>([
  ...(['enabled', 'allowedRoles', 'deniedRoles', 'allowedChannels', 'deniedChannels', 'ageRestrictedOnly'] as const),
]);

/** Each setting by itself: one that can't be read counts as not set, and takes none of the others with it. */
function readable(value: unknown): Stored {
  if (value === undefined || value === null) return { changes: {}, damaged: false };
  if (typeof value !== 'object' || Array.isArray(value)) return DAMAGED;
  const entries = Object.entries(value).filter(([name]) => Object.hasOwn(policySchema.shape, name));
  const sound = entries.filter(([name, setting]) => changeSchema.safeParse({ [name]: setting }).success);
  const damaged = entries.filter(entry => !sound.includes(entry));
  const changes: Partial<Policy> = Object.fromEntries(sound);
  if (damaged.some(([name]) => GUARDING.has(name))) changes.enabled = false;
  return { changes, damaged: damaged.length > 0 };
}

function differing(changes: Partial<Policy>, defaults: Policy): Partial<Policy> {
  const entries = Object.entries(changes);
  const usual = new Map<string, string>(Object.entries(defaults).map(([name, value]) => [name, JSON.stringify(value)]));
  return Object.fromEntries(entries.filter(([name, value]) => JSON.stringify(value) !== usual.get(name)));
}
