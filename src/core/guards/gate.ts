import type { Policy } from '../policy.ts';
import type { Consents, Suspensions } from '../ports.ts';
import type { InputProblem, RenderRequest } from '../render.ts';
import { type Asker, firstRefusal, type GuardRefusal } from './guard.ts';
import { GUARDS } from './guards.ts';

export type GateDeps = {
  policyOf(guildId: string): Promise<Policy>;
  /** the guilds that the operator serves; undefined: all */
  allowedGuilds: readonly string[] | undefined;
  suspensions: Suspensions;
  consents: Consents;
  /** What is certainly wrong with the inputs by what is stated of them; pure, for Discord waits for the answer. */
  checkInputs(request: RenderRequest, policy: Policy): InputProblem | undefined;
};

/** Lets a request through to the limits, with the policy that holds for it, or says why not. Nothing is written. */
export type Gate = (
  request: RenderRequest,
  asker: Asker,
) => Promise<{ ok: true; policy: Policy } | { ok: false; refusal: GuardRefusal }>;

export function createGate({ policyOf, allowedGuilds, suspensions, consents, checkInputs }: GateDeps): Gate {
  return async (request, asker) => {
    const { guildId, memberId } = request;
    const policy = await policyOf(guildId);
    const refusal = firstRefusal(GUARDS, {
      policy,
      asker,
      served: allowedGuilds?.includes(guildId) ?? true,
      suspension: await suspensions.of(guildId, memberId),
      hasConsented: await consents.given(memberId),
      problem: checkInputs(request, policy),
    });
    return refusal === undefined ? { ok: true, policy } : { ok: false, refusal };
  };
}

/** Where nobody is ever suspended. */
export const NO_SUSPENSIONS: Suspensions = { of: async () => undefined };
