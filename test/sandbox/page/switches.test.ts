import { expect, test } from 'vitest';
import { pendingInWords } from '../../../sandbox/page/pending.ts';
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

test('what is ordered is called by the label of its switch, with what was chosen there', () => {
  for (const { label, fields, order } of switches) {
    const ordered = order(name => fields.find(each => each.name === name)?.initial ?? '');
    if (!('fault' in ordered)) continue;
    // The provider tells it with all that it adds by itself.
    const told = ordered.at === 'provider' ? faultOrder.parse(ordered.fault) : ordered.fault;
    const words = [label, ...fields.map(each => each.initial)].join(' · ');
    expect(pendingInWords({ ...told, times: 1 })).toBe(words);
    expect(pendingInWords({ ...told, times: 2 })).toBe(`${words} (2 times)`);
  }
  expect(pendingInWords({ fault: 'truncate', times: 1 })).toBe('truncate');
});
