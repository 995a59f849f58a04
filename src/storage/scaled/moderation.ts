import { decided, type Hand, type ModerationCase, opened, reported, undone, withPicture } from '../../core/moderation/case.ts';
import { BY_BOT, type CaseAnswer, type ModerationStore } from '../../core/moderation/store.ts';
import type { LedgerDeps } from '../deps.ts';
import type { Noted } from '../moderation-rows.ts';
import type { Database, Query } from './database.ts';
import { type CaseRows, createCaseRows } from './moderation-cases.ts';
import { createModerationRecords, type ModerationRecords } from './moderation-records.ts';

/** Entries about a member that are shown at once. */
const RECENT = 10;

type Tables = { cases: CaseRows; records: ModerationRecords };

/** The record of moderation on Postgres. What a decision means is the core's; here it is written down with what comes of it. */
export function createPostgresModeration(database: Database, deps: LedgerDeps): ModerationStore {
  const { clock, newId, onUnreadable = () => {} } = deps;
  const tables = (query: Query): Tables => ({
    cases: createCaseRows(query, onUnreadable),
    records: createModerationRecords(query),
  });
  const { cases, records } = tables(database.query);
  const transaction = <T>(work: (within: Tables) => Promise<T>) => database.transaction(query => work(tables(query)));

  async function open(within: Tables, opening: Parameters<typeof opened>[0]): Promise<ModerationCase> {
    const made = opened(opening, newId(), clock.now());
    if (!(await within.cases.insert(made))) {
      const known = await within.cases.lockOfRender(opening.renderId, opening.kind);
      if (known !== undefined) return known;
      await within.cases.clear(opening.renderId, opening.kind);
      await within.cases.insert(made);
    }
    await noteOf(within.records, made, { by: BY_BOT, atMs: made.openedAtMs }, 'case-opened');
    return made;
  }

  /** One change of a case, with what comes of it, in one transaction. */
  function change(
    guildId: string,
    id: string,
    to: (before: ModerationCase) => ModerationCase | undefined,
    effects: (within: ModerationRecords, after: ModerationCase, before: ModerationCase) => Promise<void>,
  ): Promise<CaseAnswer> {
    return transaction(async within => {
      const before = await within.cases.lock(guildId, id);
      if (before === undefined) return { kind: 'unknown' };
      const after = to(before);
      if (after === undefined) return { kind: 'already', case: before };
      await effects(within.records, after, before);
      await within.cases.write(after);
      return { kind: 'done', case: after };
    });
  }

  return {
    openCase: opening => transaction(within => open(within, opening)),
    report: (opening, report, hideAfter) =>
      transaction(async within => {
        const before = await open(within, opening);
        if (!(await within.cases.insertReport(before.id, report))) return { kind: 'already', case: before };
        const after = reported(before, hideAfter, report.atMs);
        await within.cases.write(after);
        if (after.hidden && !before.hidden) await noteOf(within.records, after, { by: BY_BOT, atMs: report.atMs }, 'hidden');
        return { kind: 'taken', case: after };
      }),
    getCase: cases.find,
    reportsOf: cases.reports,
    openCases: cases.open,
    decide: (guildId, id, decision, hand) =>
      change(
        guildId,
        id,
        before => decided(before, decision, hand),
        (within, after) => carryOut(within, after, hand),
      ),
    undo: (guildId, id, revision, hand) =>
      change(
        guildId,
        id,
        before => undone(before, revision, hand.atMs),
        async (within, after) => {
          await within.liftOfCase(after.id, hand.atMs);
          await within.unwarn(after.id);
          await noteOf(within, after, hand, 'undone');
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
        async (within, after, before) => {
          const { portraitHash: hash, pictureId: blockedAs } = after;
          if (hash !== null && blockedAs !== null) await within.block(guildId, { id: blockedAs, hash, note: null, ...hand });
          else if (before.pictureId !== null) await within.unblock(guildId, before.pictureId);
          await noteOf(within, after, hand, blocked ? 'picture-blocked' : 'picture-unblocked');
        },
      ),

    suspend: (guildId, memberId, { untilMs, why }, { by, atMs }) =>
      transaction(async within => {
        // What a moderator says now is what holds.
        await within.records.lift(guildId, memberId, atMs);
        await within.records.suspend(guildId, { memberId, untilMs, why, by, sinceMs: atMs }, null);
        await within.records.note(guildId, by, atMs, { action: 'suspended', memberId, untilMs, why });
      }),
    lift: (guildId, memberId, { by, atMs }) =>
      transaction(async within => {
        const lifted = await within.records.lift(guildId, memberId, atMs);
        if (lifted) await within.records.note(guildId, by, atMs, { action: 'lifted', memberId });
        return lifted;
      }),
    suspensionOf: records.suspensionOf,
    suspended: records.suspended,
    untoldWarning: records.untoldWarning,
    warningTold: async (guildId, memberId, seq) => void (await records.warningTold(guildId, memberId, seq)),
    memberRecord: async (guildId, memberId, nowMs) => ({
      ...(await records.counts(guildId, memberId)),
      suspension: await records.suspensionOf(guildId, memberId, nowMs),
      recent: await records.auditAbout(guildId, memberId, RECENT),
    }),

    blockPicture: (guildId, picture, hand) =>
      transaction(async within => {
        const blocked = { ...picture, ...hand, id: newId().slice(0, 8) };
        await within.records.block(guildId, blocked);
        await within.records.note(guildId, hand.by, hand.atMs, { action: 'picture-blocked', why: picture.note });
        return blocked;
      }),
    unblockPicture: (guildId, id, { by, atMs }) =>
      transaction(async within => {
        const unblocked = await within.records.unblock(guildId, id);
        const held = unblocked ? await within.cases.lockOfPicture(guildId, id) : undefined;
        if (held) await within.cases.write(withPicture(held, null, atMs));
        if (unblocked) await within.records.note(guildId, by, atMs, { action: 'picture-unblocked' });
        return unblocked;
      }),
    pictures: records.pictures,
    noteSettings: async (guildId, why, { by, atMs }) =>
      void (await records.note(guildId, by, atMs, { action: 'settings-changed', why })),
    auditLog: (guildId, { beforeSeq, limit }) => records.audit(guildId, beforeSeq ?? Number.MAX_SAFE_INTEGER, limit),

    due: cases.due,
    nextDueAtMs: cases.nextDueAtMs,
    shown: (id, revision, shown, retryAtMs) =>
      transaction(async within => {
        const found = await within.cases.lockAnywhere(id);
        if (found === undefined) return;
        const isLatest = found.revision === revision;
        const attempts = retryAtMs === null ? 0 : found.attempts + 1;
        await within.cases.write({
          ...found,
          ...shown,
          attempts,
          dueAtMs: isLatest ? retryAtMs : (found.dueAtMs ?? clock.now()),
        });
      }),

    sweep: decidedBeforeMs =>
      database.transaction(async query => {
        await query('delete from hallo.moderation_warnings where told and at_ms < $1', [decidedBeforeMs]);
        const gone = 'delete from hallo.moderation_cases where decided_at_ms < $1 and due_at_ms is null returning 1';
        return (await query(gone, [decidedBeforeMs])).length;
      }),
    forgetGuild: guildId =>
      database.transaction(async query => {
        for (const table of ['cases', 'suspensions', 'warnings', 'pictures', 'audit']) {
          await query(`delete from hallo.moderation_${table} where guild_id = $1`, [guildId]);
        }
      }),
  };
}

/** What a decision means beside the case itself. */
async function carryOut(records: ModerationRecords, after: ModerationCase, { by, atMs }: Hand): Promise<void> {
  const { guildId, memberId, id, state } = after;
  const untilMs = after.decision?.untilMs ?? null;
  if (state === 'suspended') await records.suspend(guildId, { memberId, untilMs, why: null, by, sinceMs: atMs }, id);
  if (state === 'warned') await records.warn(guildId, memberId, atMs, id);
  if (state !== 'open') await noteOf(records, after, { by, atMs }, state, untilMs);
}

async function noteOf(
  records: ModerationRecords,
  { guildId, memberId, id }: ModerationCase,
  hand: Hand,
  action: Noted['action'],
  untilMs: number | null = null,
): Promise<void> {
  await records.note(guildId, hand.by, hand.atMs, { action, memberId, caseId: id, untilMs });
}
