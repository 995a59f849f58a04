import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPolicies } from '../../src/core/policies.ts';
import { type Bounds, type Policy, policySchema, RANGES } from '../../src/core/policy.ts';
import { NO_BOUNDS, OPEN_POLICY } from '../support/requests.ts';
import { settingsInMemory } from '../support/settings-in-memory.ts';

/** Policies over settings in memory. */
function policiesOver(kept: Record<string, unknown> = {}, bounds: Bounds = NO_BOUNDS, defaults: Policy = OPEN_POLICY) {
  const store = new Map<string, unknown>(Object.entries(kept));
  return { store, ...createPolicies(settingsInMemory(store), { defaults, bounds }) };
}
const names = Object.keys(policySchema.shape);

test('whatever is kept for a guild, its policy is one, and can be reset', async () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.double(), fc.integer())),
  );
  await fc.assert(
    fc.asyncProperty(anything, async value => {
      const policies = policiesOver({ 'policy:guild': value });
      const policy = await policies.of('guild');
      expect(policySchema.parse(policy)).toEqual(policy);
      expect((await policies.reset('guild')).after).toEqual(OPEN_POLICY);
      expect(await policies.isDamaged('guild')).toBe(false);
      expect(policies.store.size).toBe(0);
    }),
  );
});

test('a setting that can not be read counts as not set, is told as damage, and takes no other with it', async () => {
  const policies = policiesOver({ 'policy:guild': { perHour: 'many', deniedRoles: ['17'], ping: false } });
  expect(await policies.of('guild')).toEqual({ ...OPEN_POLICY, deniedRoles: ['17'], ping: false });
  expect(await policies.isDamaged('guild')).toBe(true);
  await policies.set('guild', { perHour: 7 });
  expect(await policies.of('guild')).toMatchObject({ perHour: 7, deniedRoles: ['17'] });
  expect(await policies.isDamaged('guild')).toBe(false);
});

test('rules about who may that can not be read keep everybody out, until they are set anew or reset', async () => {
  for (const value of [17, 'x', [], { deniedRoles: 'all' }, { allowedChannels: [1] }, { enabled: 'yes' }]) {
    const policies = policiesOver({ 'policy:guild': value });
    expect([await policies.of('guild'), await policies.isDamaged('guild')]).toEqual([{ ...OPEN_POLICY, enabled: false }, true]);
    await policies.set('guild', { enabled: true, deniedRoles: ['17'] });
    expect(await policies.of('guild')).toMatchObject({ enabled: true, deniedRoles: ['17'] });
  }
});

test('a change tells before and after, and only what differs from the defaults is kept', async () => {
  const policies = policiesOver();
  const { before, after } = await policies.set('guild', {
    perHour: 3,
    ping: OPEN_POLICY.ping,
    weights: { ...OPEN_POLICY.weights },
  });
  expect([before.perHour, after.perHour]).toEqual([OPEN_POLICY.perHour, 3]);
  expect(policies.store.get('policy:guild')).toEqual({ perHour: 3 });
  await policies.set('guild', { perHour: OPEN_POLICY.perHour });
  expect(policies.store.size).toBe(0);
});

test('a changed default reaches what a guild never touched', async () => {
  const { store } = policiesOver();
  store.set('policy:guild', { ping: false });
  const later = policiesOver(Object.fromEntries(store), NO_BOUNDS, { ...OPEN_POLICY, perHour: 9 });
  expect(await later.of('guild')).toMatchObject({ perHour: 9, ping: false });
});

test('numbers stay within what the operator allows, also when the operator comes to allow less', async () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }));
  await fc.assert(
    fc.asyncProperty(range, fc.nat({ max: 1_000 }), async ([one, other], perHour) => {
      const [min, max] = [Math.min(one, other), Math.max(one, other)];
      const policies = policiesOver({ 'policy:guild': { perHour } }, { ...NO_BOUNDS, perHour: { ...RANGES.perHour, min, max } });
      expect((await policies.of('guild')).perHour).toBe(Math.min(max, Math.max(min, perHour)));
    }),
  );
});

test('each of 500 guilds sees its own policy', async () => {
  const policies = policiesOver();
  const guilds = Array.from({ length: 500 }, (_, index) => ({
    id: `guild-${index}`,
    perHour: index + 1,
    deniedRoles: [`${index}`],
  }));
  await Promise.all(guilds.map(({ id, ...change }) => policies.set(id, change)));
  for (const { id, ...change } of guilds) expect(await policies.of(id)).toEqual({ ...OPEN_POLICY, ...change });
  await policies.reset('guild-17');
  expect(await policies.of('guild-17')).toEqual(OPEN_POLICY);
  expect(await policies.of('guild-18')).toMatchObject({ perHour: 19 });
});
