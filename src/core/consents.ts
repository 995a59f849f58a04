import { z } from 'zod';
import type { Consents, Settings } from './ports.ts';

/** Counts the versions of what a member consents to. One more where its meaning changes: then everybody is asked again. */
export const CONSENT_VERSION = 1;

const consentSchema = z.object({ version: z.number(), atMs: z.number() });
export type Consent = z.infer<typeof consentSchema>;

/** What each member has consented to, and when; one consent holds in all guilds. */
export type ConsentRecords = Consents & {
  /** The consent that is kept, also to an earlier version. */
  of(memberId: string): Promise<Consent | undefined>;
  /** To the version that holds now. */
  give(memberId: string): Promise<void>;
  forget(memberId: string): Promise<void>;
};

const key = (memberId: string) => `consent:${memberId}`;

export function createConsents(settings: Settings, now: () => number, version = CONSENT_VERSION): ConsentRecords {
  // What can't be read was not given: the member is asked again.
  const of = async (memberId: string) => consentSchema.safeParse(await settings.get(key(memberId))).data;
  return {
    of,
    given: async memberId => (await of(memberId))?.version === version,
    give: memberId => settings.set(key(memberId), { version, atMs: now() } satisfies Consent),
    forget: memberId => settings.delete(key(memberId)),
  };
}
