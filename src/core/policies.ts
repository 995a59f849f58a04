import { type Policy, policySchema } from './limits.ts';
import type { Settings } from './ports.ts';

/** What each guild has set, over the operator's defaults. */
export type Policies = {
  of(guildId: string): Promise<Policy>;
  set(guildId: string, change: Partial<Policy>): Promise<Policy>;
  /** What a guild has set is gone: the defaults hold. */
  forget(guildId: string): Promise<void>;
};

const key = (guildId: string) => `policy:${guildId}`;

/** Kept as what differs from the defaults, so that a changed default reaches every guild that never touched it. */
export function createPolicies(settings: Settings, defaults: Policy): Policies {
  const changesOf = async (guildId: string) => policySchema.partial().safeParse(await settings.get(key(guildId))).data ?? {};
  const over = (changes: object) => policySchema.parse({ ...defaults, ...changes });
  return {
    of: async guildId => over(await changesOf(guildId)),
    async set(guildId, change) {
      const changes = { ...(await changesOf(guildId)), ...change };
      await settings.set(key(guildId), changes);
      return over(changes);
    },
    forget: guildId => settings.delete(key(guildId)),
  };
}
