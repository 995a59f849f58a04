import type { ModerationCase } from '../../core/moderation/case.ts';
import type { ModerationStore } from '../../core/moderation/store.ts';
import { type CaseFacts, REPORTS_SHOWN } from '../views/case.ts';

/** A case with what stands beside it on its card. */
export async function factsOf(held: ModerationCase, store: ModerationStore, nowMs: number): Promise<CaseFacts> {
  const [record, reports] = await Promise.all([
    store.memberRecord(held.guildId, held.memberId, nowMs),
    held.kind === 'report' ? store.reportsOf(held.id, REPORTS_SHOWN) : [],
  ]);
  return { case: held, record, reports };
}
