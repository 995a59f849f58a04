import { readFile } from 'node:fs/promises';
import type { CallAnswer, Metrics, NoNews, Provider, StatusAnswer, SubmitAnswer, Telemetry } from '../core/ports.ts';
import type { Job } from '../core/render.ts';
import {
  type AsyncJob,
  HALLO_SLUG,
  InferenceFailed,
  type JobStatus,
  type SegmindClient,
  SegmindError,
  SubmitUnknown,
} from '../segmind/index.ts';

/** The core's provider over the API client: every mishap becomes a value, in the terms that decide about money. */
export function createSegmindProvider(client: SegmindClient, telemetry: Pick<Telemetry, 'providerCall'>): Provider {
  // The core plans its own repetitions, for every call counts against the budget of requests.
  const once = (signal: AbortSignal) => ({ signal, retries: 0 });
  const attach = ({ requestId, statusUrl, responseUrl }: Job): AsyncJob => client.job(requestId, { statusUrl, responseUrl });

  async function ask<T extends { kind: string }>(
    call: 'status' | 'result',
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | NoNews> {
    const answer = await work().catch((error: unknown) => noNewsOf(error, signal));
    telemetry.providerCall(call, answer.kind);
    return answer;
  }

  return {
    async submit({ portraitUrl, voiceUrl, weights }, signal) {
      const params = {
        input_image: portraitUrl,
        input_audio: voiceUrl,
        pose_weight: weights.poseWeight,
        face_weight: weights.faceWeight,
        lip_weight: weights.lipWeight,
        face_expand_ratio: weights.faceExpandRatio,
      };
      const answer = await client.submitAsync(HALLO_SLUG, params, once(signal)).then(accepted, submitAnswerOf);
      telemetry.providerCall('submit', answer.kind);
      return answer;
    },

    status: (job, signal) => ask('status', async () => statusAnswerOf(await attach(job).status(once(signal))), signal),

    result: (job, signal) =>
      ask(
        'result',
        async () => {
          try {
            const { videoUrl, metrics } = await attach(job).result(once(signal));
            return { kind: 'completed' as const, videoUrl, metrics: metricsOf(metrics) };
          } catch (error) {
            if (!(error instanceof InferenceFailed)) throw error;
            return { kind: 'failed' as const, detail: error.detail, metrics: NO_METRICS };
          }
        },
        signal,
      ),

    async upload({ path, contentType }, signal) {
      const bytes = await readFile(path);
      return callAnswer('upload', () => client.files.upload(bytes, contentType, once(signal)), signal, telemetry);
    },

    credits: signal =>
      callAnswer(
        'credits',
        async () => {
          const { credits, freeCredits } = await client.accounts.credits(once(signal));
          return credits + freeCredits;
        },
        signal,
        telemetry,
      ),
  };
}

const NO_METRICS: Metrics = { costUsd: null, remainingCredits: null, renderMs: null };

/** Above these a figure is a mistake, and counts as not stated: it would close every limit of money, or no poll would ever be due. */
const LARGEST = { costUsd: 1_000, seconds: 24 * 3_600 };

function metricsOf(metrics: JobStatus['metrics']): Metrics {
  // From submission to completion: the total where it is stated, else the queue's time and the run's.
  const { totalTimeS, queueTimeS, inferenceTimeS } = metrics;
  const seconds = totalTimeS ?? (inferenceTimeS === null ? null : inferenceTimeS + (queueTimeS ?? 0));
  const costUsd = metrics.costUsd === null || metrics.costUsd > LARGEST.costUsd ? null : Math.max(0, metrics.costUsd);
  return {
    // A negative cost would loosen every limit of money.
    costUsd,
    remainingCredits: metrics.remainingCredits,
    renderMs: seconds === null || seconds <= 0 || seconds > LARGEST.seconds ? null : seconds * 1000,
  };
}

function accepted({ requestId, statusUrl, responseUrl }: AsyncJob): SubmitAnswer {
  return { kind: 'accepted', requestId, statusUrl, responseUrl };
}

function submitAnswerOf(error: unknown): SubmitAnswer {
  if (error instanceof SegmindError) {
    if (error.notTaken) return { kind: 'not-taken', retryAtMs: error.retryAt, detail: error.detail };
    return { kind: 'refused', reason: refusalReason(error), detail: error.detail };
  }
  // FAILED at once: it ran and is not billed.
  if (error instanceof InferenceFailed) return { kind: 'refused', reason: 'provider', detail: error.detail };
  // Anything else, an abort included, leaves open whether the request was taken.
  return { kind: 'unknown', detail: error instanceof SubmitUnknown ? error.detail : 'the request was interrupted' };
}

function refusalReason({ kind, status }: SegmindError): 'credits' | 'key' | 'input' | 'provider' {
  if (kind === 'credits') return 'credits';
  if (kind === 'key' || kind === 'forbidden') return 'key';
  // A wrong method is no fault of the inputs.
  return kind === 'invalid' && status !== 405 ? 'input' : 'provider';
}

function statusAnswerOf(status: JobStatus): StatusAnswer {
  switch (status.state) {
    case 'completed':
      return { kind: 'completed' };
    case 'failed':
      return { kind: 'failed', detail: status.detail ?? '', metrics: metricsOf(status.metrics) };
    default:
      return { kind: 'working', state: status.rawState };
  }
}

/** A call that told nothing about the job's end. Bugs and aborts go on as they are. */
function noNewsOf(error: unknown, signal: AbortSignal): NoNews {
  if (signal.aborted || !(error instanceof SegmindError)) throw error;
  switch (error.kind) {
    case 'notFound':
    case 'gone':
      return { kind: 'missing' };
    case 'key':
      return { kind: 'denied', reason: 'key', retryAtMs: error.retryAt };
    case 'forbidden':
      return { kind: 'denied', reason: 'forbidden', retryAtMs: error.retryAt };
    case 'credits':
      return { kind: 'denied', reason: 'credits', retryAtMs: error.retryAt };
    case 'rateLimited':
      return { kind: 'denied', reason: 'busy', retryAtMs: error.retryAt };
    case 'invalid':
    case 'server':
    case 'network':
    case 'badAnswer':
      return { kind: 'trouble', detail: error.detail };
  }
}

async function callAnswer<T>(
  call: 'upload' | 'credits',
  work: () => Promise<T>,
  signal: AbortSignal,
  telemetry: Pick<Telemetry, 'providerCall'>,
): Promise<CallAnswer<T>> {
  const answer = await work().then(
    (value): CallAnswer<T> => ({ ok: true, value }),
    (error: unknown): CallAnswer<T> => {
      if (signal.aborted || !(error instanceof SegmindError)) throw error;
      const { kind, detail, retryAt } = error;
      const reason = kind === 'rateLimited' ? 'busy' : refusalReason(error);
      return { ok: false, reason: reason === 'input' ? 'provider' : reason, again: error.transient, retryAtMs: retryAt, detail };
    },
  );
  telemetry.providerCall(call, answer.ok ? 'ok' : answer.reason);
  return answer;
}
