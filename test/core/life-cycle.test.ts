import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Phase } from '../../src/core/phases.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { ANYBODY, aRequest } from '../support/requests.ts';
import { type Core, createScript, makeDirectory, openCore, type Script, until } from './house.ts';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let clock: ManualClock;
let script: Script;
let core: Core;

beforeEach(async () => {
  directory = await makeDirectory();
  clock = createManualClock();
  script = createScript();
  core = await openCore(directory.path, clock, script);
});
afterEach(async () => {
  await core.storage.close();
  await directory.clear();
  expect(script.bugs).toEqual([]);
});

const phaseOf = async (id: string): Promise<Phase> => (await core.get(id)).phase;
const reach = (id: string, phase: Phase) => until({ clock, script }, async () => (await phaseOf(id)) === phase);
const spentUsd = async () => (await core.storage.ledger.totals()).bookedTodayUsd;
const never = () => new Promise<never>(() => undefined);
async function restart(policy: Partial<Policy> = {}): Promise<void> {
  await core.kill();
  core = await openCore(directory.path, clock, script, policy);
}

describe('a render that goes well', () => {
  test('is submitted once, announced once, pinged once, and booked with its cost', async () => {
    const id = await core.ask();
    await reach(id, 'closed');
    expect(await core.get(id)).toMatchObject({ outcome: { kind: 'video' }, costUsd: 0.4, rung: 'interaction' });
    expect(script.submits).toHaveLength(1);
    expect(script.delivered).toHaveLength(1);
    expect(script.pings).toEqual([id]);
    expect(await spentUsd()).toBeCloseTo(0.4);
  });

  test('shows the phases as they come', async () => {
    let polls = 0;
    script.onStatus = async () => ({ kind: ++polls > 3 ? 'completed' : 'working', state: 'PROCESSING' });
    await reach(await core.ask(), 'closed');
    expect([...new Set(script.progress.map(progress => progress.kind))]).toEqual(['preparing', 'rendering']);
  });

  test('what was learned of durations survives a restart', async () => {
    script.onResult = async () => ({
      kind: 'completed',
      videoUrl: 'v',
      metrics: { costUsd: 0.4, remainingCredits: null, renderMs: 20_000 },
    });
    const took = async () => {
      const id = await core.ask();
      await reach(id, 'closed');
      const { admittedAtMs, closedAtMs } = await core.get(id);
      return (closedAtMs ?? 0) - admittedAtMs;
    };
    const firstMs = await took();
    for (let i = 0; i < 8; i += 1) await took();
    await restart();
    expect(await took()).toBeLessThan(firstMs * 0.5);
  });
});

describe('a submit', () => {
  test('that certainly was not taken is sent again, not before the time that the provider names', async () => {
    const firstAtMs = clock.now();
    script.onSubmit = async () =>
      script.submits.length === 1
        ? { kind: 'not-taken', retryAtMs: clock.now() + 45_000, detail: 'busy' }
        : { kind: 'accepted', requestId: 'q', statusUrl: 's', responseUrl: 'r' };
    const id = await core.ask();
    await reach(id, 'rendering');
    expect(script.submits).toHaveLength(2);
    expect(clock.now() - firstAtMs).toBeGreaterThanOrEqual(45_000);
  });

  test('that may have been taken ends the render: may have been charged, never sent again', async () => {
    script.onSubmit = async () => ({ kind: 'unknown', detail: 'reset' });
    const id = await core.ask();
    await reach(id, 'closed');
    await clock.advance(3_600_000);
    expect(await core.get(id)).toMatchObject({ outcome: { reason: 'submit-unknown', charged: 'maybe' } });
    expect(script.submits).toHaveLength(1);
    expect(await spentUsd()).toBeCloseTo(0.42);
  });

  test('that is refused for lack of credits pauses all others, until there are credits again', async () => {
    script.onSubmit = async () => ({ kind: 'refused', reason: 'credits', detail: 'no credits' });
    script.credits = 0;
    const id = await core.ask();
    await reach(id, 'closed');
    expect(await core.get(id)).toMatchObject({ outcome: { reason: 'credits', charged: 'no' } });
    expect(script.alarms).toEqual(['credits']);
    expect(await core.service.admit(aRequest(), ANYBODY)).toEqual({ ok: false, refusal: { kind: 'paused', reason: 'credits' } });
    script.credits = 10;
    await clock.advance(61_000);
    expect((await core.service.admit(aRequest(), ANYBODY)).ok).toBe(true);
  });

  test('that is refused by a provider without a call for credits: one submit tries after some minutes, the others after that', async () => {
    const refused = { kind: 'refused', reason: 'credits', detail: 'no credits' } as const;
    const { onSubmit } = script;
    script.onSubmit = async () => refused;
    script.creditsAnswer = async () => ({ ok: false, reason: 'provider', again: false, retryAtMs: null, detail: '404' });
    await reach(await core.ask(), 'closed');
    await clock.advance(4 * 60_000);
    expect((await core.service.admit(aRequest(), ANYBODY)).ok).toBe(false);
    await clock.advance(61_000);
    const ids = [await core.ask(), await core.ask()];
    const phases = () => Promise.all(ids.map(phaseOf));
    await until({ clock, script }, async () => (await phases()).includes('closed'));
    expect((await phases()).sort()).toEqual(['closed', 'waiting']);
    const other = ids[(await phases()).indexOf('waiting')] ?? '';
    expect([script.submits.length, script.alarms]).toEqual([2, ['credits']]);
    script.onSubmit = onSubmit;
    await clock.advance(4 * 60_000);
    expect(await phaseOf(other)).toBe('waiting');
    await reach(other, 'closed');
    expect((await core.get(other)).outcome).toEqual({ kind: 'video' });
    await reach(await core.ask(), 'closed');
    expect(script.submits).toHaveLength(4);
  });
});

describe('a watched render', () => {
  test('FAILED ends it with the reason of its text, free of charge', async () => {
    script.onStatus = async () => ({
      kind: 'failed',
      detail: 'safety filter',
      metrics: { costUsd: null, remainingCredits: null, renderMs: null },
    });
    const id = await core.ask();
    await reach(id, 'closed');
    expect(await core.get(id)).toMatchObject({
      outcome: { reason: 'blocked-other', charged: 'no', detail: 'safety filter' },
      costUsd: 0,
    });
    expect(await spentUsd()).toBeCloseTo(0);
  });

  test('is watched through unknown states for an hour, never less, and polled with measure', async () => {
    script.onStatus = async () => ({ kind: 'working', state: 'DREAMING' });
    const id = await core.ask();
    await reach(id, 'rendering');
    await clock.advance(59 * 60_000);
    expect(await phaseOf(id)).toBe('rendering');
    await clock.advance(3 * 60_000);
    expect(await core.get(id)).toMatchObject({ phase: 'closed', outcome: { reason: 'timeout', charged: 'maybe' } });
    expect(script.polls).toBeLessThan(450);
  });

  test('a 404 counts only when it stands for 60 s', async () => {
    let polls = 0;
    script.onStatus = async () => (++polls <= 2 ? { kind: 'missing' } : { kind: 'completed' });
    const well = await core.ask();
    await reach(well, 'closed');
    expect((await core.get(well)).outcome).toEqual({ kind: 'video' });
    script.onStatus = async () => ({ kind: 'missing' });
    const gone = await core.ask();
    await reach(gone, 'closed');
    expect(await core.get(gone)).toMatchObject({ outcome: { reason: 'expired', charged: 'maybe' } });
  });

  test.each(['key', 'credits', 'busy'] as const)('being denied (%s) pauses the polls and ends nothing', async reason => {
    let polls = 0;
    script.onStatus = async () => (++polls === 1 ? { kind: 'denied', reason, retryAtMs: null } : { kind: 'completed' });
    const id = await core.ask();
    await until({ clock, script }, () => polls === 1);
    await clock.advance(55_000);
    expect(polls).toBe(1);
    expect(script.alarms).toEqual(reason === 'busy' ? [] : [reason]);
    await reach(id, 'closed');
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
  });

  test('being forbidden to ask for one job pauses neither the others nor the submits; where the key itself is refused, all of it', async () => {
    let polls = 0;
    script.onStatus = async () =>
      ++polls === 1 ? { kind: 'denied', reason: 'forbidden', retryAtMs: clock.now() + 15 * 60_000 } : { kind: 'completed' };
    const first = await core.ask();
    await until({ clock, script }, () => polls === 1);
    await reach(await core.ask(), 'closed');
    expect([await phaseOf(first), script.alarms]).toEqual(['rendering', []]);
    await reach(first, 'closed');
    expect((await core.get(first)).outcome).toEqual({ kind: 'video' });

    script.creditsAnswer = async () => ({ ok: false, reason: 'key', again: false, retryAtMs: null, detail: '401' });
    polls = 0;
    await core.ask();
    await until({ clock, script }, () => script.alarms.length > 0);
    expect(script.alarms).toEqual(['key']);
    expect(await core.service.admit(aRequest(), ANYBODY)).toEqual({ ok: false, refusal: { kind: 'paused', reason: 'key' } });
  });

  test('server trouble is waited out', async () => {
    let polls = 0;
    script.onStatus = async () => (++polls <= 4 ? { kind: 'trouble', detail: '502' } : { kind: 'completed' });
    const id = await core.ask();
    await reach(id, 'closed');
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
  });

  test('a private one says where its result will be before its token ends', async () => {
    script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
    const startMs = clock.now();
    await reach(await core.ask({ private: true }), 'rendering');
    await clock.advanceTo(startMs + 13.4 * 60_000);
    expect(script.farewells).toBe(0);
    await clock.advance(60_000);
    expect(script.farewells).toBe(1);
    await clock.advance(10 * 60_000);
    expect(script.farewells).toBe(1);
  });
});

describe('a private render says where its result will be, also while', () => {
  const FAREWELL_MS = 13.5 * 60_000;
  test.each(['it is being prepared', 'its poll waits in line', 'its video is fetched'])('%s', async what => {
    if (what === 'it is being prepared') script.onPrepare = never;
    if (what === 'its poll waits in line') script.onStatus = never;
    if (what === 'its video is fetched') script.onKeepVideo = never;
    const startMs = clock.now();
    await reach(await core.ask({ private: true }), what === 'it is being prepared' ? 'preparing' : 'rendering');
    await clock.advanceTo(startMs + FAREWELL_MS - 1_000);
    expect(script.farewells).toBe(0);
    await clock.advance(2_000);
    expect(script.farewells).toBe(1);
  });

  test('the bot was restarted', async () => {
    script.onPrepare = never;
    const startMs = clock.now();
    await core.ask({ private: true });
    await restart();
    await clock.advanceTo(startMs + FAREWELL_MS + 1_000);
    expect(script.farewells).toBe(1);
    await restart();
    await clock.advance(60_000);
    expect(script.farewells).toBe(1);
  });
});

describe('cancelling', () => {
  test('while preparing is free, and stops the work', async () => {
    script.onPrepare = (_render, _limits, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const id = await core.ask();
    await clock.advance(10);
    expect(await core.service.cancel(id)).toBe('free');
    await reach(id, 'closed');
    expect(await core.get(id)).toMatchObject({ outcome: { kind: 'cancelled', charged: 'no' } });
    expect(script.submits).toEqual([]);
  });

  test('while waiting is free', async () => {
    core = await reopened({ atOnce: 1 });
    script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
    await reach(await core.ask(), 'rendering');
    const second = await core.ask();
    await reach(second, 'waiting');
    expect(await core.service.cancel(second)).toBe('free');
    await reach(second, 'closed');
    expect(script.submits).toHaveLength(1);
  });

  test('after the submit is charged: watched on, booked, its place freed, the video not posted', async () => {
    let done = false;
    script.onStatus = async () => (done ? { kind: 'completed' } : { kind: 'working', state: 'PROCESSING' });
    const id = await core.ask();
    await reach(id, 'rendering');
    expect(await core.service.cancel(id)).toBe('charged');
    await clock.advance(60_000);
    expect(await phaseOf(id)).toBe('rendering');
    expect(script.progress.at(-1)).toEqual({ kind: 'cancelled', charged: 'yes' });
    done = true;
    await reach(id, 'closed');
    expect(await core.get(id)).toMatchObject({ outcome: { kind: 'cancelled', charged: 'yes' }, costUsd: 0.4, videoKey: null });
    expect(script.pings).toEqual([]);
  });

  test('while its submit is in flight is remembered and applied after the answer', async () => {
    let answer: (() => void) | undefined;
    script.onSubmit = () =>
      new Promise(resolve => {
        answer = () => resolve({ kind: 'accepted', requestId: 'q', statusUrl: 's', responseUrl: 'r' });
      });
    const id = await core.ask();
    await until({ clock, script }, () => answer !== undefined);
    expect(await core.service.cancel(id)).toBe('charged');
    answer?.();
    await reach(id, 'closed');
    expect(await core.get(id)).toMatchObject({ outcome: { kind: 'cancelled', charged: 'yes' } });
  });

  test('once it is being announced is refused', async () => {
    script.onOutcome = never;
    const id = await core.ask();
    await reach(id, 'announcing');
    expect(await core.service.cancel(id)).toBe('too-late');
  });
});

describe('after a crash', () => {
  test('in preparing, the work begins anew', async () => {
    script.onPrepare = never;
    const id = await core.ask();
    await clock.advance(100);
    script.onPrepare = undefined;
    await restart();
    await reach(id, 'closed');
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
    expect(script.submits).toHaveLength(1);
  });

  test('between row and deferral: found and gone on with where it stands, closed silently where it never was', async () => {
    const answers = await Promise.all([core.service.admit(aRequest(), ANYBODY), core.service.admit(aRequest(), ANYBODY)]);
    const [first, second] = answers.map(answer => (answer.ok ? answer.render.id : ''));
    let asked = 0;
    script.onFindDeferral = async () => (++asked === 1 ? { kind: 'stands', messageId: 'm9' } : { kind: 'never' });
    await restart();
    await until({ clock, script }, async () => (await phaseOf(second ?? '')) === 'closed');
    await reach(first ?? '', 'closed');
    expect(await core.get(first ?? '')).toMatchObject({ messageId: 'm9', outcome: { kind: 'video' } });
    expect(script.delivered.map(render => render.id)).toEqual([first]);
    expect(await spentUsd()).toBeCloseTo(0.4);
  });

  test('in waiting, it waits on and is submitted once', async () => {
    core = await reopened({ atOnce: 1 });
    let done = false;
    script.onStatus = async () => (done ? { kind: 'completed' } : { kind: 'working', state: 'PROCESSING' });
    const first = await core.ask();
    await reach(first, 'rendering');
    const second = await core.ask();
    await reach(second, 'waiting');
    await restart({ atOnce: 1 });
    await clock.advance(20_000);
    expect(await phaseOf(second)).toBe('waiting');
    done = true;
    await reach(second, 'closed');
    expect(script.submits).toHaveLength(2);
  });

  test('in submitting, it may have been charged and is never sent again', async () => {
    script.onSubmit = never;
    const id = await core.ask();
    await reach(id, 'submitting');
    await restart();
    await reach(id, 'closed');
    await clock.advance(3_600_000);
    expect(await core.get(id)).toMatchObject({ outcome: { reason: 'submit-unknown', charged: 'maybe' } });
    expect(script.submits).toHaveLength(1);
  });

  test('in rendering, it is watched on', async () => {
    script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
    const id = await core.ask();
    await reach(id, 'rendering');
    script.onStatus = async () => ({ kind: 'completed' });
    await restart();
    await reach(id, 'closed');
    expect((await core.get(id)).outcome).toEqual({ kind: 'video' });
    expect(script.submits).toHaveLength(1);
  });

  test('in announcing, it is announced; a ping that was recorded is not sent again', async () => {
    script.onOutcome = never;
    const id = await core.ask();
    await reach(id, 'announcing');
    await core.storage.ledger.update(id, 'announcing', { pingedAtMs: clock.now() });
    script.onOutcome = async () => ({ kind: 'delivered', rung: 'message', channelId: 'c', messageId: 'm' });
    await restart();
    await reach(id, 'closed');
    expect(script.delivered).toHaveLength(1);
    expect(script.pings).toEqual([]);
  });
});

describe('many at once', () => {
  test('100 in one guild with 2 at once and 20 an hour: 20 admitted, never more than 2 rendering; a second guild starts at once', async () => {
    core = await reopened({ atOnce: 2, perHour: 20 });
    let most = 0;
    script.onStatus = async () => {
      most = Math.max(most, (await core.storage.ledger.totals()).phases.rendering);
      return { kind: 'completed' };
    };
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => core.service.admit(aRequest({ memberId: `m${i}` }), ANYBODY)),
    );
    const ids = answers.flatMap(answer => (answer.ok ? [answer.render.id] : []));
    expect(ids).toHaveLength(20);
    for (const answer of answers)
      if (!answer.ok)
        expect(answer.refusal).toMatchObject({ kind: 'limit', refusal: { limit: 'per-hour', freeAtMs: expect.any(Number) } });
    await Promise.all(ids.map(id => core.service.deferred(id, 'm')));
    const other = await core.ask({ guildId: 'guild-2' });
    await reach(other, 'rendering');
    const before = (await Promise.all(ids.map(phaseOf))).filter(phase => phase === 'preparing' || phase === 'waiting');
    expect(before.length).toBeGreaterThanOrEqual(15);
    await until({ clock, script }, async () => (await Promise.all(ids.map(phaseOf))).every(phase => phase === 'closed'), 10_000);
    expect(most).toBeLessThanOrEqual(3);
    expect(script.submits).toHaveLength(21);
  });

  test('a place is the next one’s as soon as the provider is done, however long Discord takes', async () => {
    core = await reopened({ atOnce: 1 });
    script.onOutcome = never;
    const ids = [await core.ask(), await core.ask(), await core.ask()];
    const all = async () => (await Promise.all(ids.map(phaseOf))).every(phase => phase === 'announcing');
    await until({ clock, script }, all);
    expect(script.submits).toHaveLength(3);
  });

  test('draining takes nothing new and leaves every render resumable', async () => {
    script.onStatus = async () => ({ kind: 'working', state: 'PROCESSING' });
    const id = await core.ask();
    await reach(id, 'rendering');
    await core.drain(8_000);
    expect(await core.service.admit(aRequest(), ANYBODY)).toEqual({ ok: false, refusal: { kind: 'draining' } });
    expect(await phaseOf(id)).toBe('rendering');
  });
});

async function reopened(policy: Partial<Policy>): Promise<Core> {
  await core.kill();
  return openCore(directory.path, clock, script, policy);
}
