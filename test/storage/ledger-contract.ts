import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOfDayMs, startOfMonthMs } from '../../src/core/limits.ts';
import { failed } from '../../src/core/outcomes.ts';
import type { Phase } from '../../src/core/phases.ts';
import type { Ledger, RenderChange } from '../../src/core/ports.ts';
import type { Render, RenderRequest } from '../../src/core/render.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { anAdmission, aRequest } from '../support/requests.ts';

/** Opens a store: the same one again under another owner, as another process would, or after a restart. */
export type LedgerHouse = { open(clock: ManualClock, owner: string): Promise<Ledger>; clear(): Promise<void> };

const PREPARED: RenderChange = {
  prepared: {
    portraitKey: 'inputs/a.jpg',
    portraitUrl: 'https://x/a.jpg',
    voiceKey: 'inputs/a.wav',
    voiceUrl: 'https://x/a.wav',
    voiceSeconds: 3,
    notes: [],
  },
};
const JOB = { requestId: 'q1', statusUrl: 'https://x/s', responseUrl: 'https://x/r', submittedAtMs: 0 };

/** What every ledger keeps, whichever store it has. */
export function ledgerContract(name: string, makeHouse: () => Promise<LedgerHouse>): void {
  describe(`the ledger on ${name}`, () => {
    let house: LedgerHouse;
    let clock: ManualClock;
    let ledger: Ledger;

    beforeEach(async () => {
      house = await makeHouse();
      clock = createManualClock();
      ledger = await house.open(clock, 'first');
    });
    afterEach(async () => {
      await ledger.close();
      await house.clear();
    });

    async function admit(change: Partial<RenderRequest> = {}, admission = anAdmission()): Promise<Render> {
      const answer = await ledger.admit(aRequest(change), admission);
      if (!answer.ok) throw new Error(`refused: ${answer.refusal.limit}`);
      return answer.render;
    }
    async function move(render: Render, ...steps: [Phase, RenderChange?][]): Promise<Render> {
      let current = render;
      for (const [to, change = {}] of steps) {
        const moved = await ledger.advance(current.id, current.phase, to, change);
        if (!moved) throw new Error(`could not move from ${current.phase} to ${to}`);
        current = moved;
      }
      return current;
    }
    const wait = (change: Partial<RenderRequest> = {}, admission = anAdmission()) =>
      admit(change, admission).then(render => move(render, ['waiting', PREPARED]));
    const spentUsd = async () => (await ledger.totals()).bookedTodayUsd;

    test('gives back what was admitted', async () => {
      const render = await admit({ spoiler: true });
      expect(await ledger.get(render.id)).toEqual(render);
      expect(render).toMatchObject({ phase: 'preparing', spoiler: true, reservedUsd: 0.42, messageId: null });
    });

    test('lets only one of two moves from the same phase through', async () => {
      const render = await wait();
      const moves = await Promise.all([
        ledger.advance(render.id, 'waiting', 'submitting', {}),
        ledger.advance(render.id, 'waiting', 'announcing', { outcome: failed('expired', 'no') }),
      ]);
      expect(moves.filter(moved => moved !== undefined)).toHaveLength(1);
    });

    test('refuses a transition that the table does not have', async () => {
      const render = await admit();
      await expect(ledger.advance(render.id, 'preparing', 'rendering', {})).rejects.toThrow('no transition');
    });

    test('parallel admissions never overdraw the hour', async () => {
      const admission = anAdmission({ perHour: 20 });
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => ledger.admit(aRequest({ memberId: `m${i}` }), admission)),
      );
      expect(answers.filter(answer => answer.ok)).toHaveLength(20);
      const refusals = answers.flatMap(answer => (answer.ok ? [] : [answer.refusal]));
      expect(refusals).toHaveLength(80);
      for (const refusal of refusals) expect(refusal).toEqual({ limit: 'per-hour', size: 20, freeAtMs: clock.now() + 3_600_000 });
      await clock.advance(3_600_001);
      expect((await ledger.admit(aRequest(), admission)).ok).toBe(true);
    });

    test('parallel admissions never overdraw the money of guild and operator', async () => {
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => ledger.admit(aRequest(), anAdmission({ usdPerMonth: 2.1 }))),
      );
      expect(answers.filter(answer => answer.ok)).toHaveLength(5);
      const other = await ledger.admit(aRequest({ guildId: 'guild-2' }), anAdmission({}, { usdPerDay: 2.1 }));
      expect(other).toMatchObject({ ok: false, refusal: { limit: 'operator-day-money' } });
    });

    test('twelve parallel claimers never exceed what is allowed at once, and each render is claimed once', async () => {
      for (let i = 0; i < 10; i += 1) await wait();
      for (let i = 0; i < 10; i += 1) await wait({ guildId: 'guild-2' }, anAdmission({ atOnce: 3 }));
      const answers = await Promise.all(Array.from({ length: 12 }, () => ledger.claimNext({ maxAtOnce: 100 })));
      const claims = answers.flatMap(({ render }) => render ?? []);
      const guilds = claims.map(claim => claim.guildId);
      expect(guilds.filter(guild => guild === 'guild-1')).toHaveLength(2);
      expect(guilds.filter(guild => guild === 'guild-2')).toHaveLength(3);
      expect(new Set(claims.map(claim => claim.id)).size).toBe(5);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeUndefined();
    });

    test('the ceiling over all guilds holds', async () => {
      for (let i = 0; i < 5; i += 1) await wait({ guildId: `guild-${i}` });
      expect((await ledger.claimNext({ maxAtOnce: 2 })).render).toBeDefined();
      expect((await ledger.claimNext({ maxAtOnce: 2 })).render).toBeDefined();
      expect((await ledger.claimNext({ maxAtOnce: 2 })).render).toBeUndefined();
    });

    test('guilds are served in turn: one that came later does not wait for a long line', async () => {
      for (let i = 0; i < 20; i += 1) await wait({}, anAdmission({ atOnce: 100 }));
      const { render: first } = await ledger.claimNext({ maxAtOnce: 100 });
      const late = await wait({ guildId: 'guild-2' });
      expect(first?.guildId).toBe('guild-1');
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render?.id).toBe(late.id);
    });

    test('a line keeps the order of admission, and tells each its place', async () => {
      const renders = [await wait(), await wait(), await wait()];
      expect(await Promise.all(renders.map(render => ledger.placeInLine(render)))).toEqual([1, 2, 3]);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render?.id).toBe(renders[0]?.id);
      expect(await ledger.placeInLine(renders[2] as Render)).toBe(2);
    });

    test('what has to wait for a time is not claimed before it', async () => {
      const render = await wait();
      const claimed = await move(render, ['submitting']);
      await move(claimed, ['waiting', { notBeforeMs: clock.now() + 5_000 }]);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeUndefined();
      expect((await ledger.claimNext({ maxAtOnce: 100 })).nextAtMs).toBe(clock.now() + 5_000);
      await clock.advance(5_000);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render?.id).toBe(render.id);
    });

    test('a cancelled render is never claimed', async () => {
      const render = await wait();
      await ledger.requestCancel(render.id);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeUndefined();
    });

    test('a wish to cancel that came while the video was fetched goes before the video', async () => {
      const rendering = await move(await wait(), ['submitting'], ['rendering', { job: JOB }]);
      await ledger.requestCancel(rendering.id);
      const done = await move(rendering, ['announcing', { outcome: { kind: 'video' }, costUsd: 0.31 }]);
      expect(done.outcome).toEqual({ kind: 'cancelled', charged: 'yes' });
      expect(await spentUsd()).toBeCloseTo(0.31);
    });

    test('a wish to cancel does not make free what may have been charged', async () => {
      const submitting = await move(await wait(), ['submitting']);
      await ledger.requestCancel(submitting.id);
      const done = await move(submitting, ['announcing', { outcome: failed('submit-unknown', 'maybe') }]);
      expect(done.outcome).toEqual({ kind: 'cancelled', charged: 'maybe' });
      expect(await spentUsd()).toBeCloseTo(0.42);
    });

    test('a failure that was not billed gives money and place in the hour back', async () => {
      const admission = anAdmission({ perHour: 1 });
      const render = await admit({}, admission);
      expect(await spentUsd()).toBeCloseTo(0.42);
      await move(render, ['announcing', { outcome: failed('image', 'no') }]);
      expect(await spentUsd()).toBeCloseTo(0);
      expect((await ledger.admit(aRequest(), admission)).ok).toBe(true);
    });

    test('a finished render is booked with what the provider stated', async () => {
      const render = await move(await wait(), ['submitting'], ['rendering', { job: JOB }]);
      const done = await move(render, ['announcing', { outcome: { kind: 'video' }, costUsd: 0.31 }]);
      expect(done.costUsd).toBe(0.31);
      expect(await spentUsd()).toBeCloseTo(0.31);
    });

    test('a limit at once that is changed holds for what waits already', async () => {
      const admission = anAdmission({ atOnce: 3 });
      for (const memberId of ['a', 'b', 'c']) await wait({ memberId }, admission);
      await ledger.allow('guild-1', 1);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeDefined();
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeUndefined();
      await ledger.allow('guild-1', 2);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeDefined();
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeUndefined();
      await ledger.allow('guild-unheard-of', 5);
      expect(await ledger.guilds()).toContain('guild-unheard-of');
    });

    test('costs are told by guild and member: what was billed, what is reserved, nothing that was given back', async () => {
      const month = startOfMonthMs(clock.now());
      const billed = await move(await wait(), ['submitting'], ['rendering', { job: JOB }]);
      await move(billed, ['announcing', { outcome: { kind: 'video' }, costUsd: 0.31 }], ['closed']);
      await admit({ memberId: 'member-2' });
      await move(await admit({ memberId: 'member-3' }), ['announcing', { outcome: failed('image', 'no') }]);
      await admit({ guildId: 'guild-2' });
      const { bookedUsd, renders, members } = await ledger.costsOf('guild-1', month, 5);
      expect(bookedUsd).toBeCloseTo(0.73);
      expect(renders).toBe(2);
      expect(members.map(member => [member.memberId, Math.round(member.bookedUsd * 100), member.renders])).toEqual([
        ['member-2', 42, 1],
        ['member-1', 31, 1],
      ]);
      expect((await ledger.costsOf('guild-1', month, 1)).members.map(member => member.memberId)).toEqual(['member-2']);
      expect((await ledger.costsOfAll(month, 5)).map(({ guildId }) => guildId)).toEqual(['guild-1', 'guild-2']);
      expect(await ledger.costsOfAll(month, 1)).toHaveLength(1);
      const nextDay = startOfDayMs(clock.now()) + 24 * 3_600_000;
      expect(await ledger.costsOf('guild-1', nextDay, 5)).toEqual({ bookedUsd: 0, renders: 0, members: [] });
      expect(await ledger.costsOfAll(nextDay, 5)).toEqual([]);
    });

    test('what a month has cost, and of how many renders, outlives their records', async () => {
      const month = startOfMonthMs(clock.now());
      for (const costUsd of [0.3, 0.5]) {
        const billed = await move(await wait(), ['submitting'], ['rendering', { job: JOB }]);
        await move(billed, ['announcing', { outcome: { kind: 'video' }, costUsd }], ['closed']);
      }
      await move(await admit(), ['announcing', { outcome: failed('image', 'no') }], ['closed']);
      const before = await ledger.costsOf('guild-1', month, 5);
      await ledger.forgetMember('guild-1', 'member-1', { keepRecordsMs: 0, except: [] });
      await clock.advance(24 * 3_600_000 + 1);
      expect(await ledger.sweep(clock.now())).toBe(3);
      const after = await ledger.costsOf('guild-1', month, 5);
      expect([before.renders, after.renders, after.members]).toEqual([2, 2, []]);
      expect([before.bookedUsd, after.bookedUsd].map(usd => usd.toFixed(2))).toEqual(['0.80', '0.80']);
    });

    test('how renders ended is told by the hour; the last failures newest first, whatever their texts say', async () => {
      const hourMs = 3_600_000;
      const firstMs = Math.ceil(clock.now() / hourMs) * hourMs;
      await clock.advance(firstMs - clock.now());
      const nasty = 'no "outcome":{"kind":"video"} \u0000 \ud800';
      const early = await move(await admit(), ['announcing', { outcome: failed('image', 'no', { detail: nasty }) }], ['closed']);
      await move(await admit({ memberId: 'member-2' }), ['announcing', { outcome: { kind: 'video' } }], ['closed']);
      await clock.advance(hourMs);
      const late = await move(await admit(), ['announcing', { outcome: failed('face', 'no') }], ['closed']);
      await admit({ memberId: 'member-3' });
      const all = await ledger.endings(firstMs);
      expect(all.map(({ hourMs: at, outcome, count }) => [at - firstMs, outcome, count])).toEqual([
        [0, 'failed', 1],
        [0, 'video', 1],
        [hourMs, 'failed', 1],
      ]);
      expect(await ledger.endings(firstMs + 1)).toHaveLength(1);
      expect((await ledger.lastFailures(firstMs, 5)).map(render => render.id)).toEqual([late.id, early.id]);
      expect((await ledger.lastFailures(firstMs, 1)).map(render => render.id)).toEqual([late.id]);
      expect(await ledger.lastFailures(firstMs + 2 * hourMs, 5)).toEqual([]);
    });

    test('a submit without an answer keeps the money, the hour and, for a time, the place', async () => {
      const admission = anAdmission({ atOnce: 1, perHour: 2 });
      const render = await move(await wait({}, admission), ['submitting']);
      await wait({}, admission);
      const outcome = failed('submit-unknown', 'maybe');
      await move(render, ['announcing', { outcome, placeUntilMs: clock.now() + 60_000 }], ['closed']);
      expect(await spentUsd()).toBeCloseTo(0.84);
      expect(await ledger.admit(aRequest(), admission)).toMatchObject({ refusal: { limit: 'per-hour' } });
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeUndefined();
      expect((await ledger.claimNext({ maxAtOnce: 100 })).nextAtMs).toBe(clock.now() + 60_000);
      await clock.advance(60_001);
      expect((await ledger.claimNext({ maxAtOnce: 100 })).render).toBeDefined();
    });

    test('a cooldown holds for a member, also after a failure that was given back', async () => {
      const admission = anAdmission({ cooldownSeconds: 30 });
      await move(await admit({}, admission), ['announcing', { outcome: failed('image', 'no') }]);
      await clock.advance(10_000);
      expect(await ledger.admit(aRequest(), admission)).toMatchObject({
        refusal: { limit: 'cooldown', freeAtMs: clock.now() + 20_000 },
      });
      expect((await ledger.admit(aRequest({ memberId: 'member-2' }), admission)).ok).toBe(true);
    });

    test('what a process left is taken over by the next, once', async () => {
      const render = await move(await wait(), ['submitting']);
      await ledger.close();
      ledger = await house.open(clock, 'second');
      expect((await ledger.takeOver(10)).map(taken => taken.id)).toEqual([render.id]);
      expect(await ledger.takeOver(10)).toEqual([]);
      expect(await ledger.get(render.id)).toMatchObject({ phase: 'submitting' });
    });

    test('its own renders are never taken over, however late the leases are renewed', async () => {
      await wait();
      await clock.advance(120_000);
      expect(await ledger.takeOver(10)).toEqual([]);
    });

    test('lists the last renders of a member, newest first, and sweeps the old', async () => {
      const first = await admit();
      await clock.advance(1_000);
      const second = await admit();
      await admit({ memberId: 'member-2' });
      expect((await ledger.recent('guild-1', 'member-1', 5)).map(render => render.id)).toEqual([second.id, first.id]);
      await move(first, ['announcing', { outcome: failed('image', 'no') }], ['closed']);
      expect(await ledger.sweep(clock.now() + 1)).toBe(1);
      expect(await ledger.get(first.id)).toBeUndefined();
    });

    test('tells what admission would count for a member', async () => {
      const atMs = clock.now();
      await admit();
      await clock.advance(2 * 3_600_000);
      await admit();
      await admit({ memberId: 'member-2' });
      await admit({ guildId: 'guild-2' });
      const nowMs = clock.now();
      expect(await ledger.usageOf('guild-1', 'member-1')).toMatchObject({
        ...{ guildHourMs: [nowMs, nowMs], memberDayMs: [atMs, nowMs], memberLastMs: nowMs, waiting: 4 },
        guildMonthUsd: expect.closeTo(1.26),
        operatorMonthUsd: expect.closeTo(1.68),
      });
      expect(await ledger.usageOf('guild-3', 'member-1')).toMatchObject({
        guildHourMs: [],
        memberLastMs: null,
        guildMonthUsd: 0,
      });
    });

    test('forgets what a member has closed in a guild once no limit counts it, and tells which files are left', async () => {
      const keepRecordsMs = 90 * 24 * 3_600_000;
      const end = async (change: Partial<RenderRequest> = {}) =>
        move(await wait(change), ['submitting'], ['announcing', { ...PREPARED, outcome: { kind: 'video' } }], ['closed']);
      const [own, held] = [await end(), await end()];
      const others = [await end({ memberId: 'member-2' }), await end({ guildId: 'guild-2' }), await wait()];
      const keys = await ledger.forgetMember('guild-1', 'member-1', { keepRecordsMs, except: [held.id] });
      expect(keys).toEqual(['inputs/a.jpg', 'inputs/a.wav']);
      expect(await ledger.sweep(clock.now() - keepRecordsMs)).toBe(0);
      await clock.advance(24 * 3_600_000 + 1_000);
      expect(await ledger.sweep(clock.now() - keepRecordsMs)).toBe(1);
      expect(await ledger.get(own.id)).toBeUndefined();
      for (const { id } of [held, ...others]) expect(await ledger.get(id)).toBeDefined();
    });

    test('forgets a guild once none of its renders is under way, and tells which files are left; its money stays booked', async () => {
      const lost: RenderChange = { ...PREPARED, outcome: failed('submit-unknown', 'maybe') };
      const render = await move(await wait(), ['submitting'], ['announcing', lost]);
      const other = await admit({ guildId: 'guild-2' });
      expect((await ledger.guilds()).sort()).toEqual(['guild-1', 'guild-2']);
      expect(await ledger.forgetGuild('guild-1')).toBeUndefined();
      expect(await ledger.get(render.id)).toBeDefined();
      await move(render, ['closed']);
      expect(await ledger.forgetGuild('guild-1')).toEqual(['inputs/a.jpg', 'inputs/a.wav']);
      expect([await ledger.get(render.id), (await ledger.get(other.id))?.id]).toEqual([undefined, other.id]);
      expect([await ledger.guilds(), await spentUsd()]).toEqual([['guild-2'], 0.84]);
    });
  });
}
