import type { Context } from './context.ts';
import { costReport } from './costs.ts';
import { createDispatcher } from './dispatcher.ts';
import { createFarewells } from './farewells.ts';
import type { Asked } from './guards/gate.ts';
import type { Asker } from './guards/guard.ts';
import { createGuilds, type Guilds } from './guilds.ts';
import { createHousekeeping } from './housekeeping.ts';
import { type Ceilings, refusalOf, startOfMonthMs } from './limits.ts';
import { CANCELLED_FREE } from './outcomes.ts';
import type { Policy } from './policy.ts';
import type { StoredSettings } from './ports.ts';
import { createRunner, NOBODY } from './runner.ts';
import type { AdmitRefusal, RenderService } from './service.ts';
import { standingOf, USUAL_VOICE_SECONDS } from './standing.ts';

/** A deferral that was neither confirmed nor refused is looked for after this. */
const FIND_DEFERRAL_AFTER_MS = 10_000;
/** Members that a guild's costs name. */
const MOST_MEMBERS = 10;

/** The running core: the service for Discord's side, and its start and end. */
export type LifeCycle = {
  service: RenderService;
  guilds: Guilds;
  start(): Promise<void>;
  drain(deadlineMs: number): Promise<void>;
};

export type LifeCycleSetup = {
  ceilings: Ceilings;
  estimateUsd: number;
  keepRecordsMs: number;
  /** false: renders are admitted here and performed by other processes */
  performs: boolean;
  settings: StoredSettings;
  /** deletes what is kept of a guild beside its renders */
  forgetGuild(guildId: string): Promise<void>;
  onBug: (renderId: string, error: unknown) => void;
};

export function createLifeCycle(context: Context, options: LifeCycleSetup): LifeCycle {
  const { breaker, clock, files, ledger, wakeups } = context;
  const farewells = createFarewells(context, options.onBug);
  const runner = options.performs ? createRunner(context, farewells.expect, options.onBug) : NOBODY;
  const dispatcher = createDispatcher(context, runner, { maxAtOnce: options.ceilings.atOnce });
  const guilds = createGuilds({
    ...{ ledger, files, clock, settings: options.settings, forget: options.forgetGuild },
    cancel: renderId => service.cancel(renderId),
  });
  const housekeeping = createHousekeeping({
    ...{ ...context, guilds, settings: options.settings, performs: options.performs, keepRecordsMs: options.keepRecordsMs },
    resume: runner.resume,
  });
  const expectedMs = (voiceSeconds: number) => context.expectations.of(voiceSeconds).medianMs;
  let draining = false;

  /** Everything that is asked before the limits. */
  async function letIn(asked: Asked, asker: Asker): Promise<{ ok: true; policy: Policy } | { ok: false; refusal: AdmitRefusal }> {
    if (draining) return { ok: false, refusal: { kind: 'draining' } };
    const passed = await context.gate.admit(asked, asker);
    const paused = breaker.openFor();
    return passed.ok && paused !== undefined ? { ok: false, refusal: { kind: 'paused', reason: paused } } : passed;
  }

  const service: RenderService = {
    async look(asked, asker) {
      const passed = await letIn(asked, asker);
      if (!passed.ok) return passed.refusal;
      const { ceilings, estimateUsd } = options;
      const usage = await ledger.usageOf(asked.guildId, asked.memberId);
      const refusal = refusalOf(usage, { policy: passed.policy, ceilings, estimateUsd }, clock.now());
      return refusal && { kind: 'limit', refusal };
    },
    async admit(request, asker) {
      const passed = await letIn(request, asker);
      if (!passed.ok) return passed;
      const { policy } = passed;
      const { roleIds, channelIds, ageRestricted } = asker;
      const kept = { ...request, asker: { roleIds, channelIds, ageRestricted } };
      const answer = await ledger.admit(kept, { policy, ceilings: options.ceilings, estimateUsd: options.estimateUsd });
      if (!answer.ok) return { ok: false, refusal: { kind: 'limit', refusal: answer.refusal } };
      if (options.performs) {
        await wakeups.wakeAt(answer.render.id, clock.now() + FIND_DEFERRAL_AFTER_MS);
        farewells.expect(answer.render);
      }
      return answer;
    },
    async deferred(renderId, messageId) {
      await ledger.update(renderId, 'preparing', { messageId });
      runner.wake(renderId);
    },
    async neverDeferred(renderId) {
      await ledger.advance(renderId, 'preparing', 'closed', { outcome: CANCELLED_FREE, rung: 'none' });
    },
    async cancel(renderId) {
      const render = await ledger.requestCancel(renderId);
      if (!render) return 'unknown';
      if (render.phase === 'announcing' || render.phase === 'closed') return 'too-late';
      runner.interrupt(renderId);
      return render.phase === 'preparing' || render.phase === 'waiting' ? 'free' : 'charged';
    },
    get: renderId => ledger.get(renderId),
    recent: (guildId, memberId, limit) => ledger.recent(guildId, memberId, limit),
    async keptInputs({ prepared, portrait, voice }) {
      if (prepared === null) return undefined;
      const kept = (await files.path(prepared.portraitKey)) !== undefined && (await files.path(prepared.voiceKey)) !== undefined;
      if (!kept) return undefined;
      return {
        portrait: {
          kind: 'kept',
          fileKey: prepared.portraitKey,
          name: portrait.name,
          seconds: null,
          notes: prepared.notes,
          hash: prepared.portraitHash,
        },
        voice: { kind: 'kept', fileKey: prepared.voiceKey, name: voice.name, seconds: prepared.voiceSeconds },
      };
    },
    async videoPath({ videoKey }) {
      return videoKey === null ? undefined : files.path(videoKey);
    },
    async answersNoMore(renderId) {
      // Shown once more, it is still the first one's video.
      const render = await ledger.get(renderId);
      await context.knownVideos.forget(render?.answeredFrom?.renderId ?? renderId);
    },
    async policyChanged(guildId) {
      await ledger.allow(guildId, (await context.policyOf(guildId)).atOnce);
      await wakeups.kick();
    },
    usualMs: () => expectedMs(USUAL_VOICE_SECONDS),
    async standing(guildId, memberId) {
      const { ceilings, estimateUsd } = options;
      const admission = { policy: await context.policyOf(guildId), ceilings, estimateUsd };
      const who = { guildId, memberId };
      return standingOf(who, ledger, { paused: breaker.openFor(), admission, expectedMs, nowMs: clock.now() });
    },
    async costs(guildId) {
      const nowMs = clock.now();
      const { usdPerMonth: budgetUsd } = await context.policyOf(guildId);
      const costs = await ledger.costsOf(guildId, startOfMonthMs(nowMs), MOST_MEMBERS);
      const report = costReport(costs, { budgetUsd, estimateUsd: options.estimateUsd }, nowMs);
      return { report, members: costs.members };
    },
  };

  return {
    service,
    guilds,
    async start() {
      await wakeups.start({
        wake: runner.wake,
        changed: runner.interrupt,
        look: () => options.performs && dispatcher.look(),
        abandoned: () => options.performs && void housekeeping.takeOver(),
      });
      await housekeeping.start();
      if (options.performs) dispatcher.look();
    },
    async drain(deadlineMs) {
      draining = true;
      housekeeping.stop();
      farewells.stop();
      breaker.stop();
      await dispatcher.stop();
      await runner.drain(deadlineMs);
    },
  };
}
