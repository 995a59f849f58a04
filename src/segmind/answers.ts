import { z } from 'zod';
import type { Answered } from './transport.ts';

/** What the provider answers, as zod schemas: strict in what the library needs, tolerant in everything else. */

/** A number, or a text that is one; anything else is null. */
const tolerantNumber = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .pipe(z.number())
  .nullable()
  .catch(null)
  .default(null);

const metricsSchema = z
  .object({
    inference_time: tolerantNumber,
    queue_time: tolerantNumber,
    total_time: tolerantNumber,
    cost: tolerantNumber,
    remaining_credits: tolerantNumber,
  })
  .transform(metrics => ({
    inferenceTimeS: metrics.inference_time,
    queueTimeS: metrics.queue_time,
    totalTimeS: metrics.total_time,
    costUsd: metrics.cost,
    remainingCredits: metrics.remaining_credits,
  }));
/** What a run took and cost; null where the answer did not say. Cost and credits come on success only. */
export type Metrics = z.infer<typeof metricsSchema>;

/** Metrics of any value, null where there are none. */
export function readMetrics(value: unknown): Metrics {
  return metricsSchema.catch(metricsSchema.parse({})).parse(value);
}

const requestId = z.union([z.string().trim().min(1).max(200), z.number().transform(String)]);
const looseRequestId = requestId.nullable().catch(null).default(null);

/** The answer to a submit. */
export const submittedSchema = z.object({
  request_id: requestId,
  status_url: z.url({ protocol: /^https?$/ }),
  response_url: z.url({ protocol: /^https?$/ }),
});

const STATES = { QUEUED: 'queued', PROCESSING: 'processing', COMPLETED: 'completed', FAILED: 'failed' } as const;
const stateNames: ReadonlyMap<string, JobState> = new Map(Object.entries(STATES));
/** `unknown` is a state that the documentation does not list: the job is taken as not finished. */
export type JobState = (typeof STATES)[keyof typeof STATES] | 'unknown';

const jobBodySchema = z.object({
  status: z.string().trim().min(1).max(200),
  request_id: looseRequestId,
  metrics: z.unknown().optional(),
});
export type JobBody = { state: JobState; rawState: string; requestId: string | null; metrics: Metrics };

/** The state that a parsed answer tells, or null if it tells none. */
export function readJobBody(body: unknown): JobBody | null {
  const parsed = jobBodySchema.safeParse(body);
  if (!parsed.success) return null;
  const rawState = parsed.data.status;
  const state = stateNames.get(rawState.toUpperCase()) ?? 'unknown';
  return { state, rawState, requestId: parsed.data.request_id, metrics: readMetrics(parsed.data.metrics) };
}

/** The request's id out of an answer that may be unusable otherwise. */
export function readRequestId(body: unknown): string | null {
  const parsed = z.object({ request_id: looseRequestId }).safeParse(body);
  return parsed.success ? parsed.data.request_id : null;
}

const someNumber = z.union([z.number(), z.string().trim().min(1).transform(Number)]).pipe(z.number());
export const creditsSchema = z
  .object({ credits: someNumber, 'free-credits': someNumber.nullish() })
  .transform(answer => ({ credits: answer.credits, freeCredits: answer['free-credits'] ?? 0 }));
export type Credits = z.infer<typeof creditsSchema>;

const httpUrl = z.url({ protocol: /^https?$/ });
export const uploadedSchema = z
  .union([
    z.object({ file_urls: z.array(httpUrl).min(1) }).transform(answer => answer.file_urls),
    z.object({ urls: z.array(httpUrl).min(1) }).transform(answer => answer.urls),
  ])
  .transform(urls => urls[0])
  .pipe(z.string());

/** The JSON object or list of an answer, or undefined if it is none. */
export function jsonOf(answer: Pick<Answered, 'body'>): unknown {
  // A video is not decoded as a text first to find out that it is none.
  if (!/^\uFEFF?\s*[{[]/.test(answer.body.subarray(0, 64).toString('utf8'))) return undefined;
  try {
    return JSON.parse(answer.body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
