import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { EventHub } from './events.ts';
import type { FaultBox } from './faults.ts';
import { closeCodes, intentBits, opcodes } from './gateway-numbers.ts';
import {
  checkIdentify,
  createSession,
  missedEvents,
  onShard,
  resumeSchema,
  type Session,
  type Shard,
  sendEvent,
} from './gateway-session.ts';
import { guildCreatePayload, userPayload } from './payloads.ts';
import type { World } from './world.ts';

export interface GatewayDeps {
  world: World;
  events: EventHub;
  faults: FaultBox;
  token: string;
  /** Where a client connects (again): `ws://127.0.0.1:PORT/gateway`. */
  url: () => string;
  heartbeatIntervalMs: number;
  /** Intents that the application was granted beside those that need no grant. */
  allowedPrivilegedIntents: number;
}

const mostSessions = 50;
const commandsPerMinute = 120;
const largestCommandBytes = 4_096;

const frameSchema = z.object({ op: z.int(), d: z.unknown().optional() });

export type Gateway = ReturnType<typeof createGateway>;

/** Discord's gateway, version 10, JSON, without transport compression. */
export function createGateway(deps: GatewayDeps) {
  const { world, events, faults } = deps;
  const server = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  const sessions = new Map<string, Session>();

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    server.handleUpgrade(request, socket, head, client => {
      const query = new URL(request.url ?? '/', 'ws://127.0.0.1').searchParams;
      if (query.get('v') !== '10') client.close(closeCodes.invalidVersion, 'Invalid API version.');
      else if ((query.get('encoding') ?? 'json') !== 'json') client.close(closeCodes.decodeError, 'Only JSON here.');
      else if (query.get('compress')) client.close(closeCodes.decodeError, 'No transport compression here.');
      else connected(client);
    });
  }

  function connected(socket: WebSocket): void {
    let session: Session | null = null;
    let lastBeatMs = performance.now();
    const watchdog = setInterval(() => {
      if (performance.now() - lastBeatMs > deps.heartbeatIntervalMs * 2)
        socket.close(closeCodes.sessionTimedOut, 'Session timed out.');
    }, deps.heartbeatIntervalMs).unref();
    const tooMany = createCommandCount();

    socket.on('error', () => socket.terminate());
    socket.on('close', code => {
      clearInterval(watchdog);
      if (session?.socket === socket) session.socket = null;
      events.emit('gateway-closed', { sessionId: session?.id ?? null, code });
    });
    socket.on('message', data => {
      const frame = parseFrame(data);
      if (tooMany()) return socket.close(closeCodes.rateLimited, 'You are being rate limited.');
      if (frame === null) return socket.close(closeCodes.decodeError, 'Error while decoding payload.');
      const opening = frame.op === opcodes.identify || frame.op === opcodes.resume;
      if (frame.op === opcodes.heartbeat) {
        lastBeatMs = performance.now();
        say(socket, opcodes.heartbeatAck, null);
      } else if (opening && session) {
        socket.close(closeCodes.alreadyAuthenticated, 'Already authenticated.');
      } else if (opening) {
        session = frame.op === opcodes.identify ? identify(socket, frame.d) : resume(socket, frame.d);
      } else if (!knownCommands.has(frame.op)) {
        socket.close(closeCodes.unknownOpcode, 'Unknown opcode.');
      } else if (!session) {
        socket.close(closeCodes.notAuthenticated, 'Not authenticated.');
      }
    });
    say(socket, opcodes.hello, { heartbeat_interval: deps.heartbeatIntervalMs });
  }

  const guildsOn = (shard: Shard) => [...world.guilds.values()].filter(guild => onShard(guild.id, shard));

  function identify(socket: WebSocket, d: unknown): Session | null {
    const identity = checkIdentify(d, { ...deps, guildsOn: shard => guildsOn(shard).length });
    if (!identity.ok) {
      socket.close(identity.code, identity.reason);
      return null;
    }
    const session = createSession(identity.shard, identity.intents, socket);
    sessions.set(session.id, session);
    forgetOldest();
    const guilds = guildsOn(session.shard);
    sendEvent(session, 'READY', {
      v: 10,
      user: { ...userPayload(world.bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
      guilds: guilds.map(guild => ({ id: guild.id, unavailable: true })),
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: deps.url(),
      shard: session.shard,
      application: { id: world.bot.id, flags: 0 },
      private_channels: [],
      relationships: [],
    });
    const wanted = session.intents & intentBits.guilds ? guilds : [];
    for (const guild of wanted) sendEvent(session, 'GUILD_CREATE', guildCreatePayload(guild, world));
    events.emit('gateway-ready', { sessionId: session.id, shard: session.shard });
    return session;
  }

  /** Sessions that nobody came back for don't pile up. */
  function forgetOldest(): void {
    const gone = [...sessions.values()].find(each => each.socket === null);
    if (sessions.size > mostSessions && gone) sessions.delete(gone.id);
  }

  function resume(socket: WebSocket, d: unknown): Session | null {
    const parsed = resumeSchema.safeParse(d);
    if (!parsed.success || parsed.data.token !== deps.token) {
      const code = parsed.success ? closeCodes.authenticationFailed : closeCodes.decodeError;
      socket.close(code, parsed.success ? 'Authentication failed.' : 'Error while decoding payload.');
      return null;
    }
    const session = sessions.get(parsed.data.session_id);
    const missed = session ? missedEvents(session, parsed.data.seq ?? 0) : null;
    const refused = faults.takeResumeRefusal();
    if (!session || missed === null || refused) {
      sessions.delete(parsed.data.session_id);
      say(socket, opcodes.invalidSession, false);
      return null;
    }
    session.socket?.terminate();
    session.socket = socket;
    for (const text of missed) socket.send(text);
    sendEvent(session, 'RESUMED', { _trace: [] });
    events.emit('gateway-resumed', { sessionId: session.id, replayed: missed.length });
    return session;
  }

  /** Sends an event to the sessions whose shard has the guild (direct messages: shard 0) and that asked for it. */
  function dispatch(name: string, d: unknown, options: { guildId: string | null; intent?: number }): void {
    for (const session of sessions.values()) {
      const mine = options.guildId === null ? session.shard[0] === 0 : onShard(options.guildId, session.shard);
      const wanted = options.intent === undefined || (session.intents & options.intent) !== 0;
      if (mine && wanted) sendEvent(session, name, d);
    }
  }

  return {
    url: deps.url,
    upgrade,
    dispatch,
    /** Closes every connection with a code; null: cuts it without a close frame. */
    close: (code: number | null): void => {
      for (const socket of server.clients) code === null ? socket.terminate() : socket.close(code);
    },
    /** Says something out of turn to every client: opcode 7 (reconnect) or 9 (invalid session). */
    tell: (op: number, d: unknown): void => {
      for (const socket of server.clients) say(socket, op, d);
    },
    connections: () => [...sessions.values()].filter(each => each.socket !== null).length,
    stop: (): void => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** Commands that are taken without an effect here: presence, voice state, request for members. */
const knownCommands = new Set<number>([opcodes.presence, opcodes.voiceState, opcodes.requestMembers]);

function say(socket: WebSocket, op: number, d: unknown): void {
  socket.send(JSON.stringify({ op, d, s: null, t: null }));
}

function createCommandCount(): () => boolean {
  let arrivals: number[] = [];
  return () => {
    const nowMs = performance.now();
    arrivals = [...arrivals.filter(at => at > nowMs - 60_000), nowMs];
    return arrivals.length > commandsPerMinute;
  };
}

/** A client's command; null for what is no JSON, no command, or too long. */
function parseFrame(data: unknown): z.infer<typeof frameSchema> | null {
  if (!Buffer.isBuffer(data) || data.length > largestCommandBytes) return null;
  try {
    return frameSchema.parse(JSON.parse(data.toString()));
  } catch {
    return null;
  }
}
