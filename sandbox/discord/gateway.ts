import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { EventHub } from './events.ts';
import type { FaultBox } from './faults.ts';
import { closeCodes, intentBits, opcodes, privilegedIntents } from './gateway-numbers.ts';
import { shardingRequiredAt } from './numbers.ts';
import { guildCreatePayload, userPayload } from './payloads.ts';
import type { Guild, World } from './world.ts';

export interface GatewayDeps {
  world: World;
  events: EventHub;
  faults: FaultBox;
  token: () => string;
  /** Where a client connects (again): `ws://127.0.0.1:PORT/gateway`. */
  url: () => string;
  heartbeatIntervalMs: number;
  /** Intents that the application was granted beside those that need no grant. */
  allowedPrivilegedIntents: number;
}

/** A client's session; it outlives its connection, so that it can be resumed. */
interface Session {
  id: string;
  shard: readonly [number, number];
  intents: number;
  sequence: number;
  sent: { s: number; text: string }[];
  socket: WebSocket | null;
}

/** Events kept for a resume. */
const replayLength = 5_000;
const mostSessions = 50;
const commandsPerMinute = 120;
const largestCommandBytes = 4_096;

const frameSchema = z.object({ op: z.int(), d: z.unknown() });
const identifySchema = z.object({
  token: z.string(),
  intents: z.int().min(0),
  properties: z.record(z.string(), z.unknown()),
  shard: z.tuple([z.int(), z.int()]).optional(),
});
const resumeSchema = z.object({ token: z.string(), session_id: z.string(), seq: z.int().nullable() });

export type Gateway = ReturnType<typeof createGateway>;

/** Discord's gateway, version 10, JSON, without transport compression. */
export function createGateway(deps: GatewayDeps) {
  const { world, events, faults } = deps;
  const server = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  const sessions = new Map<string, Session>();
  const intervals = new Set<NodeJS.Timeout>();

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    server.handleUpgrade(request, socket, head, client => {
      const query = new URL(request.url ?? '/', 'ws://127.0.0.1').searchParams;
      if (query.get('v') !== '10') return client.close(closeCodes.invalidVersion, 'Invalid API version');
      if ((query.get('encoding') ?? 'json') !== 'json') return client.close(closeCodes.decodeError, 'Only JSON here');
      if (query.get('compress')) return client.close(closeCodes.decodeError, 'No transport compression here');
      connected(client);
    });
  }

  function connected(socket: WebSocket): void {
    let session: Session | null = null;
    let lastBeat = performance.now();
    const arrivals: number[] = [];
    const watchdog = setInterval(() => {
      if (performance.now() - lastBeat > deps.heartbeatIntervalMs * 2) socket.close(closeCodes.sessionTimedOut, 'No heartbeat');
    }, deps.heartbeatIntervalMs).unref();
    intervals.add(watchdog);
    const say = (op: number, d: unknown) => socket.send(JSON.stringify({ op, d, s: null, t: null }));

    socket.on('error', () => socket.terminate());
    socket.on('close', code => {
      clearInterval(watchdog);
      intervals.delete(watchdog);
      if (session?.socket === socket) session.socket = null;
      events.emit('gateway-closed', { sessionId: session?.id ?? null, code });
    });
    socket.on('message', data => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
      const now = performance.now();
      arrivals.push(now);
      while (arrivals[0] !== undefined && arrivals[0] < now - 60_000) arrivals.shift();
      if (arrivals.length > commandsPerMinute) return socket.close(closeCodes.rateLimited, 'Rate limited');
      const frame = frameSchema.safeParse(parseFrame(bytes));
      if (!frame.success || bytes.length > largestCommandBytes) return socket.close(closeCodes.decodeError, 'Decode error');
      const { op, d } = frame.data;
      switch (op) {
        case opcodes.heartbeat:
          lastBeat = now;
          return say(opcodes.heartbeatAck, null);
        case opcodes.identify:
          if (session) return socket.close(closeCodes.alreadyAuthenticated, 'Already authenticated');
          session = identify(socket, d);
          return;
        case opcodes.resume:
          if (session) return socket.close(closeCodes.alreadyAuthenticated, 'Already authenticated');
          session = resume(socket, d, say);
          return;
        case opcodes.presence:
        case opcodes.voiceState:
        case opcodes.requestMembers:
          if (!session) socket.close(closeCodes.notAuthenticated, 'Not authenticated');
          return;
        default:
          return socket.close(closeCodes.unknownOpcode, 'Unknown opcode');
      }
    });
    say(opcodes.hello, { heartbeat_interval: deps.heartbeatIntervalMs });
  }

  function identify(socket: WebSocket, d: unknown): Session | null {
    const refuse = (code: number, reason: string) => {
      socket.close(code, reason);
      return null;
    };
    const parsed = identifySchema.safeParse(d);
    if (!parsed.success) return refuse(closeCodes.decodeError, 'Error while decoding payload.');
    const { token, intents, shard = [0, 1] } = parsed.data;
    if (token !== deps.token()) return refuse(closeCodes.authenticationFailed, 'Authentication failed.');
    const [index, count] = shard;
    if (count < 1 || index < 0 || index >= count) return refuse(closeCodes.invalidShard, 'Invalid shard.');
    if (intents & ~allIntents) return refuse(closeCodes.invalidIntents, 'Invalid intent(s).');
    if (intents & privilegedIntents & ~deps.allowedPrivilegedIntents)
      return refuse(closeCodes.disallowedIntents, 'Disallowed intent(s).');
    const guilds = [...world.guilds.values()].filter(guild => onShard(guild.id, [index, count]));
    if (guilds.length >= shardingRequiredAt) return refuse(closeCodes.shardingRequired, 'Sharding required.');
    const session: Session = {
      id: randomUUID().replaceAll('-', ''),
      shard: [index, count],
      intents,
      sequence: 0,
      sent: [],
      socket,
    };
    sessions.set(session.id, session);
    const oldest = [...sessions.values()].find(each => each.socket === null);
    if (sessions.size > mostSessions && oldest) sessions.delete(oldest.id);
    send(session, 'READY', {
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
    if (intents & intentBits.guilds) for (const guild of guilds) send(session, 'GUILD_CREATE', guildCreatePayload(guild, world));
    events.emit('gateway-ready', { sessionId: session.id, shard: session.shard });
    return session;
  }

  function resume(socket: WebSocket, d: unknown, say: (op: number, d: unknown) => void): Session | null {
    const parsed = resumeSchema.safeParse(d);
    if (!parsed.success) {
      socket.close(closeCodes.decodeError, 'Error while decoding payload.');
      return null;
    }
    const { token, session_id: sessionId, seq } = parsed.data;
    if (token !== deps.token()) {
      socket.close(closeCodes.authenticationFailed, 'Authentication failed.');
      return null;
    }
    const session = sessions.get(sessionId);
    const after = seq ?? 0;
    const oldestKept = session?.sent[0]?.s ?? 1;
    const replayable = session && after <= session.sequence && oldestKept <= after + 1;
    if (!replayable || faults.takeResumeRefusal()) {
      sessions.delete(sessionId);
      say(opcodes.invalidSession, false);
      return null;
    }
    session.socket?.terminate();
    session.socket = socket;
    const missed = session.sent.filter(each => each.s > after);
    for (const each of missed) socket.send(each.text);
    send(session, 'RESUMED', { _trace: [] });
    events.emit('gateway-resumed', { sessionId, replayed: missed.length });
    return session;
  }

  function send(session: Session, name: string, d: unknown): void {
    session.sequence += 1;
    const text = JSON.stringify({ op: opcodes.dispatch, t: name, s: session.sequence, d });
    session.sent.push({ s: session.sequence, text });
    if (session.sent.length > replayLength) session.sent.shift();
    session.socket?.send(text);
  }

  /** Sends an event to the sessions whose shard has the guild (direct messages: shard 0) and that asked for it. */
  function dispatch(name: string, d: unknown, options: { guildId: string | null; intent?: number }): void {
    for (const session of sessions.values()) {
      const mine = options.guildId === null ? session.shard[0] === 0 : onShard(options.guildId, session.shard);
      const wanted = options.intent === undefined || (session.intents & options.intent) !== 0;
      if (mine && wanted) send(session, name, d);
    }
  }

  const open = () => [...server.clients];

  return {
    upgrade,
    dispatch,
    /** Closes every connection with a code, or cuts it without a close frame. */
    close: (code: number | null, reason = '') => {
      for (const socket of open()) code === null ? socket.terminate() : socket.close(code, reason);
    },
    /** Says something out of turn to every client: opcode 7 (reconnect) or 9 (invalid session). */
    tell: (op: number, d: unknown) => {
      for (const socket of open()) socket.send(JSON.stringify({ op, d, s: null, t: null }));
    },
    connections: () => [...sessions.values()].filter(each => each.socket !== null).length,
    stop: () => {
      for (const interval of intervals) clearInterval(interval);
      for (const socket of open()) socket.terminate();
      server.close();
    },
  };
}

const allIntents = Object.values(intentBits).reduce((set, bit) => set | bit, 0);

/** A guild belongs to the shard `(id >> 22) % count` (events/gateway#sharding). */
export function onShard(guildId: Guild['id'], [index, count]: readonly [number, number]): boolean {
  return Number((BigInt(guildId) >> 22n) % BigInt(count)) === index;
}

function parseFrame(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
