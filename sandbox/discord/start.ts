import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type Clock, createClock } from './clock.ts';
import { type Core, createCore } from './core.ts';
import { fillDefaultWorld } from './default-world.ts';
import { createFaults, type Fault, type FaultBox } from './faults.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { connectWorld } from './gateway-events.ts';
import { opcodes } from './gateway-numbers.ts';
import { createHttp, isLoopback, type PageHandler } from './http.ts';
import { createMembers } from './members.ts';
import { createMessageViews } from './message-views.ts';
import { createRateLimits, type RateLimitOptions } from './rate-limits.ts';
import { createRecorder } from './record.ts';
import { createApi } from './rest/api.ts';
import { applicationRoutes } from './rest/application-routes.ts';
import { channelRoutes } from './rest/channel-routes.ts';
import { interactionRoutes } from './rest/interaction-routes.ts';
import { webhookRoutes } from './rest/webhook-routes.ts';

export interface StartOptions {
  /** A loopback address; anything else is refused. Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free one. */
  port?: number;
  clock?: Clock;
  /** Every request of the bot is written here, a line of JSON each. */
  recordPath?: string;
  rateLimits?: RateLimitOptions;
  /** Default 41.25 s, as on Discord. */
  heartbeatIntervalMs?: number;
  /** Intent bits that the application was granted. Default: none. */
  privilegedIntents?: number;
  /** Default 10; Discord doesn't say. */
  oldMessageEditsPerHour?: number;
  /** How long attachment links work. Default 24 h. */
  linkLifetimeMs?: number;
}

export type Discord = Awaited<ReturnType<typeof startDiscord>>;

/** Starts the stand-in for Discord on this machine's loopback. */
export async function startDiscord(options: StartOptions = {}) {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopback(host)) throw new Error(`the sandbox listens on loopback only, not on ${host}`);
  const address = { port: 0 };
  const origin = () => `http://127.0.0.1:${address.port}`;
  const core = createCore({ ...options, clock: options.clock ?? createClock(), origin });
  const places = fillDefaultWorld(core.world);
  const token = madeUpToken(core.world.bot.id);
  const faults = createFaults();
  const gateway = createGateway({
    ...{ world: core.world, events: core.events, faults, token, url: () => `ws://127.0.0.1:${address.port}/gateway` },
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    allowedPrivilegedIntents: options.privilegedIntents ?? 0,
  });
  connectWorld(core, gateway);
  const pages: PageHandler[] = [];
  const http = createHttp({ api: apiOf(core, gateway, faults, token, options), cdn: core.cdn, faults, gateway, pages });
  http.listen(options.port ?? 0, host);
  await once(http, 'listening');
  const bound = http.address();
  address.port = typeof bound === 'object' && bound !== null ? bound.port : 0;

  return {
    /** For DISCORD_API_BASE, and for discord.js: `rest: { api: discord.apiBase }`. */
    apiBase: `${origin()}/api`,
    /** The page's address. */
    url: `${origin()}/`,
    token,
    applicationId: core.world.bot.id,
    world: core.world,
    /** The default guilds, channels and members by name. */
    places,
    members: createMembers({
      core,
      dispatch: (payload, guildId) => gateway.dispatch('INTERACTION_CREATE', payload, { guildId }),
    }),
    messages: createMessageViews(core),
    commands: {
      list: (guildId: string | null = null) => core.commands.list(guildId).map(each => each.body),
      /** With their ids and kinds. */
      registered: (guildId: string | null = null) => core.commands.list(guildId),
    },
    /** What a member did, by its id. */
    interaction: core.interactions.get,
    events: core.events,
    waitFor: core.events.waitFor,
    faults: { order: (fault: Fault) => order(fault, faults, gateway), clear: faults.clear, pending: faults.pending },
    clock: movedWith(core),
    /** How many gateway sessions are connected now. */
    connections: gateway.connections,
    /** Adds a handler for paths beside /api, /gateway and the attachments. */
    addPage: (page: PageHandler) => {
      pages.push(page);
    },
    close: async (): Promise<void> => {
      gateway.stop();
      http.closeAllConnections();
      await new Promise(resolve => http.close(resolve));
    },
  };
}

function apiOf(core: Core, gateway: Gateway, faults: FaultBox, token: string, options: StartOptions) {
  return createApi({
    routes: [...applicationRoutes(core, gateway.url), ...interactionRoutes(core), ...webhookRoutes(core), ...channelRoutes(core)],
    ...{ token, faults, clock: core.clock, events: core.events },
    rateLimits: createRateLimits(options.rateLimits),
    recorder: createRecorder(options.recordPath),
  });
}

/** Looks like a bot's token, and is one nowhere but here. */
function madeUpToken(applicationId: string): string {
  const random = (length: number) => randomBytes(length).toString('base64url').slice(0, length);
  return `${Buffer.from(applicationId).toString('base64url')}.${random(6)}.${random(38)}`;
}

/** The clock as tests move it: what was waiting for a time learns of it at once. */
function movedWith(core: Core): Clock {
  return {
    now: core.clock.now,
    advance: ms => {
      core.clock.advance(ms);
      core.interactions.clockMoved();
    },
  };
}

function order(fault: Fault, box: FaultBox, gateway: Gateway): void {
  if (fault.fault === 'close-gateway') gateway.close(fault.code);
  else if (fault.fault === 'drop-gateway') gateway.close(null);
  else if (fault.fault === 'reconnect') gateway.tell(opcodes.reconnect, null);
  else if (fault.fault === 'invalid-session') gateway.tell(opcodes.invalidSession, fault.resumable);
  else if (fault.fault === 'refuse-resume') box.refuseResumes(fault.times ?? 1);
  else box.add(fault);
}
