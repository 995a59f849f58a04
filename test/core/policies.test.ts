import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policySchema } from '../../src/core/limits.ts';
import { createPolicies } from '../../src/core/policies.ts';
import { OPEN_POLICY } from '../support/requests.ts';

const policiesOver = (value: unknown) =>
  createPolicies({ get: async () => value, set: async () => {}, delete: async () => {} }, OPEN_POLICY);
const settings = Object.keys(policySchema.shape);

test('whatever is kept for a guild, its policy is one: what can not be read counts as not set', async () => {
  const kept = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...settings), fc.oneof(fc.jsonValue(), fc.double(), fc.integer())),
  );
  await fc.assert(
    fc.asyncProperty(kept, async value => {
      const policy = await policiesOver(value).of('guild');
      expect(policySchema.parse(policy)).toEqual(policy);
    }),
  );
});

test('what a guild has set comes back over the defaults', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.boolean(), async (perHour, ping) => {
      expect(await policiesOver({ perHour, ping }).of('guild')).toEqual({ ...OPEN_POLICY, perHour, ping });
    }),
  );
});
