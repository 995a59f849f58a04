import { allCosts } from './core/costs.ts';
import { createPolicies } from './core/policies.ts';
import { createBotMedia } from './media/bot-media.ts';
import { type OperatorServer, startOperatorServer } from './telemetry/operator-server.ts';
import { readStatus } from './telemetry/status.ts';
import { observe } from './telemetry/telemetry.ts';
import { wireCore } from './wiring/core-side.ts';
import { wireGateway, wireMessages } from './wiring/discord-side.ts';
import { type BotConfig, type Handed, openGround } from './wiring/ground.ts';
import { wireProvider } from './wiring/provider-side.ts';

/** Discord shows a new deferral as failed after 15 min, a container is killed after 10 s: what is in flight has this long. */
const DRAIN_MS = 7_000;
/** Connections that are still in use then are past that time, and not waited for. */
const CLOSE_MS = 500;
/** Guilds whose costs the operator is told, costliest first. */
const MOST_GUILDS = 5_000;

/** `operatorUrl`: where health, figures and costs are served. */
export type Bot = { operatorUrl: string; stop(): Promise<void> };
export type BotAnswer = { ok: true; bot: Bot } | { ok: false; problem: string };

/** Wires the bot and starts it in order: storage, life cycle, operator's port, commands, gateway. */
export async function startBot(config: BotConfig, handed: Handed = {}): Promise<BotAnswer> {
  const opened = await openGround(config, handed);
  if (!opened.ok) return opened;
  const { ground } = opened;
  const { clock, log, scrub, telemetry, storage } = ground;
  const { ledger, files, workDirectory } = storage;

  const media = createBotMedia(config, { files, clock, workDirectory, onFaceCheck: telemetry.faceCheck });
  const policies = createPolicies(storage.settings, { defaults: config.defaultPolicy, bounds: config.policyBounds });
  const provider = wireProvider(ground);
  const messages = wireMessages(ground, media, { policyOf: policies.of });
  const core = await wireCore(ground, provider, media, messages, policies);
  const gateway = wireGateway(ground, media, messages, core);
  const { lifeCycle } = core;
  const { budget, breaker } = provider;
  observe(telemetry.registry, { ledger, budget, clock });

  const upSinceMs = clock.now();
  const notReady = () => (gateway.client?.isReady() === false ? 'the connection to Discord' : undefined);
  const serveOperator = () =>
    startOperatorServer({
      ...{ ...config.operator, registry: telemetry.registry, notReady, scrub },
      costs: () => allCosts({ ledger, policyOf: policies.of }, { nowMs: clock.now(), mostGuilds: MOST_GUILDS }),
      status: () =>
        readStatus({ ledger, breaker, budget }, { nowMs: clock.now(), upSinceMs, role: config.role, missing: notReady() }),
    });
  let operator: OperatorServer | undefined;

  async function stop(): Promise<void> {
    log.info('draining');
    const drainedAtMs = clock.now() + DRAIN_MS;
    await gateway.client?.stopTaking();
    await lifeCycle.drain(Math.max(0, drainedAtMs - clock.now()));
    budget.stop();
    await messages.announcer.close();
    await messages.desk.close();
    await gateway.client?.close();
    await operator?.close();
    gateway.close();
    messages.calls.close();
    const closed = new AbortController();
    const closing = Promise.all([provider.close(), media.close()]).finally(() => closed.abort());
    await Promise.race([closing, clock.sleep(CLOSE_MS, closed.signal).catch(() => undefined)]);
    await storage.close();
    log.info('stopped');
  }

  try {
    operator = await serveOperator();
    // Work begins only with a token that Discord takes: what is rendered could not be delivered otherwise.
    if (!(await messages.isTokenGood())) throw new Error('Discord refuses DISCORD_TOKEN');
    await lifeCycle.start();
    messages.desk.start();
    const ready = await gateway.client?.start();
    log.info({ ...ready, role: config.role, operator: operator.url }, 'ready');
  } catch (error) {
    await stop();
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  let stopped: Promise<void> | undefined;
  return { ok: true, bot: { operatorUrl: operator.url, stop: () => (stopped ??= stop()) } };
}
