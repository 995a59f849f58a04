import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createCdn } from './cdn.ts';
import { type Clock, createClock } from './clock.ts';
import { createCommandStore } from './commands.ts';
import type { Core } from './core.ts';
import { fillDefaultWorld } from './default-world.ts';
import { createEvents } from './events.ts';
import { createFaults, type Fault } from './faults.ts';
import { createGateway } from './gateway.ts';
import { connectWorld } from './gateway-events.ts';
import { opcodes } from './gateway-numbers.ts';
import { createHttp, isLoopback, type PageHandler } from './http.ts';
import { createInteractions } from './interactions.ts';
import { createMembers } from './members.ts';
import { createMessages, type MessageVersion, type SandboxMessage } from './messages.ts';
import { createRateLimits, type RateLimitOptions } from './rate-limits.ts';
import { createRecorder } from './record.ts';
import { createApi } from './rest/api.ts';
import { applicationRoutes } from './rest/application-routes.ts';
import { channelRoutes } from './rest/channel-routes.ts';
import { interactionRoutes } from './rest/interaction-routes.ts';
import { webhookRoutes } from './rest/webhook-routes.ts';
import { createSnowflakes } from './snowflake.ts';
import { createWorld } from './world.ts';

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
  const inner = options.clock ?? createClock();
  const events = createEvents();
  const nextId = createSnowflakes(inner);
  const world = createWorld({ clock: inner, nextId, events });
  const places = fillDefaultWorld(world);
  const address = { port: 0 };
  const origin = () => `http://127.0.0.1:${address.port}`;
  const gatewayUrl = () => `ws://127.0.0.1:${address.port}/gateway`;
  const token = `${Buffer.from(world.bot.id).toString('base64url')}.${randomBytes(5).toString('base64url').slice(0, 6)}.${randomBytes(29).toString('base64url').slice(0, 38)}`;
  const lifetime = options.linkLifetimeMs === undefined ? {} : { linkLifetimeMs: options.linkLifetimeMs };
  const cdn = createCdn({ clock: inner, origin, secret: randomBytes(32).toString('hex'), ...lifetime });
  const messages = createMessages({ world, cdn, clock: inner, nextId, events });
  const interactions = createInteractions({ clock: inner, nextId, events });
  const commands = createCommandStore({ nextId, events, clock: inner });
  const settings = { oldMessageEditsPerHour: options.oldMessageEditsPerHour ?? 10 };
  const core: Core = { world, clock: inner, nextId, events, cdn, messages, interactions, commands, settings };
  const faultBox = createFaults();
  const gateway = createGateway({
    ...{ world, events, faults: faultBox, token: () => token, url: gatewayUrl },
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    allowedPrivilegedIntents: options.privilegedIntents ?? 0,
  });
  connectWorld(core, gateway);
  const routes = [
    ...applicationRoutes(core, gatewayUrl),
    ...interactionRoutes(core),
    ...webhookRoutes(core),
    ...channelRoutes(core),
  ];
  const recorder = createRecorder(options.recordPath);
  const rateLimits = createRateLimits(options.rateLimits);
  const api = createApi({ routes, token: () => token, clock: inner, events, faults: faultBox, rateLimits, recorder });
  const pages: PageHandler[] = [];
  const http = createHttp({ api, cdn, gateway, pages });
  http.listen(options.port ?? 0, host);
  await once(http, 'listening');
  const bound = http.address();
  address.port = typeof bound === 'object' && bound !== null ? bound.port : 0;

  const members = createMembers({
    core,
    dispatch: (payload, guildId) => gateway.dispatch('INTERACTION_CREATE', payload, { guildId }),
  });

  function order(fault: Fault): void {
    switch (fault.fault) {
      case 'close-gateway':
        return gateway.close(fault.code);
      case 'drop-gateway':
        return gateway.close(null);
      case 'reconnect':
        return gateway.tell(opcodes.reconnect, null);
      case 'invalid-session':
        return gateway.tell(opcodes.invalidSession, fault.resumable);
      case 'refuse-resume':
        return faultBox.refuseResumes(fault.times ?? 1);
      default:
        return faultBox.add(fault);
    }
  }

  async function close(): Promise<void> {
    gateway.stop();
    http.closeAllConnections();
    await new Promise(resolve => http.close(resolve));
  }

  return {
    /** For DISCORD_API_BASE, and for discord.js: `rest: { api: discord.apiBase }`. */
    apiBase: `${origin()}/api`,
    /** The page's address. */
    url: `${origin()}/`,
    token,
    applicationId: world.bot.id,
    world,
    /** The default guilds, channels and members by name. */
    places,
    members,
    messages: {
      /** A message that stands (undefined when it was deleted or never was). */
      get: (id: string): SandboxMessage | undefined => {
        const message = messages.alive(id);
        return message && messages.view(message);
      },
      /** Every state of a message with its time, the deletion last. */
      history: (id: string): MessageVersion[] => messages.versions(id),
      /** A channel's messages, oldest first; `as`: only what this member sees. */
      inChannel: (channelId: string, view: { as?: string } = {}): SandboxMessage[] =>
        messages
          .inChannel(channelId)
          .filter(each => view.as === undefined || messages.maySee(each, view.as))
          .map(messages.view),
      /** The direct messages between the bot and a member. */
      direct: (memberId: string): SandboxMessage[] => messages.inChannel(world.directChannel(memberId).id).map(messages.view),
      /** An attachment's content. */
      bytes: (attachmentId: string): Uint8Array | undefined => cdn.get(attachmentId)?.bytes,
    },
    commands: { list: (guildId: string | null = null) => commands.list(guildId).map(each => each.body) },
    events,
    waitFor: events.waitFor,
    faults: { order, clear: faultBox.clear },
    clock: {
      now: inner.now,
      advance: (ms: number) => {
        inner.advance(ms);
        interactions.clockMoved();
      },
    } satisfies Clock,
    /** How many gateway sessions are connected now. */
    connections: gateway.connections,
    /** Adds a handler for paths beside /api, /gateway and the attachments. */
    addPage: (page: PageHandler) => {
      pages.push(page);
    },
    close,
  };
}
