import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FaultBook } from '../faults/book.ts';
import { answerFault, faultOrder, renderFault } from '../faults/fault.ts';
import { sendProblem } from '../problems.ts';
import { requestState } from '../schemas.ts';
import { isLoopbackHost } from '../settings.ts';
import { weightsSchema } from '../store/requests.ts';
import type { App, RouteContext } from './context.ts';

const adminRequests = z.object({
  requests: z.array(
    z.object({
      id: z.string(),
      mode: z.enum(['async', 'sync']),
      state: requestState,
      /** What tells one request from another; null once the request is forgotten. */
      weights: weightsSchema.nullable(),
      receivedAt: z.string(),
      endedAt: z.string().nullable(),
      /** What was billed; null until the render completed, and for ever if it didn't. */
      costUsd: z.number().nullable(),
      starts: z.number(),
      progress: z.number().nullable(),
    }),
  ),
  billedUsd: z.number(),
  remainingUsd: z.number(),
});

const faultList = z.object({ pending: z.array(z.union([renderFault, answerFault])) });

/** Refuses a page of another origin that reached this machine through a name of its own (DNS rebinding). */
async function requireLoopbackName(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (isLoopbackHost(request.hostname)) return;
  return sendProblem(reply, { status: 403, error: 'Only by a loopback address' });
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** `GET /admin/requests`: every submit that was accepted and every bill that was written, oldest first. */
export function registerAdminRequests(app: App, { requests, runner, settings }: RouteContext): void {
  app.get(
    '/admin/requests',
    {
      onRequest: requireLoopbackName,
      schema: { tags: ['admin'], summary: 'Accepted submits and bills', response: { 200: adminRequests } },
    },
    async (_request, reply) =>
      reply.send({
        requests: requests.all().map(each => ({
          id: each.id,
          mode: each.mode,
          state: each.state,
          weights: each.job?.weights ?? null,
          receivedAt: iso(each.receivedAtMs),
          endedAt: each.endedAtMs === null ? null : iso(each.endedAtMs),
          costUsd: each.costUsd,
          starts: each.starts,
          progress: runner.progress(each.id) ?? null,
        })),
        billedUsd: Math.round((settings.creditsUsd - requests.remainingUsd()) * 10_000) / 10_000,
        remainingUsd: requests.remainingUsd(),
      }),
  );
}

/** `GET`, `POST` and `DELETE /admin/faults`: see what is ordered, order a fault, clear them all. */
export function registerAdminFaults(app: App, book: FaultBook, restart: (downMs: number) => void): void {
  const list = () => ({ pending: book.pending() });
  const schema = { tags: ['admin'], response: { 200: faultList } };

  app.get('/admin/faults', { onRequest: requireLoopbackName, schema: { ...schema, summary: 'Ordered faults' } }, async () =>
    list(),
  );

  app.post(
    '/admin/faults',
    { onRequest: requireLoopbackName, schema: { ...schema, summary: 'Order a fault', body: faultOrder } },
    async (request, reply) => {
      if (request.body.fault !== 'restart') book.order(request.body);
      else {
        const fault = request.body;
        reply.raw.once('finish', () => restart(fault.downMs));
      }
      return reply.send(list());
    },
  );

  app.delete(
    '/admin/faults',
    { onRequest: requireLoopbackName, schema: { ...schema, summary: 'Clear all faults' } },
    async () => {
      book.clear();
      return list();
    },
  );
}
