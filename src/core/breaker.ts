import type { Clock } from './clock.ts';
import type { Provider, Signals, Telemetry } from './ports.ts';

/** How often an open breaker asks whether the provider takes work again; the call is free. */
const PROBE_EVERY_MS = 60_000;
/** So many such answers in a row that tell nothing, and one submit is let through: not every provider has the call. */
const BLIND_PROBES = 5;

const TOPIC = 'breaker';

/** Why submits pause. */
export type BreakerReason = 'credits' | 'key';

/** Open while the provider takes no work for lack of credits or for a bad key: submits pause, new renders are refused at once. */
export type Breaker = {
  /** why it is open; undefined: closed, or one submit may try */
  openFor(): BreakerReason | undefined;
  open(reason: BreakerReason, detail: string): void;
  /** One job alone was refused: opens only where the provider refuses the key itself. */
  suspect(detail: string): void;
  /** A submit goes out. Where it is a trial, no other one follows until its answer is known. */
  submitting(): void;
  /** It did not go out after all: where it was to be a trial, the next one may be. */
  unsent(): void;
  /** A submit was taken: where it was a trial, work goes on. */
  taken(): void;
  /** no polls before this time: asking was refused */
  pollsPausedUntilMs(): number;
  pausePolls(untilMs: number): void;
  stop(): void;
};

/** `half-open`: one submit may try; `trying`: it is out. */
type State = { kind: 'closed' } | { kind: 'open' | 'half-open' | 'trying'; reason: BreakerReason };

/**
 * `needUsd`: what must be there at the least for a render. `onClose` is called when work may go on.
 */
export function createBreaker(deps: {
  provider: Pick<Provider, 'credits'>;
  clock: Clock;
  telemetry: Pick<Telemetry, 'alarm'>;
  needUsd: number;
  onClose: () => void;
  /** the breakers of other processes: what one finds out holds for all */
  signals?: Signals;
}): Breaker {
  const { clock } = deps;
  let state: State = { kind: 'closed' };
  let pausedUntilMs = 0;
  let suspecting = false;
  const stopped = new AbortController();

  function close(): void {
    closeHere();
    deps.signals?.tell(TOPIC, 'closed');
  }

  function closeHere(): void {
    state = { kind: 'closed' };
    pausedUntilMs = 0;
    deps.onClose();
  }

  function open(reason: BreakerReason, detail: string): void {
    if (!openHere(reason)) return;
    deps.telemetry.alarm(reason, detail);
    deps.signals?.tell(TOPIC, reason);
  }

  /** False: it was open before. */
  function openHere(reason: BreakerReason): boolean {
    const wasClosed = state.kind === 'closed';
    state = { kind: 'open', reason };
    if (wasClosed) untilStopped(probe());
    return wasClosed;
  }

  deps.signals?.on(TOPIC, text => {
    if (text === 'credits' || text === 'key') openHere(text);
    else if (text === 'closed' && state.kind !== 'closed') closeHere();
  });

  async function probe(): Promise<void> {
    for (let blind = 0; ; ) {
      await clock.sleep(PROBE_EVERY_MS, stopped.signal);
      const found = await look();
      if (state.kind === 'closed') return;
      if (found === 'works') return close();
      if (found === 'unknown') blind += 1;
      else [blind, state] = [0, { kind: 'open', reason: found }];
      if (blind < BLIND_PROBES) continue;
      [blind, state] = [0, { kind: 'half-open', reason: state.reason }];
      deps.onClose();
    }
  }

  async function look(): Promise<BreakerReason | 'works' | 'unknown'> {
    const answer = await deps.provider.credits(stopped.signal);
    if (answer.ok) return answer.value >= deps.needUsd ? 'works' : 'credits';
    return answer.reason === 'key' || answer.reason === 'credits' ? answer.reason : 'unknown';
  }

  function untilStopped(work: Promise<void>): void {
    work.catch(error => {
      if (!stopped.signal.aborted) throw error;
    });
  }

  return {
    openFor: () => (state.kind === 'open' || state.kind === 'trying' ? state.reason : undefined),
    open,
    suspect(detail) {
      if (suspecting || state.kind !== 'closed') return;
      suspecting = true;
      const confirm = look().then(found => {
        if (found === 'key') open(found, detail);
      });
      untilStopped(
        confirm.finally(() => {
          suspecting = false;
        }),
      );
    },
    submitting() {
      if (state.kind === 'half-open') state = { kind: 'trying', reason: state.reason };
    },
    unsent() {
      if (state.kind === 'trying') state = { kind: 'half-open', reason: state.reason };
    },
    taken() {
      if (state.kind === 'trying') close();
    },
    pollsPausedUntilMs: () => pausedUntilMs,
    pausePolls(untilMs) {
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
    },
    stop: () => stopped.abort(new Error('stopped')),
  };
}
