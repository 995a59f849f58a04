import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StandingRefusal } from '../../src/core/guards/guard.ts';
import { problemOf, refusalIn } from '../../src/core/guards/held-back.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { ANYBODY, aRequest } from '../support/requests.ts';
import { type Core, createScript, makeDirectory, openCore, type Script, until } from './house.ts';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let clock: ManualClock;
let script: Script;
let core: Core;
/** the first, at the provider, and the second, which waits for its place */
let ids: [string, string];
let isDone: boolean;
let blockedHash: string | undefined;

const phaseOf = async (id: string) => (await core.get(id)).phase;
const closed = (id: string) => until({ clock, script }, async () => (await phaseOf(id)) === 'closed');

beforeEach(async () => {
  directory = await makeDirectory();
  clock = createManualClock();
  script = createScript();
  isDone = false;
  blockedHash = undefined;
  script.moderation.blocksPortrait = async (guild, hash) => guild === 'guild-1' && hash === blockedHash;
  script.onStatus = async () => ({ kind: isDone ? 'completed' : 'working', state: 'PROCESSING' });
  core = await openCore(directory.path, clock, script, { atOnce: 1 });
  const first = await core.ask();
  await until({ clock, script }, async () => (await phaseOf(first)) === 'rendering');
  ids = [first, await core.ask()];
  await until({ clock, script }, async () => (await phaseOf(ids[1])) === 'waiting');
});
afterEach(async () => {
  await core.storage.close();
  await directory.clear();
  expect(script.bugs).toEqual([]);
});

/** Lets the first finish, so that it is the second's turn. */
async function goOn() {
  isDone = true;
  await closed(ids[1]);
  return core.get(ids[1]);
}
async function expectFree(): Promise<void> {
  expect(script.submits).toHaveLength(1);
  expect((await core.storage.ledger.totals()).bookedTodayUsd).toBeCloseTo(0.4);
  expect((await core.storage.ledger.usageOf('guild-1', 'member-1')).memberDayMs).toHaveLength(1);
  // The provider was not called for it, so it has used up no call.
  await until({ clock, script }, () => script.submitPermits === script.submits.length);
}

describe('what moderators decide while a render waits holds for it, free of charge, before it is ordered', () => {
  test('its member is suspended', async () => {
    const suspension = { untilMs: clock.now() + 86_400_000, why: 'spam' };
    script.suspensions = { of: async (_guild, member) => (member === 'member-1' ? suspension : undefined) };
    const { outcome } = await goOn();
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'suspended', charged: 'no' });
    expect(outcome?.kind === 'failed' && outcome.problem && refusalIn(outcome.problem)).toEqual({
      kind: 'suspended',
      ...suspension,
    });
    await expectFree();
  });

  test('its portrait is blocked, and goes', async () => {
    blockedHash = 'hash';
    const { outcome, prepared } = await goOn();
    expect(outcome).toMatchObject({ reason: 'policy', charged: 'no', problem: { code: 'portrait-blocked' } });
    expect(await core.storage.files.path(prepared?.portraitKey ?? '')).toBeUndefined();
    await expectFree();
  });

  const CHANGES: [string, Partial<Policy>, StandingRefusal][] = [
    ['/hallo is switched off', { enabled: false }, { kind: 'disabled' }],
    ['the channel is denied', { deniedChannels: ['channel-1'] }, { kind: 'channel', allowed: [] }],
    ['another channel is allowed', { allowedChannels: ['7', '8'] }, { kind: 'channel', allowed: ['7', '8'] }],
    ['a role is needed', { allowedRoles: ['5'] }, { kind: 'role', allowed: ['5'] }],
    ['only age-restricted channels are left', { ageRestrictedOnly: true }, { kind: 'age-restricted' }],
  ];
  test.each(CHANGES)('%s', async (_what, change, refusal) => {
    script.policy = change;
    const { outcome } = await goOn();
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'policy', charged: 'no' });
    expect(outcome?.kind === 'failed' && outcome.problem && refusalIn(outcome.problem)).toEqual(refusal);
    await expectFree();
  });

  test('a role that the member had when they asked is denied', async () => {
    const asker = { ...ANYBODY, roleIds: ['3', '4'] };
    const answer = await core.service.admit(aRequest({ memberId: 'member-2', askedAtMs: clock.now() }), asker);
    if (!answer.ok) throw new Error('refused');
    await core.service.deferred(answer.render.id, 'm2');
    script.policy = { deniedRoles: ['4'] };
    await goOn();
    await closed(answer.render.id);
    expect((await core.get(answer.render.id)).outcome).toMatchObject({ reason: 'policy', charged: 'no' });
    // Who has no such role is ordered.
    expect(script.submits).toHaveLength(2);
  });
});

test('what is decided about a render that was ordered already does not end it', async () => {
  script.policy = { enabled: false };
  await goOn();
  await closed(ids[0]);
  expect((await core.get(ids[0])).outcome).toEqual({ kind: 'video' });
});

test('a store that can not tell what was decided puts the order off, and does not charge for it', async () => {
  let failures = 0;
  script.suspensions = {
    async of() {
      if (++failures < 3) throw new Error('disk');
      return undefined;
    },
  };
  expect((await goOn()).outcome).toEqual({ kind: 'video' });
  expect(failures).toBeGreaterThanOrEqual(3);
  expect(script.submits).toHaveLength(2);
  expect(script.alarms).toContain('storage');
});

test('a look before a form tells what admission would, and takes nothing', async () => {
  const { guildId, memberId, weights } = aRequest();
  const look = () => core.service.look({ guildId, memberId, weights }, ANYBODY);
  expect(await look()).toBeUndefined();
  script.policy = { perMemberDay: 2 };
  expect(await look()).toMatchObject({ kind: 'limit', refusal: { limit: 'per-member-day', size: 2 } });
  script.policy = { perMemberDay: 2, enabled: false };
  expect(await look()).toEqual({ kind: 'disabled' });
  expect(await core.service.recent(guildId, memberId, 9)).toHaveLength(2);
});

test('every refusal is kept as a problem, and read again', () => {
  const refusals: StandingRefusal[] = [
    ...([{ kind: 'guild-not-served' }, { kind: 'disabled' }, { kind: 'age-restricted' }] as const),
    ...([
      { kind: 'suspended', untilMs: null, why: null },
      { kind: 'suspended', untilMs: 5, why: 'a b' },
    ] as const),
    ...([
      { kind: 'role', allowed: [] },
      { kind: 'role', allowed: ['1', '2'] },
      { kind: 'channel', allowed: ['3'] },
    ] as const),
  ];
  for (const refusal of refusals) expect(refusalIn(problemOf(refusal))).toEqual(refusal);
  expect(refusalIn({ code: 'portrait-blocked', facts: {} })).toBeUndefined();
});

test('the one order that may try while the provider takes none goes to the next in line', async () => {
  const [held, next] = [await core.ask({ memberId: 'member-2' }), await core.ask({ memberId: 'member-3' })];
  await until({ clock, script }, async () => (await phaseOf(next)) === 'waiting');
  script.suspensions = { of: async (_guild, member) => (member === 'member-2' ? { untilMs: null, why: null } : undefined) };
  script.creditsAnswer = async () => ({ ok: false, reason: 'provider', again: true, detail: 'no such call', retryAtMs: null });
  const accepts = script.onSubmit;
  script.onSubmit = async () => ({ kind: 'refused', reason: 'credits', detail: 'Insufficient credits' });
  await goOn();
  script.onSubmit = accepts;
  await closed(held);
  const heldAtMs = clock.now();
  await closed(next);
  expect((await core.get(held)).outcome).toMatchObject({ reason: 'suspended', charged: 'no' });
  expect((await core.get(next)).outcome).toEqual({ kind: 'video' });
  const { job } = await core.get(next);
  expect((job?.submittedAtMs ?? 0) - heldAtMs).toBeLessThan(60_000);
});
