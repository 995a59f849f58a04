import type { Logger } from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import { startOfMonthMs } from '../core/limits.ts';
import type { Ledger, Telemetry } from '../core/ports.ts';
import type { RequestBudget } from '../core/request-budget.ts';
import type { Answer } from '../discord/rest.ts';
import type { FaceCheck } from '../media/face-check.ts';

type Alarm = Parameters<Telemetry['alarm']>[0];

/** Every kind of alarm, so that each figure stands at 0 before its first: a rule that looks for a rise sees no first value rise. */
const ALARMS = { credits: 0, key: 0, gateway: 0, moderation: 0, storage: 0 } satisfies Record<Alarm, number>;

/** The core's telemetry on pino and Prometheus. Labels come from closed lists. */
export function createTelemetry(log: Logger): Telemetry & {
  registry: Registry;
  /** What a look at a portrait's face found, or that it could not be done. */
  faceCheck(renderId: string, check: FaceCheck): void;
  /** What became of a try to show a case: its card, or the message of a reported video. */
  moderation(part: 'card' | 'video', answer: string): void;
  /** What Discord answered to a call. */
  discordCall(method: string, answer: Answer): void;
  /** A progress edit that was not needed. */
  editSaved(): void;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const renders = new Counter({
    name: 'hallo_renders_total',
    help: 'Renders that ended, by outcome, reason and rung of delivery',
    labelNames: ['outcome', 'reason', 'rung'],
    registers,
  });
  const money = new Counter({ name: 'hallo_booked_usd_total', help: 'Money booked for renders that ended, in US$', registers });
  const duration = new Histogram({
    name: 'hallo_render_seconds',
    help: 'From admission to the final message',
    buckets: [5, 15, 30, 60, 120, 240, 360, 480, 600, 900, 1800, 3600],
    registers,
  });
  const untilSubmit = new Histogram({
    name: 'hallo_submit_seconds',
    help: 'From admission until the provider took the submit',
    buckets: [1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400],
    registers,
  });
  const calls = new Counter({
    name: 'hallo_provider_calls_total',
    help: 'Calls to the provider, by call and answer',
    labelNames: ['call', 'answer'],
    registers,
  });
  const unknownStates = new Counter({ name: 'hallo_unknown_states_total', help: 'States of jobs that nobody knows', registers });
  const detection = new Histogram({
    name: 'hallo_detection_delay_seconds',
    help: 'From the completion at the provider to its detection',
    buckets: [0.5, 1, 2, 5, 10, 20, 60],
    registers,
  });
  const alarms = new Counter({
    name: 'hallo_alarms_total',
    help: 'What an operator should look at',
    labelNames: ['what'],
    registers,
  });
  for (const [what, count] of Object.entries(ALARMS)) alarms.inc({ what }, count);

  const faceChecks = new Counter({
    name: 'hallo_face_checks_total',
    help: 'Portraits whose face was looked at, by what was found; skipped: the check itself failed, or is not installed',
    labelNames: ['found'],
    registers,
  });

  const discordCalls = new Counter({
    name: 'hallo_discord_calls_total',
    help: 'Calls to Discord, by method, and by answer or code, after repeats and short rate limits',
    labelNames: ['method', 'answer'],
    registers,
  });
  const editsSaved = new Counter({
    name: 'hallo_edits_saved_total',
    help: 'Progress edits that were not sent: a newer one came first, or nothing had changed',
    registers,
  });

  const cards = new Counter({
    name: 'hallo_moderation_calls_total',
    help: 'Tries to bring cards and reported videos in line with the moderators’ cases, by Discord’s answer',
    labelNames: ['part', 'answer'],
    registers,
  });

  return {
    registry,
    moderation: (part, answer) => cards.inc({ part, answer }),
    // What has no name of its own is told by Discord's code, or by the status where there is none.
    discordCall: (method, answer) =>
      discordCalls.inc({ method, answer: answer.kind === 'refused' ? String(answer.code ?? answer.status) : answer.kind }),
    editSaved: () => editsSaved.inc(),
    faceCheck(render, check) {
      faceChecks.inc({ found: check.kind === 'good' ? 'good' : check.kind === 'bad' ? check.problem.code : 'skipped' });
      if (check.kind === 'unknown')
        log.warn({ render, why: check.problem.kind, detail: check.problem.detail }, 'face check skipped');
    },
    outcome(render) {
      const { outcome } = render;
      if (outcome === null) return;
      const reason = outcome.kind === 'failed' ? outcome.reason : 'none';
      renders.inc({ outcome: outcome.kind, reason, rung: render.rung ?? 'none' });
      money.inc(render.costUsd ?? 0);
      if (render.job !== null) untilSubmit.observe((render.job.submittedAtMs - render.admittedAtMs) / 1000);
      duration.observe(((render.closedAtMs ?? render.admittedAtMs) - render.admittedAtMs) / 1000);
      log.info({ render: render.id, outcome: outcome.kind, reason, rung: render.rung, costUsd: render.costUsd }, 'render ended');
    },
    providerCall: (call, answer) => calls.inc({ call, answer }),
    unknownState: () => unknownStates.inc(),
    detectionDelay: ms => detection.observe(ms / 1000),
    alarm(what, detail) {
      alarms.inc({ what });
      log.error({ alarm: what, detail }, 'alarm');
    },
    log: (renderId, event, facts = {}) => log.info({ render: renderId, ...facts }, event),
  };
}

/** As many guilds as a figure has labels for. */
const MOST_GUILDS = 20;

/** Figures that are read when somebody asks for them. */
export function observe(
  registry: Registry,
  { ledger, budget, clock }: { ledger: Ledger; budget: RequestBudget; clock: Pick<Clock, 'now'> },
): void {
  const registers = [registry];
  new Gauge({
    name: 'hallo_renders',
    help: 'Renders kept, by phase',
    labelNames: ['phase'],
    registers,
    async collect() {
      const { phases } = await ledger.totals();
      for (const [phase, count] of Object.entries(phases)) this.set({ phase }, count);
    },
  });
  new Gauge({
    name: 'hallo_spent_usd',
    help: 'Money reserved and booked, in US$, UTC',
    labelNames: ['span'],
    registers,
    async collect() {
      const { bookedMonthUsd, bookedTodayUsd } = await ledger.totals();
      this.set({ span: 'day' }, bookedTodayUsd);
      this.set({ span: 'month' }, bookedMonthUsd);
    },
  });
  new Gauge({
    name: 'hallo_guild_spent_usd',
    help: 'Money reserved and booked this month (UTC) of the costliest guilds, in US$',
    labelNames: ['guild'],
    registers,
    async collect() {
      this.reset();
      const guilds = await ledger.costsOfAll(startOfMonthMs(clock.now()), MOST_GUILDS);
      for (const { guildId, bookedUsd } of guilds) this.set({ guild: guildId }, bookedUsd);
    },
  });
  new Gauge({
    name: 'hallo_requests_left',
    help: 'Calls to the provider that the running minute still has',
    registers,
    collect() {
      this.set(budget.left());
    },
  });
}
