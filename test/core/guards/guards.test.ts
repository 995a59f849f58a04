import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Facts, firstRefusal, type GuardRefusal } from '../../../src/core/guards/guard.ts';
import { GUARDS } from '../../../src/core/guards/guards.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { ANYBODY, OPEN_POLICY } from '../../support/requests.ts';

const facts = (change: Partial<Facts> = {}, policy: Partial<Policy> = {}): Facts => ({
  ...{
    policy: { ...OPEN_POLICY, ...policy },
    served: true,
    asker: ANYBODY,
    suspension: undefined,
    hasConsented: true,
    problem: undefined,
  },
  ...change,
});
const refused = (given: Facts) => firstRefusal(GUARDS, given);
const as = (asker: Partial<Facts['asker']>) => ({ asker: { ...ANYBODY, ...asker } });

test('nothing stands in the way of anybody where nothing is set', () => {
  expect(refused(facts())).toBeUndefined();
});

const suspension = { untilMs: 5, why: 'spam' };
const problem = { code: 'file-empty', facts: {} };

/** In the order in which they are asked: what makes each object, and what it says. */
const OBJECTIONS: readonly { change: Partial<Facts>; policy?: Partial<Policy>; says: GuardRefusal }[] = [
  { change: { served: false }, says: { kind: 'guild-not-served' } },
  { change: {}, policy: { enabled: false }, says: { kind: 'disabled' } },
  { change: { suspension }, says: { kind: 'suspended', ...suspension } },
  { change: {}, policy: { allowedRoles: ['7'] }, says: { kind: 'role', allowed: ['7'] } },
  { change: {}, policy: { allowedChannels: ['9'] }, says: { kind: 'channel', allowed: ['9'] } },
  { change: as({ missingPermissions: ['attach'] }), says: { kind: 'permissions', missing: ['attach'] } },
  { change: { hasConsented: false }, says: { kind: 'consent' } },
  { change: { problem }, says: { kind: 'input', problem } },
];

test.each(OBJECTIONS.map((objection, at) => ({ ...objection, at, kind: objection.says.kind })))(
  '$kind is refused by itself, and goes before all that follows',
  ({ change, policy = {}, says, at }) => {
    expect(refused(facts(change, policy))).toEqual(says);
    const following = OBJECTIONS.slice(at);
    const all: Partial<Facts> = Object.assign({}, ...following.map(each => each.change));
    const rules: Partial<Policy> = Object.assign({}, ...following.map(each => each.policy));
    expect(refused(facts(all, rules))).toEqual(says);
  },
);

test('a denied role or channel goes before an allowed one; an allowed one is enough', () => {
  const ids = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4', '5'));
  fc.assert(
    fc.property(ids, ids, ids, (has, allowed, denied) => {
      const passes = !has.some(id => denied.includes(id)) && (allowed.length === 0 || has.some(id => allowed.includes(id)));
      const byRole = refused(facts(as({ roleIds: has }), { allowedRoles: allowed, deniedRoles: denied }));
      const byChannel = refused(facts(as({ channelIds: has }), { allowedChannels: allowed, deniedChannels: denied }));
      expect([byRole === undefined, byChannel === undefined]).toEqual([passes, passes]);
    }),
  );
});

test('a guild for age-restricted channels alone refuses elsewhere', () => {
  expect(refused(facts({}, { ageRestrictedOnly: true }))).toEqual({ kind: 'age-restricted' });
  expect(refused(facts(as({ ageRestricted: true }), { ageRestrictedOnly: true }))).toBeUndefined();
});
