import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { closeCodes, intentBits, opcodes, privilegedIntents } from './gateway-numbers.ts';
import { shardingRequiredAt } from './numbers.ts';

export type Shard = readonly [index: number, count: number];

/** A client's session; it outlives its connection, so that it can be resumed. */
export interface Session {
  id: string;
  shard: Shard;
  intents: number;
  /** The number of the last event. */
  sequence: number;
  /** The last events, for a resume. */
  sent: { s: number; text: string }[];
  socket: WebSocket | null;
}

const replayLength = 5_000;

export function createSession(shard: Shard, intents: number, socket: WebSocket): Session {
  return { id: randomUUID().replaceAll('-', ''), shard, intents, sequence: 0, sent: [], socket };
}

/** Sends an event, or keeps it until the session is resumed. */
export function sendEvent(session: Session, name: string, d: unknown): void {
  session.sequence += 1;
  const text = JSON.stringify({ op: opcodes.dispatch, t: name, s: session.sequence, d });
  session.sent.push({ s: session.sequence, text });
  if (session.sent.length > replayLength) session.sent.shift();
  session.socket?.send(text);
}

/** The events after a sequence; null when they are no longer (or not yet) there. */
export function missedEvents(session: Session, after: number): string[] | null {
  const oldestKept = session.sent[0]?.s ?? session.sequence + 1;
  if (after > session.sequence || oldestKept > after + 1) return null;
  return session.sent.filter(each => each.s > after).map(each => each.text);
}

/** A guild belongs to the shard `(id >> 22) % count` (events/gateway#sharding). */
export function onShard(guildId: string, [index, count]: Shard): boolean {
  return Number((BigInt(guildId) >> 22n) % BigInt(count)) === index;
}

const identifySchema = z.object({
  token: z.string(),
  intents: z.int().min(0),
  properties: z.record(z.string(), z.unknown()),
  shard: z.tuple([z.int(), z.int()]).optional(),
});

export const resumeSchema = z.object({ token: z.string(), session_id: z.string(), seq: z.int().nullable() });

export type Identity = { ok: true; shard: Shard; intents: number } | { ok: false; code: number; reason: string };

export interface IdentityRules {
  token: string;
  allowedPrivilegedIntents: number;
  guildsOn: (shard: Shard) => number;
}

const allIntents = Object.values(intentBits).reduce((set, bit) => set | bit, 0);

/** Whether an IDENTIFY is let in, and if not, with which code the connection closes. */
export function checkIdentify(d: unknown, rules: IdentityRules): Identity {
  const refuse = (code: number, reason: string): Identity => ({ ok: false, code, reason });
  const parsed = identifySchema.safeParse(d);
  if (!parsed.success) return refuse(closeCodes.decodeError, 'Error while decoding payload.');
  const { token, intents, shard = [0, 1] } = parsed.data;
  const [index, count] = shard;
  if (token !== rules.token) return refuse(closeCodes.authenticationFailed, 'Authentication failed.');
  if (count < 1 || index < 0 || index >= count) return refuse(closeCodes.invalidShard, 'Invalid shard.');
  if (intents & ~allIntents) return refuse(closeCodes.invalidIntents, 'Invalid intent(s).');
  if (intents & privilegedIntents & ~rules.allowedPrivilegedIntents) {
    return refuse(closeCodes.disallowedIntents, 'Disallowed intent(s).');
  }
  if (rules.guildsOn(shard) >= shardingRequiredAt) return refuse(closeCodes.shardingRequired, 'Sharding required.');
  return { ok: true, shard, intents };
}
