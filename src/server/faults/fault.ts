import { z } from 'zod';

const times = z.number().int().min(1).max(1_000_000).default(1).describe('How many renders or answers it applies to');
const call = z.enum(['submit', 'status', 'result', 'sync', 'credits', 'upload', 'file']);
const when = z.enum(['before', 'after']).default('before').describe('Before the call took effect, or after');
const durationMs = z.number().int().min(0).max(3_600_000);
const errorStatus = z.literal([400, 401, 402, 403, 404, 405, 406, 410, 422, 429, 500, 502, 503, 504]);

/** Faults of the next renders. A render takes the fault as it starts, and obeys it once its inputs were fetched. */
const renderFaults = [
  z.object({
    fault: z.literal('failed'),
    times,
    text: z.string().default('Internal Polling Error'),
    http: z.literal([200, 422]).default(422).describe('The HTTP code that FAILED comes under'),
  }),
  z.object({ fault: z.literal('never-finishes'), times }),
  z.object({ fault: z.literal('instant'), times }),
  z.object({ fault: z.literal('render-takes'), times, durationMs }),
] as const;

/** Faults of the next answers to a call. */
const answerFaults = [
  z.object({
    fault: z.literal('error'),
    times,
    call,
    when,
    status: errorStatus,
    body: z.enum(['json', 'html', 'empty']).default('json'),
    text: z.string().optional(),
    resetInMs: durationMs.optional().describe('Adds x-rate-limit-reset-at-utc, so far from now'),
    resetFormat: z.enum(['iso', 'epoch-s', 'epoch-ms']).default('iso'),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().regex(/^[\x20-\x7e]*$/)).default({}),
  }),
  z.object({ fault: z.literal('latency'), times, call, when, delayMs: durationMs }),
  z.object({ fault: z.literal('drop'), times, call, when }),
  z.object({
    fault: z.literal('drip'),
    times,
    call,
    chunkBytes: z.number().int().positive().default(16),
    intervalMs: durationMs.default(100),
  }),
  z.object({ fault: z.literal('malformed'), times, call }),
  z.object({
    fault: z.literal('gigantic'),
    times,
    call,
    bytes: z
      .number()
      .int()
      .positive()
      .max(2 ** 32)
      .default(64 * 1024 * 1024),
  }),
  z.object({ fault: z.literal('lost'), times, call: z.enum(['status', 'result']).default('status') }),
  z.object({
    fault: z.literal('unknown-state'),
    times,
    call: z.enum(['status', 'result']).default('status'),
    state: z.string().default('PAUSED'),
  }),
  z.object({ fault: z.literal('foreign-status-url'), times, origin: z.url().default('http://127.0.0.1:9') }),
  z.object({
    fault: z.literal('incomplete-submit'),
    times,
    omit: z.enum(['request_id', 'status_url', 'response_url', 'poll_url', 'status']).default('request_id'),
  }),
  z.object({
    fault: z.literal('output-shape'),
    times,
    shape: z.enum(['array', 'object-url', 'object-video-url', 'top-level-video', 'null', 'missing', 'number']),
  }),
  z.object({ fault: z.literal('not-a-video'), times }),
] as const;

/** Applies at once and is not kept: running renders are broken off, connections dropped, and the port is closed for a while. */
const restartFault = z.object({ fault: z.literal('restart'), downMs: durationMs.default(0) });

/** Every fault that can be ordered. */
export const faultOrder = z.discriminatedUnion('fault', [...renderFaults, ...answerFaults, restartFault]);
export const renderFault = z.discriminatedUnion('fault', renderFaults);
export const answerFault = z.discriminatedUnion('fault', answerFaults);

export type FaultOrder = z.output<typeof faultOrder>;
/** What a caller of `POST /admin/faults` writes. */
export type FaultOrderInput = z.input<typeof faultOrder>;
export type RenderFault = z.output<typeof renderFault>;
export type AnswerFault = z.output<typeof answerFault>;
export type RestartFault = z.output<typeof restartFault>;
