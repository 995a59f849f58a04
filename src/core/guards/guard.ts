import type { z } from 'zod';
import type { Policy } from '../policy.ts';
import type { Suspension } from '../ports.ts';
import type { askerSchema, InputProblem } from '../render.ts';

/** What the bot lacks in a channel to post a video there. */
export type MissingPermission = 'view' | 'send' | 'sendInThreads' | 'attach';

/** Who asks, and where, as Discord states it with the command. */
export type Asker = z.infer<typeof askerSchema> & { missingPermissions: readonly MissingPermission[] };

/** What the guards look at that goes on being asked until a render is ordered. */
export type StandingFacts = {
  policy: Policy;
  /** whether the operator serves this guild */
  served: boolean;
  asker: z.infer<typeof askerSchema>;
  suspension: Suspension | undefined;
};

/** Everything that the guards look at. */
export type Facts = StandingFacts & { asker: Asker; hasConsented: boolean; problem: InputProblem | undefined };

/** What moderators may decide while a render waits, and what stood in its way at once if they had decided before. */
export type StandingRefusal =
  /** the operator does not serve this guild */
  | { kind: 'guild-not-served' }
  /** switched off by those who manage the guild */
  | { kind: 'disabled' }
  | ({ kind: 'suspended' } & Suspension)
  /** `allowed`: one of these is needed; empty: a role that the member has is denied */
  | { kind: 'role'; allowed: readonly string[] }
  /** `allowed`: where it would be right; empty: anywhere but here */
  | { kind: 'channel'; allowed: readonly string[] }
  | { kind: 'age-restricted' };

/** Why a render is refused before limits are looked at, with what would be right. */
export type GuardRefusal =
  | StandingRefusal
  | { kind: 'permissions'; missing: readonly MissingPermission[] }
  | { kind: 'consent' }
  | { kind: 'input'; problem: InputProblem };

/** A small policy: undefined is ok. */
export type Guard = (facts: Facts) => GuardRefusal | undefined;
export type StandingGuard<F = StandingFacts> = (facts: F) => StandingRefusal | undefined;

/** What the first of the guards that objects says; undefined: none does. */
export function firstRefusal<F, R>(guards: readonly ((facts: F) => R | undefined)[], facts: F): R | undefined {
  for (const guard of guards) {
    const refusal = guard(facts);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
