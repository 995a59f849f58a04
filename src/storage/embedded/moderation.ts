import type { Clock } from '../../core/clock.ts';
import { decided, type Hand, type ModerationCase, opened, reported, undone, withPicture } from '../../core/moderation/case.ts';
import { BY_BOT, type CaseAnswer, type ModerationStore } from '../../core/moderation/store.ts';
import type { Database } from './database.ts';
import { type CaseRows, createCaseRows } from './moderation-cases.ts';
import { createModerationRecords, type ModerationRecords } from './moderation-records.ts';

export type ModerationDeps = { clock: Clock; newId: () => string; onUnreadable?: (id: string) => void };

/** Entries about a member that are shown at once. */
const RECENT = 10;

/** The record of moderation on SQLite. What a decision means is the core's; here it is written down with what comes of it. */
export function createSqliteModeration(database: Database, deps: ModerationDeps): ModerationStore {
  const { clock, newId, onUnreadable = () => {} } = deps;
  const { sql } = database;
  const cases = createCaseRows(sql, onUnreadable);
  const records = createModerationRecords(sql);
  const forget = ['cases', 'suspensions', 'warnings', 'pictures', 'audit'].map(table =>
    sql.prepare(`delete from moderation_${table} where guild_id = ?`),
  );
  const sweepCases = sql.prepare('delete from moderation_cases where decided_at_ms < ? and due_at_ms is null');
  const sweepWarnings = sql.prepare('delete from moderation_warnings where told = 1 and at_ms < ?');

  const open = openCase(cases, records, newId, clock.now);
  /** One change of a case, with what comes of it, in one transaction. */
  async function change(
    guildId: string,
    id: string,
    to: (before: ModerationCase) => ModerationCase | undefined,
    effects: (after: ModerationCase, before: ModerationCase) => void,
  ): Promise<CaseAnswer> {
    return database.transaction(() => {
      const before = cases.find(guildId, id);
      if (before === undefined) return { kind: 'unknown' };
      const after = to(before);
      if (after === undefined) return { kind: 'already', case: before };
      effects(after, before);
      cases.write(after);
      return { kind: 'done', case: after };
    });
  }

  return {
    openCase: async opening => database.transaction(() => open(opening)),
    async report(opening, report, hideAfter) {
      return database.transaction(() => {
        const before = open(opening);
        if (!cases.insertReport(before.id, report)) return { kind: 'already', case: before };
        const after = reported(before, hideAfter, report.atMs);
        cases.write(after);
        if (after.hidden && !before.hidden) noteOf(records, after, { by: BY_BOT, atMs: report.atMs }, 'hidden');
        return { kind: 'taken', case: after };
      });
    },
    getCase: async (guildId, id) => cases.find(guildId, id),
    reportsOf: async (caseId, limit) => cases.reports(caseId, limit),
    openCases: async (guildId, limit) => cases.open(guildId, limit),
    decide: (guildId, id, decision, hand) =>
      change(
        guildId,
        id,
        before => decided(before, decision, hand),
        after => carryOut(records, after, hand),
      ),
    undo: (guildId, id, revision, hand) =>
      change(
        guildId,
        id,
        before => undone(before, revision, hand.atMs),
        after => {
          records.liftOfCase(after.id, hand.atMs);
          records.unwarn(after.id);
          noteOf(records, after, hand, 'undone');
        },
      ),
    setPicture: (guildId, id, blocked, hand) =>
      change(
        guildId,
        id,
        before => {
          if (before.portraitHash === null || (before.pictureId !== null) === blocked) return undefined;
          return withPicture(before, blocked ? newId().slice(0, 8) : null, hand.atMs);
        },
        (after, before) => {
          const { portraitHash: hash, pictureId: blockedAs } = after;
          if (hash !== null && blockedAs !== null) records.block(guildId, { id: blockedAs, hash, note: null, ...hand });
          else if (before.pictureId !== null) records.unblock(guildId, before.pictureId);
          noteOf(records, after, hand, blocked ? 'picture-blocked' : 'picture-unblocked');
        },
      ),

    async suspend(guildId, memberId, { untilMs, why }, { by, atMs }) {
      database.transaction(() => {
        // What a moderator says now is what holds.
        records.lift(guildId, memberId, atMs);
        records.suspend(guildId, { memberId, untilMs, why, by, sinceMs: atMs }, null);
        records.note(guildId, by, atMs, { action: 'suspended', memberId, untilMs, why });
      });
    },
    async lift(guildId, memberId, { by, atMs }) {
      return database.transaction(() => {
        const lifted = records.lift(guildId, memberId, atMs);
        if (lifted) records.note(guildId, by, atMs, { action: 'lifted', memberId });
        return lifted;
      });
    },
    suspensionOf: async (guildId, memberId, nowMs) => records.suspensionOf(guildId, memberId, nowMs),
    suspended: async (guildId, nowMs, limit) => records.suspended(guildId, nowMs, limit),
    untoldWarning: async (guildId, memberId) => records.untoldWarning(guildId, memberId),
    warningTold: async (guildId, memberId, seq) => records.warningTold(guildId, memberId, seq),
    memberRecord: async (guildId, memberId, nowMs) => ({
      ...records.counts(guildId, memberId),
      suspension: records.suspensionOf(guildId, memberId, nowMs),
      recent: records.auditAbout(guildId, memberId, RECENT),
    }),

    async blockPicture(guildId, picture, hand) {
      return database.transaction(() => {
        const blocked = { ...picture, ...hand, id: newId().slice(0, 8) };
        records.block(guildId, blocked);
        records.note(guildId, hand.by, hand.atMs, { action: 'picture-blocked', why: picture.note });
        return blocked;
      });
    },
    async unblockPicture(guildId, id, { by, atMs }) {
      return database.transaction(() => {
        const unblocked = records.unblock(guildId, id);
        const held = unblocked ? cases.ofPicture(guildId, id) : undefined;
        if (held) cases.write(withPicture(held, null, atMs));
        if (unblocked) records.note(guildId, by, atMs, { action: 'picture-unblocked' });
        return unblocked;
      });
    },
    pictures: async guildId => records.pictures(guildId),
    noteSettings: async (guildId, why, { by, atMs }) => records.note(guildId, by, atMs, { action: 'settings-changed', why }),
    auditLog: async (guildId, { beforeSeq, limit }) => records.audit(guildId, beforeSeq ?? Number.MAX_SAFE_INTEGER, limit),

    due: async (nowMs, limit) => cases.due(nowMs, limit),
    nextDueAtMs: async () => cases.nextDueAtMs(),
    async shown(id, revision, shown, retryAtMs) {
      database.transaction(() => {
        const found = cases.findAnywhere(id);
        if (found === undefined) return;
        const isLatest = found.revision === revision;
        const attempts = retryAtMs === null ? 0 : found.attempts + 1;
        cases.write({ ...found, ...shown, attempts, dueAtMs: isLatest ? retryAtMs : (found.dueAtMs ?? clock.now()) });
      });
    },

    async sweep(decidedBeforeMs) {
      return database.transaction(() => {
        sweepWarnings.run(decidedBeforeMs);
        return Number(sweepCases.run(decidedBeforeMs).changes);
      });
    },
    async forgetGuild(guildId) {
      database.transaction(() => {
        for (const statement of forget) statement.run(guildId);
      });
    },
  };
}

function openCase(cases: CaseRows, records: ModerationRecords, newId: () => string, now: () => number) {
  return (opening: Parameters<typeof opened>[0]): ModerationCase => {
    const known = cases.ofRender(opening.renderId, opening.kind);
    if (known !== undefined) return known;
    const made = opened(opening, newId(), now());
    cases.clear(opening.renderId, opening.kind);
    cases.insert(made);
    noteOf(records, made, { by: BY_BOT, atMs: made.openedAtMs }, 'case-opened');
    return made;
  };
}

/** What a decision means beside the case itself. */
function carryOut(records: ModerationRecords, after: ModerationCase, { by, atMs }: Hand): void {
  const { guildId, memberId, id, state } = after;
  const untilMs = after.decision?.untilMs ?? null;
  if (state === 'suspended') records.suspend(guildId, { memberId, untilMs, why: null, by, sinceMs: atMs }, id);
  if (state === 'warned') records.warn(guildId, memberId, atMs, id);
  if (state !== 'open') noteOf(records, after, { by, atMs }, state, untilMs);
}

type Action = Parameters<ModerationRecords['note']>[3]['action'];

function noteOf(
  records: ModerationRecords,
  { guildId, memberId, id }: ModerationCase,
  hand: Hand,
  action: Action,
  untilMs: number | null = null,
) {
  records.note(guildId, hand.by, hand.atMs, { action, memberId, caseId: id, untilMs });
}
