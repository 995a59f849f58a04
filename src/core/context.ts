import type { Breaker } from './breaker.ts';
import type { Clock } from './clock.ts';
import type { Expectations } from './expectations.ts';
import type { Gate } from './guards/gate.ts';
import type { GuildTurns } from './guild-turns.ts';
import type { KnownVideos } from './known-videos.ts';
import type { PacingOptions } from './pacing.ts';
import type { Policy } from './policy.ts';
import type { Announcer, Files, Ledger, Media, Moderation, Provider, Telemetry, Wakeups } from './ports.ts';
import type { Reason } from './reasons.ts';
import type { Render } from './render.ts';
import type { RequestBudget } from './request-budget.ts';

/** Times and sizes of the life cycle that an operator may set, or a test. */
export type LifeCycleOptions = {
  pacing: PacingOptions;
  /** a render that waited longer is ended free of charge: its inputs are about to go */
  longestWaitMs: number;
};

/** What one process remembers of a render that it watches; lost without harm. */
export type Watch = {
  lastPollAtMs: number | null;
  /** overrules the plan: a repeat after trouble, a 404 to be confirmed */
  askAtMs: number | null;
  troubleInRow: number;
};

/** Everything that the steps of a render work with. */
export type Context = {
  ledger: Ledger;
  provider: Provider;
  media: Media;
  files: Files;
  knownVideos: KnownVideos;
  announcer: Announcer;
  moderation: Moderation;
  wakeups: Wakeups;
  telemetry: Telemetry;
  clock: Clock;
  random: () => number;
  budget: RequestBudget;
  breaker: Breaker;
  expectations: Expectations;
  preparing: GuildTurns;
  policyOf(guildId: string): Promise<Policy>;
  gate: Gate;
  /** the reason that a FAILED text stands for */
  classify(detail: string): Reason;
  options: LifeCycleOptions;
  watches: Map<string, Watch>;
};

/** What a step leads to: the next phase, a time to look again, waiting for others, or nothing more to do. */
export type Step =
  | { kind: 'moved'; render: Render }
  | { kind: 'sleep'; untilMs: number }
  | { kind: 'done' }
  /** the render has moved on elsewhere: stop */
  | { kind: 'lost' };

/** A step of one phase. Re-entrant: it may have been begun before by a process that died. `signal`: stop, leaving it resumable. */
export type PerformStep = (render: Render, context: Context, signal: AbortSignal) => Promise<Step>;

/** The answer of a ledger's write as a step. */
export function movedOrLost(render: Render | undefined): Step {
  return render ? { kind: 'moved', render } : { kind: 'lost' };
}

/**
 * Whether the render is still this process's, asked right before what can't be undone: one that stalled for longer than its lease
 * finds out here that others went on.
 */
export async function isStillOurs(render: Render, { ledger }: Pick<Context, 'ledger'>): Promise<boolean> {
  return ledger.holds(render.id) || (await ledger.update(render.id, render.phase, {})) !== undefined;
}
