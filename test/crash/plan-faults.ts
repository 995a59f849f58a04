import type { Fault } from '../../sandbox/discord/index.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import type { Chance } from './chance.ts';

/** Something that goes wrong at the provider. Nothing that closes the breaker: its probe comes by the minute. */
export function serverFault(chance: Chance): FaultOrderInput {
  const times = chance.pick([1, 1, 2]);
  const when = chance.pick(['before', 'after']);
  const delayMs = chance.whole(100, 1_200);
  const text = chance.pick(['Internal Polling Error', 'The safety filter declined the input image.', 'No face detected']);
  return chance.pick<FaultOrderInput>([
    { fault: 'failed', times, text, http: chance.pick([200, 422]) },
    { fault: 'never-finishes', times },
    { fault: 'render-takes', times, durationMs: chance.whole(200, 2_000) },
    { fault: 'render-takes', times: 4, durationMs: chance.whole(200, 1_200) },
    { fault: 'instant', times },
    { fault: 'drop', times, call: 'submit', when },
    { fault: 'latency', times, call: 'submit', when, delayMs },
    { fault: 'malformed', times: 1, call: 'submit' },
    { fault: 'incomplete-submit', times: 1 },
    { fault: 'error', times, call: 'submit', status: 503 },
    { fault: 'error', times: 1, call: 'submit', status: 503, body: 'html', when },
    { fault: 'error', times: 1, call: 'submit', status: 502, body: 'html', when },
    { fault: 'error', times: 1, call: 'submit', status: 500 },
    { fault: 'error', times: 1, call: 'submit', status: 422, text },
    { fault: 'error', times, call: 'submit', status: 429, resetInMs: 700 },
    { fault: 'error', times, call: 'status', status: 429, resetInMs: 700 },
    { fault: 'error', times, call: 'upload', status: 503 },
    { fault: 'drop', times, call: 'upload', when },
    { fault: 'error', times, call: 'status', status: 500 },
    { fault: 'drop', times, call: 'status', when },
    { fault: 'malformed', times: 1, call: 'status' },
    { fault: 'unknown-state', times: 1 },
    { fault: 'latency', times, call: 'status', delayMs },
    { fault: 'drop', times, call: 'result', when },
    { fault: 'malformed', times: 1, call: 'result' },
    { fault: 'drop', times, call: 'file', when: 'before' },
    { fault: 'latency', times, call: 'file', delayMs },
    { fault: 'drip', times: 1, call: 'file', chunkBytes: 512, intervalMs: 20 },
    { fault: 'error', times, call: 'file', status: 503 },
    { fault: 'not-a-video', times: 1 },
  ]);
}

const ROUTES = [
  { method: 'PATCH', route: '/webhooks/:application/:token/messages/@original' },
  { method: 'PATCH', route: '/webhooks/:application/:token/messages/@original' },
  { method: 'DELETE', route: '/webhooks/:application/:token/messages/@original' },
  { method: 'GET', route: '/webhooks/:application/:token/messages/@original' },
  { method: 'POST', route: '/webhooks/:application/:token' },
  { method: 'POST', route: '/channels/:id/messages' },
  { method: 'POST', route: '/interactions/:id/:token/callback' },
] as const;

/** Something that goes wrong at Discord, and passes. */
export function discordFault(chance: Chance): Fault {
  const where = { ...chance.pick(ROUTES), times: chance.pick([1, 1, 2, 4]) };
  const handled = chance.of(0.5);
  return chance.pick<Fault>([
    { fault: 'drop', handled, ...where },
    { fault: 'drop', handled, ...where },
    { fault: 'answer', status: chance.pick([500, 502, 503]), handled, ...where },
    { fault: 'latency', delayMs: chance.whole(100, 1_500), ...where },
    { fault: 'rate-limit', retryAfterMs: chance.whole(200, 1_000), scope: chance.pick(['user', 'shared', 'global']), ...where },
    { fault: 'drop', handled: false, route: '/ephemeral-attachments/**', times: where.times },
    { fault: 'answer', status: 503, route: '/ephemeral-attachments/**', times: where.times },
    { fault: 'drop-gateway' },
    { fault: 'close-gateway', code: 4000 },
    { fault: 'reconnect' },
    { fault: 'invalid-session', resumable: chance.of(0.5) },
    { fault: 'refuse-resume' },
  ]);
}
