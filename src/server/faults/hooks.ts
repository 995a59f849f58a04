import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../routes/context.ts';
import { changedAnswer, errorAnswer, type Payload } from './answers.ts';
import type { FaultBook } from './book.ts';
import type { AnswerFault } from './fault.ts';

function asPayload(payload: unknown): Payload {
  if (typeof payload === 'string' || Buffer.isBuffer(payload) || payload instanceof Readable) return payload;
  return null;
}

/** Closes a file that won't be sent. */
function discard(payload: Payload): void {
  if (payload instanceof Readable) payload.destroy();
}

/** Waits, but not longer than until the faults are cleared, and not for the sake of a process that wants to end. */
async function delay(ms: number, cleared: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: cleared, ref: false }).catch(() => undefined);
}

/** Hooks the ordered faults into the routes of `app`: once before a call takes effect, once before its answer is sent. */
export function hookFaults(app: App, book: FaultBook, now: () => number): void {
  const after = new WeakMap<FastifyRequest, AnswerFault>();

  async function beforeCall(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { call } = request.routeOptions.config;
    const fault = call === undefined ? undefined : book.takeForCall(call);
    if (fault === undefined) return;
    if (!('when' in fault) || fault.when === 'after') {
      after.set(request, fault);
      return;
    }
    switch (fault.fault) {
      case 'error':
        await reply.send(errorAnswer(fault, request, reply, now()));
        return;
      case 'drop':
        reply.hijack();
        request.raw.socket.destroy();
        return;
      case 'latency':
        await delay(fault.delayMs, book.clearedSignal());
    }
  }

  async function beforeAnswer(request: FastifyRequest, reply: FastifyReply, sent: unknown): Promise<unknown> {
    const id = z.object({ id: z.string() }).safeParse(request.params).data?.id;
    if (id !== undefined && reply.statusCode === 422 && book.failsUnder200(id)) reply.code(200);
    const fault = after.get(request);
    if (fault === undefined) return sent;
    after.delete(request);
    const payload = asPayload(sent);
    switch (fault.fault) {
      case 'error':
        discard(payload);
        return errorAnswer(fault, request, reply, now());
      case 'drop':
        request.raw.socket.destroy();
        return payload;
      case 'latency':
        await delay(fault.delayMs, book.clearedSignal());
        return payload;
      case 'drip':
        return changedAnswer(fault, request, reply, payload);
      default:
        discard(payload);
        return changedAnswer(fault, request, reply, payload);
    }
  }

  app.addHook('preHandler', beforeCall);
  app.addHook('onSend', beforeAnswer);
}
