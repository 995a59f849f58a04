import { z } from 'zod';
import type { CaseOpening, DecisionName, Hand, ModerationCase, VideoState } from './case.ts';

/** The bot's own hand in the audit log: what it did by the guild's rules. */
export const BY_BOT = 'bot';

export const AUDIT_ACTIONS = [
  'case-opened',
  'dismissed',
  'warned',
  'removed',
  'suspended',
  'lifted',
  'undone',
  'hidden',
  'picture-blocked',
  'picture-unblocked',
  'settings-changed',
] as const;

/** What was done, by whom and to whom. Never changed, never deleted while the bot serves the guild. */
export const auditEntrySchema = z.object({
  seq: z.number(),
  guildId: z.string(),
  atMs: z.number(),
  by: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  memberId: z.string().nullable(),
  caseId: z.string().nullable(),
  /** of a suspension; null: until it is lifted, or no suspension */
  untilMs: z.number().nullable(),
  /** a moderator's own words; of changed settings, before and after */
  why: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const heldSuspensionSchema = z.object({
  memberId: z.string(),
  untilMs: z.number().nullable(),
  why: z.string().nullable(),
  by: z.string(),
  sinceMs: z.number(),
});
export type HeldSuspension = z.infer<typeof heldSuspensionSchema>;

/** A portrait that may not be used in a guild. */
export const blockedPictureSchema = z.object({
  id: z.string(),
  hash: z.string(),
  note: z.string().nullable(),
  by: z.string(),
  atMs: z.number(),
});
export type BlockedPicture = z.infer<typeof blockedPictureSchema>;

export const reportSchema = z.object({ memberId: z.string(), atMs: z.number(), why: z.string() });
export type Report = z.infer<typeof reportSchema>;

/** All that is known of a member in a guild. */
export type MemberRecord = {
  blocked: number;
  /** videos of theirs that were reported */
  reported: number;
  warnings: number;
  suspension: HeldSuspension | undefined;
  /** newest first */
  recent: AuditEntry[];
};

/** What became of a press. `already`: somebody was quicker, or the case has changed since; it stands as given. */
export type CaseAnswer = { kind: 'done' | 'already'; case: ModerationCase } | { kind: 'unknown' };

/** How Discord looks after it was brought in line with a revision of a case. */
export type Shown = { card?: ModerationCase['card']; video?: VideoState };

/** The durable record of moderation. Every method is one transaction. A case of another guild is unknown. */
export type ModerationStore = {
  /** There is one case of a kind for a render: a second opening answers the first. */
  openCase(opening: CaseOpening): Promise<ModerationCase>;
  /** One report a member and video. Past `hideAfter` (0: never) the video is to be hidden. */
  report(opening: CaseOpening, report: Report, hideAfter: number): Promise<{ kind: 'taken' | 'already'; case: ModerationCase }>;
  getCase(guildId: string, id: string): Promise<ModerationCase | undefined>;
  /** Newest first. */
  reportsOf(caseId: string, limit: number): Promise<Report[]>;
  openCases(guildId: string, limit: number): Promise<ModerationCase[]>;
  decide(guildId: string, id: string, decision: DecisionName, hand: Hand): Promise<CaseAnswer>;
  /** Takes a decision back, with the suspension or the warning that came of it. */
  undo(guildId: string, id: string, revision: number, hand: Hand): Promise<CaseAnswer>;
  /** Blocks the portrait of a case in its guild, or takes that back. */
  setPicture(guildId: string, id: string, blocked: boolean, hand: Hand): Promise<CaseAnswer>;

  suspend(
    guildId: string,
    memberId: string,
    suspension: { untilMs: number | null; why: string | null },
    hand: Hand,
  ): Promise<void>;
  /** Ends all suspensions of a member; false: there was none. */
  lift(guildId: string, memberId: string, hand: Hand): Promise<boolean>;
  /** Of several the one that lasts longest. */
  suspensionOf(guildId: string, memberId: string, nowMs: number): Promise<HeldSuspension | undefined>;
  suspended(guildId: string, nowMs: number, limit: number): Promise<HeldSuspension[]>;

  /** The newest warning that its member was not told of yet. */
  untoldWarning(guildId: string, memberId: string): Promise<{ seq: number; atMs: number } | undefined>;
  /** That warning has reached its member, and with it those before it. */
  warningTold(guildId: string, memberId: string, seq: number): Promise<void>;
  memberRecord(guildId: string, memberId: string, nowMs: number): Promise<MemberRecord>;

  blockPicture(guildId: string, picture: { hash: string; note: string | null }, hand: Hand): Promise<BlockedPicture>;
  /** The case through which it was blocked, if there is one, shows that too. */
  unblockPicture(guildId: string, id: string, hand: Hand): Promise<boolean>;
  /** Newest first. */
  pictures(guildId: string): Promise<BlockedPicture[]>;

  /** Leaves a trace of a guild's settings that were changed: what, before and after. */
  noteSettings(guildId: string, what: string, hand: Hand): Promise<void>;
  /** Newest first; `beforeSeq`: what is older than that entry. */
  auditLog(guildId: string, page: { beforeSeq: number | null; limit: number }): Promise<AuditEntry[]>;

  /** Cases that Discord has to be brought in line with, the oldest first. */
  due(nowMs: number, limit: number): Promise<ModerationCase[]>;
  nextDueAtMs(): Promise<number | undefined>;
  /**
   * `revision` was shown; where the case has changed meanwhile it is due, for what another process showed of it since may be undone by
   * this. `retryAtMs`: not all of it could be.
   */
  shown(id: string, revision: number, shown: Shown, retryAtMs: number | null): Promise<void>;

  /** Deletes cases that were decided before, and warnings that were told; the audit log and suspensions stay. */
  sweep(decidedBeforeMs: number): Promise<number>;
  forgetGuild(guildId: string): Promise<void>;
};
