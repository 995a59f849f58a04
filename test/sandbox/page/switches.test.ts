import { expect, test } from 'vitest';
import { switches } from '../../../sandbox/page/switches.ts';
import { faultOrder } from '../../../src/server/faults/fault.ts';

test('every error code that the panel offers, for every call, is one that the provider can answer', () => {
  const it = switches.find(each => each.id === 'error');
  const offered = (name: string) =>
    it?.fields.flatMap(each => (each.name === name && each.kind === 'choice' ? each.options : [])) ?? [];
  const pairs = offered('call').flatMap(call => offered('status').map(status => ({ call, status })));
  expect(pairs.length).toBeGreaterThan(1);
  for (const chosen of pairs) {
    const order = it?.order(field => (field === 'call' ? chosen.call : chosen.status));
    expect(order).toMatchObject({ at: 'provider', fault: { call: chosen.call, status: Number(chosen.status) } });
    expect(order?.at === 'provider' && faultOrder.safeParse(order.fault).success, `${chosen.call} ${chosen.status}`).toBe(true);
  }
});
