import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaseOpening } from '../../src/core/moderation/case.ts';
import type { ModerationStore } from '../../src/core/moderation/store.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

export type ModerationHome = {
  /** Opened a second time on the same place, it finds what was kept. */
  open(clock: ManualClock): Promise<{ moderation: ModerationStore; close(): Promise<void> }>;
  clear(): Promise<void>;
};

const HOUR_MS = 3_600_000;
const guildId = '1';
const [ada, mod, other] = ['11', '21', '22'];

const opening = (change: Partial<CaseOpening> = {}): CaseOpening => ({
  ...{ guildId, kind: 'blocked', renderId: 'r1', memberId: ada, channelId: '31', messageId: '41' },
  ...{ reason: 'blocked-person', detail: 'a well-known person', portraitHash: 'hash', portraitKey: 'inputs/r1-portrait.jpg' },
  ...change,
});
const report = opening({ kind: 'report', reason: null, detail: null });

/** What every store of moderation has to do. */
export function moderationContract(name: string, home: () => Promise<ModerationHome>): void {
  describe(`moderation on ${name}`, () => {
    let at: ModerationHome;
    let clock: ManualClock;
    let store: ModerationStore;
    let close: () => Promise<void>;
    const now = (by = mod) => ({ by, atMs: clock.now() });
    const open = async () => {
      const opened = await at.open(clock);
      store = opened.moderation;
      close = opened.close;
    };
    beforeEach(async () => {
      at = await home();
      clock = createManualClock();
      await open();
    });
    afterEach(async () => {
      await close();
      await at.clear();
    });
    const suspension = () => store.suspensionOf(guildId, ada, clock.now());
    const actions = async () =>
      (await store.auditLog(guildId, { beforeSeq: null, limit: 50 })).map(entry => entry.action).reverse();

    test('a render has one case of a kind, however often it is opened, and after a restart too', async () => {
      const all = await Promise.all([1, 2, 3].map(() => store.openCase(opening())));
      await close();
      await open();
      all.push(await store.openCase(opening()));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(await actions()).toEqual(['case-opened']);
      expect(await store.openCases(guildId, 10)).toEqual([all[0]]);
      expect((await store.openCase(report)).id).not.toBe(all[0]?.id);
    });

    test('of two moderators who press at once one decides, and the other is told so', async () => {
      const { id } = await store.openCase(opening());
      const answers = await Promise.all([
        store.decide(guildId, id, 'suspend-day', now(mod)),
        store.decide(guildId, id, 'dismiss', now(other)),
        store.decide(guildId, id, 'suspend-day', now(other)),
      ]);
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['already', 'already', 'done']);
      const held = answers.flatMap(answer => (answer.kind === 'unknown' ? [] : [answer.case.decision?.by]));
      expect(new Set(held).size).toBe(1);
      expect((await actions()).length).toBe(2);
    });

    test('an undo pressed by several at once is one action, also beside another decision', async () => {
      const { id } = await store.openCase(opening());
      await store.decide(guildId, id, 'suspend-open', now(mod));
      const answers = await Promise.all([
        store.undo(guildId, id, 2, now(mod)),
        store.undo(guildId, id, 2, now(other)),
        store.decide(guildId, id, 'suspend-hour', now(other)),
        store.undo(guildId, id, 2, now(other)),
      ]);
      const undone = answers.filter((answer, index) => index !== 2 && answer.kind === 'done');
      expect(undone).toHaveLength(1);
      // The decision came before the undo, and was too late, or after it, and holds: nobody takes back what they did not see.
      const isDecided = answers[2]?.kind === 'done';
      expect(await store.getCase(guildId, id)).toMatchObject({ state: isDecided ? 'suspended' : 'open' });
      expect((await suspension()) !== undefined).toBe(isDecided);
      const further = isDecided ? ['suspended'] : [];
      expect(await actions()).toEqual(['case-opened', 'suspended', 'undone', ...further]);
    });

    test('a suspension holds until its time, and of several the longest', async () => {
      const { id } = await store.openCase(opening());
      await store.decide(guildId, id, 'suspend-hour', now());
      const other = await store.openCase(opening({ renderId: 'r2' }));
      await store.decide(guildId, other.id, 'suspend-open', now());
      expect(await suspension()).toMatchObject({ untilMs: null, by: mod });
      await store.undo(guildId, other.id, 2, now());
      expect(await suspension()).toMatchObject({ untilMs: clock.now() + HOUR_MS });
      expect(await store.suspended(guildId, clock.now(), 10)).toHaveLength(1);
      await clock.advance(HOUR_MS + 1);
      expect(await suspension()).toBeUndefined();
      expect(await store.suspended(guildId, clock.now(), 10)).toEqual([]);
    });

    test('what a moderator suspends by hand replaces what held, and is lifted once', async () => {
      await store.suspend(guildId, ada, { untilMs: null, why: 'spam' }, now());
      await store.suspend(guildId, ada, { untilMs: clock.now() + HOUR_MS, why: 'less' }, now(other));
      expect(await suspension()).toEqual({
        ...{ memberId: ada, untilMs: clock.now() + HOUR_MS, why: 'less', by: other, sinceMs: clock.now() },
      });
      expect(await store.suspensionOf('2', ada, clock.now())).toBeUndefined();
      expect(await Promise.all([store.lift(guildId, ada, now()), store.lift(guildId, ada, now())])).toEqual([true, false]);
      expect(await suspension()).toBeUndefined();
      expect(await actions()).toEqual(['suspended', 'suspended', 'lifted']);
    });

    test('undoing takes back what came of a decision, and only of the one that was seen', async () => {
      const { id } = await store.openCase(opening());
      await store.decide(guildId, id, 'warn', now());
      expect((await store.memberRecord(guildId, ada, clock.now())).warnings).toBe(1);
      expect(await store.undo(guildId, id, 1, now())).toMatchObject({ kind: 'already' });
      expect(await store.undo(guildId, id, 2, now())).toMatchObject({ kind: 'done', case: { state: 'open', decision: null } });
      expect(await store.undo(guildId, id, 3, now())).toMatchObject({ kind: 'already' });
      expect((await store.memberRecord(guildId, ada, clock.now())).warnings).toBe(0);
      expect(await store.untoldWarning(guildId, ada)).toBeUndefined();
      expect(await actions()).toEqual(['case-opened', 'warned', 'undone']);
    });

    test('a warning is there to be told until it is known to have been, and with it those before it', async () => {
      const warn = async (renderId: string) => {
        const { id } = await store.openCase(opening({ renderId }));
        await store.decide(guildId, id, 'warn', now());
      };
      await warn('r1');
      await clock.advance(1_000);
      await warn('r2');
      const newest = await store.untoldWarning(guildId, ada);
      expect(newest).toMatchObject({ atMs: clock.now() });
      expect(await store.untoldWarning(guildId, ada)).toEqual(newest);
      expect(await store.untoldWarning('2', ada)).toBeUndefined();
      // One that comes while the other is told is told next.
      await warn('r3');
      await store.warningTold(guildId, ada, newest?.seq ?? 0);
      const next = await store.untoldWarning(guildId, ada);
      expect(next?.seq).toBeGreaterThan(newest?.seq ?? 0);
      await store.warningTold(guildId, ada, next?.seq ?? 0);
      expect(await store.untoldWarning(guildId, ada)).toBeUndefined();
      expect((await store.memberRecord(guildId, ada, clock.now())).warnings).toBe(3);
    });

    test('one report a member; at the threshold the video is hidden, and a dismissal shows it again', async () => {
      const reportBy = (memberId: string, hideAfter = 2) =>
        store.report(report, { memberId, atMs: clock.now(), why: 'not me' }, hideAfter);
      expect(await reportBy('50')).toMatchObject({ kind: 'taken', case: { reports: 1, hidden: false } });
      expect(await reportBy('50')).toMatchObject({ kind: 'already', case: { reports: 1 } });
      const second = await reportBy('51');
      expect(second).toMatchObject({ kind: 'taken', case: { reports: 2, hidden: true, state: 'open' } });
      const { id } = second.case;
      expect(await store.reportsOf(id, 5)).toHaveLength(2);
      expect(await store.decide(guildId, id, 'dismiss', now())).toMatchObject({ case: { state: 'dismissed' } });
      // Asked again by others: open again, and hidden only when as many come again.
      expect(await reportBy('52')).toMatchObject({ case: { state: 'open', hidden: false, reports: 3 } });
      expect(await reportBy('53')).toMatchObject({ case: { state: 'open', hidden: true, reports: 4 } });
      expect(await actions()).toEqual(['case-opened', 'hidden', 'dismissed', 'hidden']);
    });

    test('a case of another guild is unknown', async () => {
      const { id } = await store.openCase(opening());
      expect(await store.getCase('2', id)).toBeUndefined();
      for (const press of [
        store.decide('2', id, 'dismiss', now()),
        store.undo('2', id, 1, now()),
        store.setPicture('2', id, true, now()),
      ]) {
        expect(await press).toEqual({ kind: 'unknown' });
      }
    });

    test('a portrait is blocked once in its guild, through its card or by hand, and unblocked again', async () => {
      const { id } = await store.openCase(opening());
      const presses = await Promise.all([1, 2].map(() => store.setPicture(guildId, id, true, now())));
      expect(presses.map(({ kind }) => kind).sort()).toEqual(['already', 'done']);
      expect(await store.pictures(guildId)).toMatchObject([{ hash: 'hash', by: mod }]);
      const second = await store.blockPicture(guildId, { hash: 'other', note: 'a logo' }, now());
      expect((await store.pictures(guildId)).map(({ hash }) => hash)).toEqual(['other', 'hash']);
      expect(await store.pictures('2')).toEqual([]);
      expect(await store.unblockPicture('2', second.id, now())).toBe(false);
      expect(await store.unblockPicture(guildId, second.id, now())).toBe(true);
      expect(await store.setPicture(guildId, id, false, now())).toMatchObject({ kind: 'done', case: { pictureId: null } });
      expect(await store.pictures(guildId)).toEqual([]);
      // Unblocked by hand, the card that blocked it shows it, and can block it again.
      await store.setPicture(guildId, id, true, now());
      const [blocked] = await store.pictures(guildId);
      expect(await store.unblockPicture(guildId, blocked?.id ?? '', now())).toBe(true);
      expect(await store.getCase(guildId, id)).toMatchObject({ pictureId: null, dueAtMs: clock.now() });
      expect(await store.setPicture(guildId, id, true, now())).toMatchObject({ kind: 'done' });
      const without = await store.openCase(opening({ renderId: 'r2', portraitHash: null }));
      expect(await store.setPicture(guildId, without.id, true, now())).toMatchObject({ kind: 'already' });
    });

    test('a case is due until the revision that was shown is the latest', async () => {
      const first = await store.openCase(opening());
      expect(await store.due(clock.now(), 10)).toEqual([first]);
      await store.decide(guildId, first.id, 'dismiss', now());
      const card = { channelId: '61', messageId: '71' };
      await store.shown(first.id, first.revision, { card }, null);
      expect(await store.due(clock.now(), 10)).toMatchObject([{ card, state: 'dismissed' }]);
      await store.shown(first.id, 2, {}, clock.now() + 1_000);
      expect(await store.due(clock.now(), 10)).toEqual([]);
      expect(await store.nextDueAtMs()).toBe(clock.now() + 1_000);
      await store.shown(first.id, 2, { video: 'gone' }, null);
      expect(await store.nextDueAtMs()).toBeUndefined();
      // Shown late by somebody who was slow: over what stood there.
      await store.shown(first.id, 1, { video: 'hidden' }, null);
      expect(await store.due(clock.now(), 10)).toMatchObject([{ state: 'dismissed', video: 'hidden' }]);
    });

    test('the audit log is read page by page and outlives the cases', async () => {
      for (let n = 0; n < 7; n += 1) {
        const { id } = await store.openCase(opening({ renderId: `r${n}` }));
        await store.decide(guildId, id, 'dismiss', now());
        await store.shown(id, 2, {}, null);
      }
      await clock.advance(1);
      expect(await store.sweep(clock.now())).toBe(7);
      const first = await store.auditLog(guildId, { beforeSeq: null, limit: 10 });
      const second = await store.auditLog(guildId, { beforeSeq: first.at(-1)?.seq ?? 0, limit: 10 });
      expect([first.length, second.length]).toEqual([10, 4]);
      expect(await store.auditLog('2', { beforeSeq: null, limit: 10 })).toEqual([]);
      await store.forgetGuild(guildId);
      expect(await actions()).toEqual([]);
    });

    test('changed settings are in the log, with who and what', async () => {
      await store.noteSettings(guildId, 'Videos an hour: 20 → 5', now());
      const [entry] = await store.auditLog(guildId, { beforeSeq: null, limit: 1 });
      expect(entry).toMatchObject({ action: 'settings-changed', ...now(), why: 'Videos an hour: 20 → 5', memberId: null });
    });

    test('whatever is pressed in whatever order, a suspension or warning of a case stands exactly while it is decided so', async () => {
      const press = fc.constantFrom('dismiss', 'warn', 'remove', 'suspend-hour', 'suspend-open', 'undo' as const);
      let cases = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(press, { maxLength: 8 }), async presses => {
          cases += 1;
          const memberId = `9${cases}`;
          let held = await store.openCase(opening({ kind: 'report', renderId: `p${cases}`, memberId }));
          for (const each of presses) {
            const answer = await (each === 'undo'
              ? store.undo(guildId, held.id, held.revision, now())
              : store.decide(guildId, held.id, each, now()));
            if (answer.kind === 'unknown') throw new Error('lost');
            held = answer.case;
          }
          const suspended = (await store.suspensionOf(guildId, memberId, clock.now())) !== undefined;
          expect(suspended).toBe(held.state === 'suspended');
          expect((await store.memberRecord(guildId, memberId, clock.now())).warnings).toBe(held.state === 'warned' ? 1 : 0);
          expect((held.decision === null) === (held.state === 'open')).toBe(true);
        }),
        { numRuns: 15 },
      );
    });
  });
}
