import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../commands/index.ts';
import { type Discord, type StartOptions, startDiscord } from '../../sandbox/discord/index.ts';
import { createConsents } from '../../src/core/consents.ts';
import { costReport } from '../../src/core/costs.ts';
import { createGate } from '../../src/core/guards/gate.ts';
import type { Asker } from '../../src/core/guards/guard.ts';
import type { Guilds } from '../../src/core/guilds.ts';
import type { Usage } from '../../src/core/limits.ts';
import { createMemberData } from '../../src/core/member-data.ts';
import { createPolicies, type Policies } from '../../src/core/policies.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { Suspension, Suspensions } from '../../src/core/ports.ts';
import { cancelCost } from '../../src/core/progress.ts';
import { fileKeysOf, type InputProblem, type Render, type RenderRequest, type Source } from '../../src/core/render.ts';
import type { AdmitRefusal, RenderService } from '../../src/core/service.ts';
import type { Standing } from '../../src/core/standing.ts';
import { standingOf } from '../../src/core/standing.ts';
import { DEFAULT_WEIGHTS } from '../../src/core/weights.ts';
import { createAnnouncer, type DiscordAnnouncer } from '../../src/discord/announcer/announcer.ts';
import { createVideoFiles } from '../../src/discord/announcer/video-files.ts';
import { createAnswers } from '../../src/discord/answers.ts';
import { createDiscordClient } from '../../src/discord/client.ts';
import type { AnyCommand, BotContext, Components } from '../../src/discord/command.ts';
import { COMPONENTS } from '../../src/discord/components.ts';
import { createDrafts, importSchema, someWishesSchema } from '../../src/discord/drafts.ts';
import { createDesk } from '../../src/discord/moderation/desk.ts';
import { registerCommands } from '../../src/discord/register.ts';
import { createCalls } from '../../src/discord/rest.ts';
import { createRouter } from '../../src/discord/router.ts';
import { createTexts } from '../../src/discord/texts/texts.ts';
import { createDownloader } from '../../src/media/download.ts';
import { createAttachmentReader } from '../../src/media/read-attachment.ts';
import { openDatabase } from '../../src/storage/embedded/database.ts';
import { createSqliteModeration } from '../../src/storage/embedded/moderation.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { NO_BOUNDS, NO_CEILINGS, OPEN_POLICY } from '../support/requests.ts';
import { settingsInMemory } from '../support/settings-in-memory.ts';

export const texts = createTexts();

/** A render as the ledger would hold it, waiting in a made-up channel. */
export function aRender(change: Partial<Render> = {}): Render {
  return {
    guildId: '100000000000000001',
    channelId: '100000000000000002',
    memberId: '100000000000000003',
    applicationId: '100000000000000004',
    interactionId: '100000000000000005',
    interactionToken: 'token-of-the-interaction',
    askedAtMs: Date.UTC(2026, 0, 1),
    locale: 'en-US',
    private: false,
    spoiler: false,
    attachmentSizeLimitBytes: 20 * 1024 * 1024,
    weights: DEFAULT_WEIGHTS,
    portrait: { kind: 'kept', fileKey: 'portrait', name: 'portrait.png', seconds: null },
    voice: { kind: 'kept', fileKey: 'voice', name: 'voice.wav', seconds: 3 },
    id: 'r1',
    phase: 'waiting',
    phaseAtMs: Date.UTC(2026, 0, 1),
    admittedAtMs: Date.UTC(2026, 0, 1),
    messageId: '100000000000000006',
    prepared: null,
    notBeforeMs: 0,
    submitAttempts: 0,
    job: null,
    missingSinceMs: null,
    outputUrl: null,
    cancelledAtMs: null,
    outcome: null,
    reservedUsd: 0.42,
    costUsd: null,
    placeUntilMs: null,
    videoKey: null,
    videoBytes: null,
    deliveryAttempts: 0,
    rung: null,
    finalChannelId: null,
    finalMessageId: null,
    farewellAtMs: null,
    pingedAtMs: null,
    closedAtMs: null,
    ...change,
  };
}

export const aJob = (submittedAtMs = Date.UTC(2026, 0, 1)) => ({
  requestId: 'q1',
  statusUrl: 'https://api.example/status',
  responseUrl: 'https://api.example/response',
  submittedAtMs,
});

/** The core's door, as far as Discord's side can see it: renders in memory, and what was asked of it. */
export function createServiceDouble(clock: ManualClock) {
  const renders = new Map<string, Render>();
  const calls: string[] = [];
  let admitted = 0;
  const state: {
    refusal: AdmitRefusal | undefined;
    kept: { portrait: Source; voice: Source } | undefined;
    videoPath: string | undefined;
    ping: boolean;
    failure: Error | undefined;
    policy: Partial<Policy>;
    suspension: Suspension | undefined;
    suspensions: Suspensions | undefined;
    problem: InputProblem | undefined;
    /** true: everybody has, whatever is kept */
    consented: boolean;
    usage: Partial<Usage>;
    paused: Standing['paused'];
    usualMs: number;
  } = {
    ...{ refusal: undefined, kept: undefined, videoPath: undefined, ping: true, failure: undefined },
    ...{
      policy: {},
      suspension: undefined,
      suspensions: undefined,
      problem: undefined,
      consented: true,
      usage: {},
      paused: undefined,
      usualMs: 290_000,
    },
  };
  const settings = new Map<string, unknown>();
  const settingsPort = settingsInMemory(settings);
  const consents = createConsents(settingsPort, clock.now);
  const drafts = createDrafts(settingsPort, clock.now, someWishesSchema);
  const imports = createDrafts(settingsPort, clock.now, importSchema);
  const stored = createPolicies(settingsPort, { defaults: OPEN_POLICY, bounds: NO_BOUNDS });
  const policyOf = async (guildId: string) => ({ ...(await stored.of(guildId)), ping: state.ping, ...state.policy });
  const policies: Policies = { ...stored, of: policyOf };
  const gate = createGate({
    ...{ policyOf, allowedGuilds: undefined },
    suspensions: {
      of: async (guildId, memberId) => state.suspension ?? (await state.suspensions?.of(guildId, memberId)),
    },
    consents: { given: async memberId => state.consented || (await consents.given(memberId)) },
    checkInputs: () => state.problem,
  });

  const service: RenderService = {
    async admit(request: RenderRequest, asker: Asker) {
      if (state.failure) throw state.failure;
      const passed = await gate.admit(request, asker);
      if (!passed.ok) return passed;
      if (state.refusal) return { ok: false, refusal: state.refusal };
      const nowMs = clock.now();
      admitted += 1;
      const id = `r${admitted}`;
      const render = aRender({ ...request, id, phase: 'preparing', phaseAtMs: nowMs, admittedAtMs: nowMs, messageId: null });
      renders.set(id, render);
      calls.push(`admit ${id}`);
      return { ok: true, render };
    },
    async look(asked, asker) {
      const passed = await gate.admit(asked, asker);
      return passed.ok ? state.refusal : passed.refusal;
    },
    async deferred(renderId, messageId) {
      calls.push(`deferred ${renderId}`);
      change(renderId, { messageId });
    },
    async neverDeferred(renderId) {
      calls.push(`neverDeferred ${renderId}`);
      change(renderId, { phase: 'closed' });
    },
    async cancel(renderId) {
      const render = renders.get(renderId);
      if (render === undefined) return 'unknown';
      calls.push(`cancel ${renderId}`);
      const cost = cancelCost(render) ?? 'too-late';
      if (cost !== 'too-late') change(renderId, { cancelledAtMs: clock.now() });
      return cost;
    },
    get: async renderId => renders.get(renderId),
    recent: async (guildId, memberId, limit) =>
      [...renders.values()]
        .filter(render => render.guildId === guildId && render.memberId === memberId)
        .reverse()
        .slice(0, limit),
    keptInputs: async () => state.kept,
    videoPath: async () => state.videoPath,
    async answersNoMore(renderId) {
      calls.push(`answersNoMore ${renderId}`);
    },
    async policyChanged(guildId) {
      calls.push(`policyChanged ${guildId}`);
    },
    usualMs: () => state.usualMs,
    async standing(guildId, memberId) {
      const own = await service.recent(guildId, memberId, 25);
      const usage = {
        guildHourMs: [],
        memberDayMs: [],
        memberLastMs: null,
        guildMonthUsd: 0,
        operatorDayUsd: 0,
        operatorMonthUsd: 0,
        waiting: 0,
      };
      const admission = { policy: await policyOf(guildId), ceilings: NO_CEILINGS, estimateUsd: 0.42 };
      const ledger = {
        usageOf: async () => ({ ...usage, ...state.usage }),
        recent: async () => own,
        placeInLine: async () => 3,
      };
      return standingOf({ guildId, memberId }, ledger, {
        paused: state.paused,
        admission,
        expectedMs: () => state.usualMs,
        nowMs: clock.now(),
      });
    },
    async costs(guildId) {
      const { usdPerMonth: budgetUsd } = await policyOf(guildId);
      const members = [{ memberId: '100000000000000003', bookedUsd: 0.84, renders: 2 }];
      const report = costReport({ bookedUsd: 0.84, renders: 2 }, { budgetUsd, estimateUsd: 0.42 }, clock.now());
      return { report, members };
    },
  };
  function change(renderId: string, to: Partial<Render>): Render {
    const render = renders.get(renderId);
    if (render === undefined) throw new Error(`no render ${renderId}`);
    const changed = { ...render, ...to };
    renders.set(renderId, changed);
    return changed;
  }
  const guildNews: string[] = [];
  const lost: string[] = [];
  const guilds: Pick<Guilds, 'left' | 'joined' | 'present'> = {
    left: async guildId => void guildNews.push(`left ${guildId}`),
    joined: async guildId => void guildNews.push(`joined ${guildId}`),
    present: async (guildIds, covers) => void guildNews.push(`present ${[...guildIds].filter(covers).join(' ')}`),
  };
  return {
    service,
    policies,
    settings,
    consents,
    drafts,
    imports,
    guilds,
    guildNews,
    lost,
    renders,
    calls,
    state,
    change,
  };
}

export type LogLine = { event: string; facts: Record<string, unknown> };

export type Bot = Awaited<ReturnType<typeof startBot>>;

/** Discord's side of the bot, whole and unchanged, on the stand-in; the core is a double that tests steer. */
export async function startBot(
  options: Omit<StartOptions, 'clock'> & {
    shrink?: (path: string, maxBytes: number) => Promise<string | undefined>;
    commands?: readonly AnyCommand[];
    components?: Components;
    /** how far Discord's clock is ahead of the bot's */
    discordAheadMs?: number;
  } = {},
) {
  const {
    shrink = async () => undefined,
    commands = COMMANDS,
    components = COMPONENTS,
    discordAheadMs = 0,
    ...startOptions
  } = options;
  const clock = createManualClock();
  const discord = await startDiscord({ ...startOptions, clock: { now: () => clock.now() + discordAheadMs, advance: () => {} } });
  const core = createServiceDouble(clock);
  const logs: LogLine[] = [];
  const log = (event: string, facts: Record<string, unknown> = {}) => void logs.push({ event, facts });
  const folder = await mkdtemp(join(tmpdir(), 'hallo-discord-'));

  const calls = createCalls({ apiBase: discord.apiBase, token: discord.token, retries: 0 });
  const answers = createAnswers({ apiBase: discord.apiBase, calls, log });
  const files = {
    texts,
    videoPath: core.service.videoPath,
    shrink,
    log: (renderId: string, event: string, facts: Record<string, unknown> = {}) => log(event, { renderId, ...facts }),
  };
  const announcer = createAnnouncer({ ...files, calls, clock, policyOf: core.policies.of });
  const opened = openDatabase(join(folder, 'data'));
  if (!opened.ok) throw new Error(opened.detail);
  const { database } = opened;
  let ids = 0;
  const store = createSqliteModeration(database, { clock, newId: () => `ca5e000${++ids}` });
  const alarms: string[] = [];
  const kept = { files: new Map<string, string>(), extended: [] as string[] };
  const desk = createDesk({
    ...{ calls, clock, texts, store, isSamePicture: (a, b) => a === b },
    files: {
      path: async key => kept.files.get(key),
      extend: async key => kept.extended.push(key) > 0,
    },
    ledger: { get: core.service.get },
    videoFiles: createVideoFiles(files),
    policyOf: core.policies.of,
    hashOf: async url => ({ ok: true, hash: `hash of ${new URL(url).pathname.split('/').at(-1)}` }),
    alarm: detail => void alarms.push(detail),
    count: () => {},
    log,
  });
  core.state.suspensions = desk.suspensions;
  const memberData = createMemberData({
    ledger: {
      recent: core.service.recent,
      async forgetMember(guildId, memberId, { except }) {
        const own = await core.service.recent(guildId, memberId, 100);
        const gone = own.filter(render => render.phase === 'closed' && !except.includes(render.id));
        for (const { id } of gone) core.renders.delete(id);
        return gone.flatMap(fileKeysOf);
      },
      sweep: async () => 0,
    },
    files: {
      path: async key => (key.startsWith('gone') ? undefined : key),
      remove: async key => void core.calls.push(`remove ${key}`),
    },
    knownVideos: { forgetMember: async (...who) => void core.calls.push(`forgetMember ${who.join(' ')}`) },
    ...{ consents: core.consents, moderation: store, clock, keepRecordsMs: 90 * 24 * 3_600_000 },
  });
  const attachments = createDownloader({ allowPrivateAddresses: true });
  const context: BotContext = {
    service: core.service,
    policies: core.policies,
    bounds: NO_BOUNDS,
    answers,
    texts,
    clock,
    ...{ consents: core.consents, drafts: core.drafts, memberData },
    imports: core.imports,
    readAttachment: createAttachmentReader({ attachments, workDirectory: folder }),
    videoFiles: createVideoFiles(files),
    moderation: desk.tools,
    log,
  };
  const router = createRouter({ commands, components, context });
  const client = createDiscordClient({
    shards: 'auto',
    token: discord.token,
    apiBase: discord.apiBase,
    router,
    guilds: core.guilds,
    onLost: detail => void core.lost.push(detail),
    log,
  });
  await registerCommands(
    calls,
    commands.map(command => command.data),
  );
  await client.start();

  return {
    ...{ discord, clock, core, logs, calls, answers, announcer, router, client, folder, store, desk, alarms, kept },
    /** Moves all clocks: the bot's, the stand-in's. */
    async advance(ms: number): Promise<void> {
      await clock.advance(ms);
      discord.clock.advance(0);
    },
    /** A finished video of so many bytes. */
    async video(sizeBytes: number, name = 'video.mp4'): Promise<string> {
      const path = join(folder, name);
      await writeFile(path, Buffer.alloc(sizeBytes, 7));
      core.state.videoPath = path;
      return path;
    },
    async stop(): Promise<void> {
      await announcer.close();
      await desk.close();
      await client.close();
      answers.close();
      calls.close();
      await attachments.close();
      await discord.close();
      database.close();
      await rm(folder, { recursive: true });
    },
  };
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** The two files of a `/hallo`. */
export const inputs = {
  image: { file: { name: 'face.png', bytes: png } },
  audio: { file: { name: 'voice.wav', bytes: Buffer.from('RIFF....WAVE') } },
};

type HalloOptions = Parameters<Discord['members']['command']>[0]['options'];

/** A member uses `/hallo`; resolves when the bot has answered and its handler has ended. */
export async function useHallo(
  bot: Bot,
  options: HalloOptions = {},
  memberId = bot.discord.places.ada.id,
  channelId = bot.discord.places.general.id,
) {
  const { guild } = bot.discord.places;
  const handle = await bot.discord.members.command({
    ...{ guildId: guild.id, channelId, memberId, name: 'hallo' },
    options: { ...inputs, ...options },
  });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, acknowledged };
}

/** A render that a member asked for in the usual way, changed to a later state. */
export async function renderInState(bot: Bot, change: Partial<Render> = {}, options: HalloOptions = {}): Promise<Render> {
  const { acknowledged } = await useHallo(bot, options);
  if (acknowledged.kind !== 'deferred') throw new Error(`no deferral but ${acknowledged.kind}`);
  const id = [...bot.core.renders.keys()].at(-1) ?? '';
  return bot.core.change(id, change);
}

/** The state in which a video is announced. */
export const videoDone = (nowMs: number): Partial<Render> => ({
  phase: 'announcing',
  phaseAtMs: nowMs + 192_000,
  job: aJob(nowMs),
  outputUrl: 'https://files.example/out.mp4',
  outcome: { kind: 'video' },
});

export const messageOf = (bot: Bot, render: Render) => bot.discord.messages.get(render.messageId ?? '');

/** The labels of a message's buttons. */
export function labelsOf(message: { components: readonly unknown[] } | undefined): string[] {
  return [...JSON.stringify(message?.components ?? []).matchAll(/"label":"([^"]*)"/g)].map(match => match[1] ?? '');
}

export function customIdsOf(message: { components: readonly unknown[] } | undefined): string[] {
  return [...JSON.stringify(message?.components ?? []).matchAll(/"custom_id":"([^"]*)"/g)].map(match => match[1] ?? '');
}

export const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export type { DiscordAnnouncer };
