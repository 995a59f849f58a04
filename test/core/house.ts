import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBreaker } from '../../src/core/breaker.ts';
import { defaultDurationPrior } from '../../src/core/duration-model.ts';
import { createExpectations } from '../../src/core/expectations.ts';
import { createGate, NO_SUSPENSIONS } from '../../src/core/guards/gate.ts';
import { createGuildTurns } from '../../src/core/guild-turns.ts';
import { createLifeCycle, type LifeCycle } from '../../src/core/life-cycle.ts';
import { NO_MODERATION } from '../../src/core/moderation/moderation.ts';
import { defaultPacing } from '../../src/core/pacing.ts';
import type { Policy } from '../../src/core/policy.ts';
import type {
  Announcer,
  Delivered,
  Media,
  Metrics,
  Moderation,
  Provider,
  ResultAnswer,
  StatusAnswer,
  SubmitAnswer,
} from '../../src/core/ports.ts';
import type { Progress } from '../../src/core/progress.ts';
import type { Reason } from '../../src/core/reasons.ts';
import type { Render, RenderRequest } from '../../src/core/render.ts';
import { createRequestBudget, type RequestBudget } from '../../src/core/request-budget.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { ANYBODY, aRequest, NO_CEILINGS, NO_CONSENT_NEEDED, OPEN_POLICY } from '../support/requests.ts';

const NO_METRICS: Metrics = { costUsd: null, remainingCredits: null, renderMs: null };

/** A provider that says what a test tells it to, and remembers what it was asked. */
export function createScript() {
  const script = {
    submits: [] as string[],
    polls: 0,
    progress: [] as Progress[],
    delivered: [] as Render[],
    pings: [] as string[],
    farewells: 0,
    onSubmit: async (): Promise<SubmitAnswer> => ({
      kind: 'accepted',
      requestId: `q${script.submits.length}`,
      statusUrl: 's',
      responseUrl: 'r',
    }),
    onStatus: async (): Promise<StatusAnswer> => ({ kind: 'completed' }),
    onResult: async (): Promise<ResultAnswer> => ({
      kind: 'completed',
      videoUrl: 'https://x/v.mp4',
      metrics: { ...NO_METRICS, costUsd: 0.4 },
    }),
    onPrepare: undefined as Media['prepare'] | undefined,
    onKeepVideo: async (): Promise<void> => undefined,
    onOutcome: async (): Promise<Delivered> => ({
      kind: 'delivered',
      rung: 'interaction',
      channelId: 'channel-1',
      messageId: 'm1',
    }),
    onFindDeferral: async (): ReturnType<Announcer['findDeferral']> => ({ kind: 'never' }),
    messageStands: true,
    /** what all that is asked for is made of; undefined: not known */
    madeOf: undefined as string | undefined,
    credits: 10,
    /** of the budget, for submits, taken and not given back */
    submitPermits: 0,
    /** instead of so many credits */
    creditsAnswer: undefined as Provider['credits'] | undefined,
    moderation: { ...NO_MODERATION } as Moderation,
    suspensions: NO_SUSPENSIONS,
    /** what was changed since the start */
    policy: {} as Partial<Policy>,
    classify: (detail: string): Reason => (detail.includes('safety') ? 'blocked-other' : 'provider'),
    alarms: [] as string[],
    bugs: [] as unknown[],
    forgotten: [] as string[],
    /** file operations under way, for which the clock has to stand still */
    busy: 0,
  };
  return script;
}
export type Script = ReturnType<typeof createScript>;

/** The core on a real store, with everything beyond it played by the script. A second one on the same directory is a restart. */
export async function openCore(
  directory: string,
  clock: ManualClock,
  script: Script,
  policy: Partial<Policy> = {},
  prepareStorage: (storage: Storage) => Promise<void> = async () => undefined,
): Promise<Core> {
  let ids = 0;
  let killed = false;
  const opened = await openStorage(
    { databaseUrl: undefined, dataDir: directory },
    { clock, owner: `owner-${clock.now()}-${Math.random()}`, newId: () => `r${clock.now()}-${++ids}` },
  );
  if (!opened.ok) throw new Error(opened.detail);
  const { storage } = opened;
  await prepareStorage(storage);
  const telemetry = {
    ...{ outcome() {}, providerCall() {}, unknownState() {}, detectionDelay() {}, log() {} },
    alarm: (what: string) => void script.alarms.push(what),
  };
  const provider: Provider = {
    upload: async () => ({ ok: true, value: 'https://x/upload' }),
    submit: async ({ portraitUrl }) => {
      script.submits.push(portraitUrl);
      return script.onSubmit();
    },
    status: async () => {
      script.polls += 1;
      return script.onStatus();
    },
    result: () => script.onResult(),
    credits: async signal => script.creditsAnswer?.(signal) ?? { ok: true, value: script.credits },
  };
  const keep = async (key: string) => {
    const path = join(directory, `made-${key.replace('/', '-')}`);
    script.busy += 1;
    await writeFile(path, 'made');
    await storage.files.put([{ key, path }], clock.now() + 24 * 3_600_000);
    script.busy -= 1;
  };
  const media: Media = {
    async prepare(render, policy, signal) {
      if (script.onPrepare) return script.onPrepare(render, policy, signal);
      await keep(`inputs/${render.id}-portrait.jpg`);
      await keep(`inputs/${render.id}-voice.wav`);
      return {
        ok: true,
        portrait: { fileKey: `inputs/${render.id}-portrait.jpg`, contentType: 'image/jpeg', url: null, hash: 'hash' },
        voice: { fileKey: `inputs/${render.id}-voice.wav`, contentType: 'audio/wav', url: null, seconds: 7 },
        notes: [],
        ...(script.madeOf !== undefined && { madeOf: script.madeOf }),
      };
    },
    async keepVideo(render) {
      await script.onKeepVideo();
      await keep(`videos/${render.id}.mp4`);
      return { ok: true, videoKey: `videos/${render.id}.mp4`, videoBytes: 4, keptUntilMs: clock.now() + 24 * 3_600_000 };
    },
  };
  const announcer: Announcer = {
    progress: async (_render, progress) => void script.progress.push(progress),
    farewell: async () => {
      script.farewells += 1;
    },
    outcome: async render => {
      const delivered = await script.onOutcome();
      if (delivered.kind === 'delivered') script.delivered.push(render);
      return delivered;
    },
    ping: async render => void script.pings.push(render.id),
    findDeferral: () => script.onFindDeferral(),
    stands: async () => script.messageStands,
  };
  const { files, knownVideos, ledger, settings, wakeups } = storage;
  const breaker = createBreaker({ provider, clock, telemetry, needUsd: 0.42, onClose: () => void wakeups.kick() });
  const policyOf = async () => ({ ...OPEN_POLICY, ...policy, ...script.policy });
  const gate = createGate({
    ...{ policyOf, allowedGuilds: undefined, checkInputs: () => undefined },
    ...{ suspensions: { of: (...who) => script.suspensions.of(...who) }, consents: NO_CONSENT_NEEDED },
  });
  const life = createLifeCycle(
    {
      ...{
        ledger,
        provider,
        files,
        knownVideos,
        media,
        announcer,
        wakeups,
        telemetry,
        clock,
        breaker,
        moderation: script.moderation,
      },
      random: () => 0.5,
      budget: countingSubmits(createRequestBudget({ requestsPerMinute: 10_000, clock }), script),
      expectations: await createExpectations(settings, 'script', defaultDurationPrior, clock.now),
      preparing: createGuildTurns(2),
      policyOf,
      gate,
      classify: detail => script.classify(detail),
      options: { pacing: defaultPacing, longestWaitMs: 20 * 3_600_000 },
      watches: new Map(),
    },
    {
      ...{ ceilings: NO_CEILINGS, estimateUsd: 0.42, keepRecordsMs: 90 * 24 * 3_600_000, performs: true },
      settings,
      forgetGuild: async guildId => void script.forgotten.push(guildId),
      onBug: (_id, error) => {
        if (!killed) script.bugs.push(error);
      },
    },
  );
  await life.start();

  return {
    ...life,
    storage,
    async ask(change = {}) {
      const answer = await life.service.admit(aRequest({ askedAtMs: clock.now(), ...change }), ANYBODY);
      if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
      await life.service.deferred(answer.render.id, 'm1');
      return answer.render.id;
    },
    async get(id) {
      const render = await ledger.get(id);
      if (!render) throw new Error(`no render ${id}`);
      return render;
    },
    // As SIGKILL would: nothing is said, nothing is waited for.
    kill: () => {
      killed = true;
      return storage.close();
    },
  };
}

function countingSubmits(budget: RequestBudget, script: Script): RequestBudget {
  return {
    ...budget,
    async take(kind, options) {
      const permit = await budget.take(kind, options);
      if (kind !== 'submit') return permit;
      script.submitPermits += 1;
      return {
        giveBack() {
          script.submitPermits -= 1;
          permit.giveBack();
        },
      };
    },
  };
}

export type Core = LifeCycle & {
  storage: Storage;
  ask(change?: Partial<RenderRequest>): Promise<string>;
  get(id: string): Promise<Render>;
  kill(): Promise<void>;
};

export async function makeDirectory(): Promise<{ path: string; clear(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'hallo-core-'));
  return { path, clear: () => rm(path, { recursive: true, force: true }) };
}

/** Moves the clock in small steps until the condition holds, as far as an hour and a half; it stands still while files are written. */
export async function until(
  { clock, script }: { clock: ManualClock; script: Script },
  condition: () => boolean | Promise<boolean>,
  stepMs = 1_000,
): Promise<void> {
  for (let i = 0; i < 5_400; i += 1) {
    do await new Promise(resolve => setImmediate(resolve));
    while (script.busy > 0);
    if (await condition()) return;
    await clock.advance(stepMs);
  }
  throw new Error('it never came to that');
}
