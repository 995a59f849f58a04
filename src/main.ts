import { randomBytes, randomUUID } from 'node:crypto';
import { Routes } from 'discord.js';
import { COMMANDS } from '../commands/index.ts';
import type { Config } from './config.ts';
import { createBreaker } from './core/breaker.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { createConsents } from './core/consents.ts';
import { allCosts } from './core/costs.ts';
import { defaultDurationPrior } from './core/duration-model.ts';
import { createExpectations } from './core/expectations.ts';
import { createGate } from './core/guards/gate.ts';
import { createGuildTurns } from './core/guild-turns.ts';
import { createLifeCycle } from './core/life-cycle.ts';
import { createMemberData } from './core/member-data.ts';
import { defaultPacing } from './core/pacing.ts';
import { createPolicies } from './core/policies.ts';
import { createRequestBudget } from './core/request-budget.ts';
import { createAnnouncer } from './discord/announcer/announcer.ts';
import { createVideoFiles } from './discord/announcer/video-files.ts';
import { createAnswers } from './discord/answers.ts';
import { createDiscordClient } from './discord/client.ts';
import { COMPONENTS } from './discord/components.ts';
import { createDrafts, importSchema, someWishesSchema, wishesSchema } from './discord/drafts.ts';
import { createDesk } from './discord/moderation/desk.ts';
import { DISCORD_API_BASE } from './discord/platform.ts';
import { registerCommands } from './discord/register.ts';
import { createCalls } from './discord/rest.ts';
import { createRouter } from './discord/router.ts';
import { createTexts } from './discord/texts/texts.ts';
import { type Faults, faultPoints } from './faults.ts';
import { createBotMedia } from './media/bot-media.ts';
import { isSamePicture } from './media/picture-hash.ts';
import { classify } from './moderation/classify.ts';
import { createSegmindProvider } from './provider/segmind-provider.ts';
import { DEFAULT_BASE_URL, SegmindClient, type Timeouts } from './segmind/index.ts';
import { openStorage } from './storage/storage.ts';
import { createLog, createScrub } from './telemetry/log.ts';
import { type OperatorServer, startOperatorServer } from './telemetry/operator-server.ts';
import { readStatus } from './telemetry/status.ts';
import { createTelemetry, observe } from './telemetry/telemetry.ts';
import { timedLedger } from './telemetry/timed-ledger.ts';

/** Discord shows a new deferral as failed after 15 min, a container is killed after 10 s: what is in flight has this long. */
const DRAIN_MS = 7_000;
/** Connections that are still in use then are past that time, and not waited for. */
const CLOSE_MS = 500;
const PREPARE_AT_ONCE = 2;
const HOUR_MS = 3_600_000;
/** Guilds whose costs the operator is told, costliest first. */
const MOST_GUILDS = 5_000;

/** `operatorUrl`: where health, figures and costs are served. */
export type Bot = { operatorUrl: string; stop(): Promise<void> };
/** Time and chance, and how long the provider may take to answer; each has its usual value. `faults`: for a harness alone. */
export type Handed = { clock?: Clock; random?: () => number; timeouts?: Partial<Timeouts>; faults?: Faults };
export type BotAnswer = { ok: true; bot: Bot } | { ok: false; problem: string };

/** Wires the bot and starts it in order: storage, life cycle, operator's port, commands, gateway. */
export async function startBot(
  config: Config & { discord: { token: string } },
  { clock = systemClock, random = Math.random, timeouts = {}, faults }: Handed = {},
): Promise<BotAnswer> {
  const { token } = config.discord;
  const scrub = createScrub([token, config.provider.apiKey, config.storage.databaseUrl]);
  const log = createLog(config.logLevel, scrub);
  const telemetry = createTelemetry(log);
  const performs = config.role !== 'gateway';
  const opened = await openStorage(
    { ...config.storage, performs },
    {
      ...{ clock, owner: randomUUID(), newId: () => randomBytes(9).toString('hex') },
      onUnreadable: renderId => telemetry.alarm('storage', `the row of render ${renderId} can't be read and is set aside`),
      onError: error => telemetry.alarm('storage', error instanceof Error ? error.message : String(error)),
    },
  );
  if (!opened.ok) return { ok: false, problem: `The store cannot be opened: ${opened.detail}` };
  const around = faultPoints(faults);
  const storage = around.storage(opened.storage);
  const { files, settings, wakeups, signals, sharedCalls, workDirectory } = storage;
  const ledger = timedLedger(storage.ledger, telemetry.registry);

  const { apiKey, baseUrl, uploadUrl, requestsPerMinute } = config.provider;
  const client = new SegmindClient({
    ...{ apiKey: apiKey ?? null, clock, random, timeouts },
    ...(baseUrl && { baseUrl }),
    ...(uploadUrl && { uploadUrl }),
  });
  const provider = around.provider(createSegmindProvider(client, telemetry));
  const budget = createRequestBudget({ requestsPerMinute, clock, shared: sharedCalls?.(requestsPerMinute) });
  const botMedia = createBotMedia(config, { files, clock, workDirectory, onFaceCheck: telemetry.faceCheck });
  const expectations = await createExpectations(settings, baseUrl ?? DEFAULT_BASE_URL, {
    ...defaultDurationPrior,
    medianMs: config.provider.expectedRenderSeconds * 1000,
  });
  const policies = createPolicies(settings, { defaults: config.defaultPolicy, bounds: config.policyBounds });

  const apiBase = config.discord.apiBase ?? DISCORD_API_BASE;
  const calls = around.calls(createCalls({ apiBase, token, onAnswer: telemetry.discordCall }));
  const texts = createTexts();
  const videoFiles = {
    texts,
    shrink: botMedia.shrink,
    videoPath: async (render: { videoKey: string | null }) =>
      render.videoKey === null ? undefined : files.path(render.videoKey),
    log: telemetry.log,
  };
  const announcer = createAnnouncer({ ...videoFiles, calls, clock, policyOf: policies.of, onEditSaved: telemetry.editSaved });
  const breaker = createBreaker({
    provider,
    clock,
    telemetry,
    signals,
    needUsd: config.provider.estimateUsd,
    onClose: () => void wakeups.kick(),
  });
  const desk = createDesk({
    ...{ calls, clock, texts, files, ledger, videoFiles: createVideoFiles(videoFiles), policyOf: policies.of },
    ...{ store: storage.moderation, hashOf: botMedia.hashOf, isSamePicture },
    alarm: detail => telemetry.alarm('moderation', detail),
    count: telemetry.moderation,
    log: (event, facts = {}) => log.info(facts, event),
  });
  const consents = createConsents(settings, clock.now);
  const gate = createGate({
    ...{ policyOf: policies.of, allowedGuilds: config.allowedGuilds, checkInputs: botMedia.checkInputs },
    ...{ suspensions: desk.suspensions, consents },
  });
  const keepRecordsMs = config.keep.recordsDays * 24 * HOUR_MS;
  const lifeCycle = createLifeCycle(
    {
      ...{ ledger, provider, files, announcer, wakeups, telemetry, clock, budget, breaker, classify, gate, moderation: desk },
      media: around.media(botMedia.media),
      random,
      expectations,
      preparing: createGuildTurns(PREPARE_AT_ONCE),
      policyOf: policies.of,
      options: { pacing: defaultPacing, longestWaitMs: 20 * HOUR_MS },
      watches: new Map(),
    },
    {
      ceilings: config.ceilings,
      estimateUsd: config.provider.estimateUsd,
      settings,
      forgetGuild: async guildId => {
        await policies.reset(guildId);
        await storage.moderation.forgetGuild(guildId);
      },
      performs,
      keepRecordsMs,
      onBug: (render, error) => log.error({ render, err: error }, 'a step failed'),
    },
  );
  observe(telemetry.registry, { ledger, budget, clock });

  const botLog = (event: string, facts: object = {}) => log.info(facts, event);
  const answers = around.answers(createAnswers({ apiBase, calls, log: botLog, onAnswer: telemetry.discordCall }));
  const router = createRouter({
    commands: COMMANDS,
    components: COMPONENTS,
    context: {
      ...{
        service: lifeCycle.service,
        policies,
        bounds: config.policyBounds,
        answers,
        texts,
        clock,
        log: botLog,
        moderation: desk.tools,
      },
      consents,
      drafts: createDrafts(settings, clock.now, wishesSchema),
      unfinished: createDrafts(settings, clock.now, someWishesSchema),
      imports: createDrafts(settings, clock.now, importSchema),
      readAttachment: botMedia.readAttachment,
      memberData: createMemberData({ ledger, files, consents, moderation: storage.moderation, clock, keepRecordsMs }),
      videoFiles: createVideoFiles(videoFiles),
    },
  });
  const discord =
    config.role === 'worker'
      ? undefined
      : createDiscordClient({
          ...{ token, apiBase, shards: config.discord.shards, router, guilds: lifeCycle.guilds, log: botLog },
          onLost: detail => telemetry.alarm('gateway', detail),
        });
  let operator: OperatorServer | undefined;
  const upSinceMs = clock.now();
  const notReady = () => (discord?.isReady() === false ? 'the connection to Discord' : undefined);

  /** Registers the commands on the way, where this process takes them. */
  async function isTokenGood(): Promise<boolean> {
    if (discord === undefined)
      return (await calls.asBot({ method: 'GET', route: Routes.currentApplication() })).kind !== 'token-dead';
    const registration = await registerCommands(
      calls,
      COMMANDS.map(command => command.data),
    );
    log[registration.kind === 'failed' ? 'error' : 'info']({ registration }, 'commands');
    return !(registration.kind === 'failed' && registration.answer === 'token-dead');
  }

  async function stop(): Promise<void> {
    log.info('draining');
    const drainedAtMs = clock.now() + DRAIN_MS;
    await discord?.stopTaking();
    await lifeCycle.drain(Math.max(0, drainedAtMs - clock.now()));
    budget.stop();
    await announcer.close();
    await desk.close();
    await discord?.close();
    await operator?.close();
    answers.close();
    calls.close();
    const closed = new AbortController();
    const closing = Promise.all([client.close(), botMedia.close()]).finally(() => closed.abort());
    await Promise.race([closing, clock.sleep(CLOSE_MS, closed.signal).catch(() => undefined)]);
    await storage.close();
    log.info('stopped');
  }

  try {
    operator = await startOperatorServer({
      ...config.operator,
      registry: telemetry.registry,
      costs: () => allCosts({ ledger, policyOf: policies.of }, { nowMs: clock.now(), mostGuilds: MOST_GUILDS }),
      status: () =>
        readStatus({ ledger, breaker, budget }, { nowMs: clock.now(), upSinceMs, role: config.role, missing: notReady() }),
      ...{ notReady, scrub },
    });
    // Work begins only with a token that Discord takes: what is rendered could not be delivered otherwise.
    if (!(await isTokenGood())) throw new Error('Discord refuses DISCORD_TOKEN');
    await lifeCycle.start();
    desk.start();
    const ready = await discord?.start();
    log.info({ ...ready, role: config.role, operator: operator.url }, 'ready');
  } catch (error) {
    await stop();
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  let stopped: Promise<void> | undefined;
  return { ok: true, bot: { operatorUrl: operator.url, stop: () => (stopped ??= stop()) } };
}
