import type { CallName } from '../routes/context.ts';
import type { AnswerFault, RenderFault } from './fault.ts';

export type FaultBook = ReturnType<typeof createFaultBook>;

const renderFaultNames: ReadonlySet<string> = new Set<RenderFault['fault']>([
  'failed',
  'never-finishes',
  'instant',
  'render-takes',
]);

function isRenderFault(fault: RenderFault | AnswerFault): fault is RenderFault {
  return renderFaultNames.has(fault.fault);
}

/** The call whose answer a fault changes. */
function callOf(fault: AnswerFault): CallName {
  switch (fault.fault) {
    case 'foreign-status-url':
    case 'incomplete-submit':
      return 'submit';
    case 'output-shape':
      return 'result';
    case 'not-a-video':
      return 'file';
    default:
      return fault.call;
  }
}

/** The faults that were ordered and are still to come. One fault a render or an answer: the one that was ordered first. */
export function createFaultBook() {
  let pending: { fault: RenderFault | AnswerFault; left: number }[] = [];
  let cleared = new AbortController();
  const failedUnder200 = new Set<string>();

  function takeOne(entry: { left: number } | undefined): void {
    if (entry === undefined) return;
    entry.left -= 1;
    pending = pending.filter(each => each.left > 0);
  }

  return {
    order(fault: RenderFault | AnswerFault): void {
      pending.push({ fault, left: fault.times });
    },

    /** What is still to come, with the number of times that are left. */
    pending: (): (RenderFault | AnswerFault)[] => pending.map(({ fault, left }) => ({ ...fault, times: left })),

    takeForRender(requestId: string): RenderFault | undefined {
      const entry = pending.find(each => isRenderFault(each.fault));
      takeOne(entry);
      if (entry === undefined || !isRenderFault(entry.fault)) return undefined;
      if (entry.fault.fault === 'failed' && entry.fault.http === 200) failedUnder200.add(requestId);
      return entry.fault;
    },

    takeForCall(call: CallName): AnswerFault | undefined {
      const entry = pending.find(each => !isRenderFault(each.fault) && callOf(each.fault) === call);
      takeOne(entry);
      return entry === undefined || isRenderFault(entry.fault) ? undefined : entry.fault;
    },

    failsUnder200: (requestId: string): boolean => failedUnder200.has(requestId),

    /** Aborts when the orders are cleared, which ends what an earlier one holds up. */
    clearedSignal: (): AbortSignal => cleared.signal,

    clear(): void {
      pending = [];
      failedUnder200.clear();
      cleared.abort(new Error('the faults were cleared'));
      cleared = new AbortController();
    },
  };
}
