import type { Policy } from '../policy.ts';
import type { Consents, Suspensions } from '../ports.ts';
import type { InputProblem, RenderRequest, Source } from '../render.ts';
import { type Asker, firstRefusal, type GuardRefusal, type StandingRefusal } from './guard.ts';
import { GUARDS, PLAIN_GUARDS, STANDING_GUARDS } from './guards.ts';

export type GateDeps = {
  policyOf(guildId: string): Promise<Policy>;
  /** the guilds that the operator serves; undefined: all */
  allowedGuilds: readonly string[] | undefined;
  suspensions: Suspensions;
  consents: Consents;
  /** What is certainly wrong with the inputs by what is stated of them; pure, for Discord waits for the answer. */
  checkInputs(asked: Asked, policy: Policy): InputProblem | undefined;
};

/** What is asked for, as far as it is known: a form may still ask for a file. */
export type Asked = Pick<RenderRequest, 'guildId' | 'memberId' | 'weights'> & {
  portrait?: Source | undefined;
  voice?: Source | undefined;
};

export type Gate = {
  /** Lets a request through to the limits, with the policy that holds for it, or says why not. Nothing is written. */
  admit(asked: Asked, asker: Asker): Promise<{ ok: true; policy: Policy } | { ok: false; refusal: GuardRefusal }>;
  /** Why a render that was let through may not be ordered any more; undefined: it may. */
  objection(request: RenderRequest): Promise<StandingRefusal | undefined>;
};

export function createGate({ policyOf, allowedGuilds, suspensions, consents, checkInputs }: GateDeps): Gate {
  async function standing({ guildId, memberId }: Asked) {
    const [policy, suspension] = await Promise.all([policyOf(guildId), suspensions.of(guildId, memberId)]);
    return { policy, suspension, served: allowedGuilds?.includes(guildId) ?? true };
  }
  return {
    async admit(asked, asker) {
      const facts = await standing(asked);
      const { policy } = facts;
      const refusal = firstRefusal(GUARDS, {
        ...{ ...facts, asker },
        hasConsented: await consents.given(asked.memberId),
        problem: checkInputs(asked, policy),
      });
      return refusal === undefined ? { ok: true, policy } : { ok: false, refusal };
    },
    async objection(request) {
      const facts = await standing(request);
      const { asker } = request;
      // Of a render of an earlier version it is not known who asked, and where.
      return asker === undefined ? firstRefusal(PLAIN_GUARDS, facts) : firstRefusal(STANDING_GUARDS, { ...facts, asker });
    },
  };
}

/** Where nobody is ever suspended. */
export const NO_SUSPENSIONS: Suspensions = { of: async () => undefined };
