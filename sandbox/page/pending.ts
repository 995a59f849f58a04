import { switches } from './switches.ts';

/** What was ordered at the provider or at Discord and is still to come, as these list it. */
export type Pending = { fault: string; times: number } & Record<string, unknown>;

/** What is ordered, by the label of its switch and what was chosen there; by its own name where no switch orders it. */
export function pendingInWords(pending: Pending): string {
  const found = switches.find(each => ordersThis(each, pending));
  const chosen = (found?.fields ?? []).map(field => String(pending[field.name]));
  return [found?.label ?? pending.fault, ...chosen].join(' · ') + (pending.times > 1 ? ` (${pending.times} times)` : '');
}

/** A field is called as what it sets, so the switch can be asked for its order with the values that stand there. */
function ordersThis({ order }: (typeof switches)[number], pending: Pending): boolean {
  const ordered = order(field => String(pending[field]));
  if (!('fault' in ordered)) return false;
  return Object.entries(ordered.fault).every(([key, value]) => pending[key] === value);
}
