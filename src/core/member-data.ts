import type { Clock } from './clock.ts';
import type { Consent, ConsentRecords } from './consents.ts';
import type { KnownVideos } from './known-videos.ts';
import type { MemberRecord, ModerationStore } from './moderation/store.ts';
import type { Files, Ledger } from './ports.ts';
import { fileKeysOf, type Render } from './render.ts';

/** More than a member can have made in the time that records are kept, by any usual limit. */
const MOST_RENDERS = 1_000;
/** Of so many of the last renders it is looked up which files are still there. */
const MOST_WITH_FILES = 50;
const MOST_CASES = 1_000;

/** What is kept about a member in a guild; the consent holds in all of them. */
export type KeptOfMember = {
  consent: Consent | undefined;
  /** renders that have ended, and those under way */
  closed: number;
  open: number;
  oldestMs: number | undefined;
  /** portraits, voices and videos that are still there */
  files: number;
  /** renders that moderators look at, which therefore stay */
  held: number;
  /** undefined: nobody moderates */
  record: MemberRecord | undefined;
};

export type MemberData = {
  of(guildId: string, memberId: string): Promise<KeptOfMember>;
  /**
   * Deletes the member's files at once, and their records as soon as no limit counts them, a day after they began. What is under way
   * stays until it ends, what moderators look at until they have decided; suspensions, warnings and the audit log stay.
   */
  forget(guildId: string, memberId: string): Promise<void>;
};

export function createMemberData(deps: {
  ledger: Pick<Ledger, 'recent' | 'forgetMember' | 'sweep'>;
  files: Pick<Files, 'path' | 'remove'>;
  consents: ConsentRecords;
  knownVideos: Pick<KnownVideos, 'forgetMember'>;
  moderation: Pick<ModerationStore, 'memberRecord' | 'openCases'> | undefined;
  clock: Pick<Clock, 'now'>;
  keepRecordsMs: number;
}): MemberData {
  const { clock, consents, files, keepRecordsMs, knownVideos, ledger, moderation } = deps;

  /** The member's renders that a case is open about. */
  async function heldOf(guildId: string, memberId: string): Promise<string[]> {
    const cases = (await moderation?.openCases(guildId, MOST_CASES)) ?? [];
    return cases.filter(each => each.memberId === memberId).map(each => each.renderId);
  }
  async function filesOf(renders: readonly Render[]): Promise<number> {
    const keys = [...new Set(renders.slice(0, MOST_WITH_FILES).flatMap(fileKeysOf))];
    const paths = await Promise.all(keys.map(key => files.path(key)));
    return paths.filter(path => path !== undefined).length;
  }

  return {
    async of(guildId, memberId) {
      const renders = await ledger.recent(guildId, memberId, MOST_RENDERS);
      const closed = renders.filter(({ phase }) => phase === 'closed').length;
      return {
        consent: await consents.of(memberId),
        ...{ closed, open: renders.length - closed, oldestMs: renders.at(-1)?.admittedAtMs },
        files: await filesOf(renders),
        held: (await heldOf(guildId, memberId)).length,
        record: await moderation?.memberRecord(guildId, memberId, clock.now()),
      };
    },
    async forget(guildId, memberId) {
      await consents.forget(memberId);
      await knownVideos.forgetMember(guildId, memberId);
      const except = await heldOf(guildId, memberId);
      const keys = await ledger.forgetMember(guildId, memberId, { keepRecordsMs, except });
      const renders = await ledger.recent(guildId, memberId, MOST_RENDERS);
      const inUse = new Set(renders.filter(({ id, phase }) => phase !== 'closed' || except.includes(id)).flatMap(fileKeysOf));
      for (const key of keys) if (!inUse.has(key)) await files.remove(key);
      await ledger.sweep(clock.now() - keepRecordsMs);
    },
  };
}
