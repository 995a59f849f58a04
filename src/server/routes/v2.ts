import { requestNotFound, sendProblem } from '../problems.ts';
import {
  errorBody,
  failedAnswer,
  halloParameters,
  type Metrics,
  requestParams,
  resultAnswer,
  statusAnswer,
  submitAnswer,
} from '../schemas.ts';
import type { StoredRequest } from '../store/requests.ts';
import type { App, RouteContext } from './context.ts';
import { takeRequest } from './take-request.ts';

const seconds = (fromMs: number, toMs: number): number => Math.max(0, toMs - fromMs) / 1000;

/** The metrics of a request so far. Cost and remaining credits come on success only, as with the hosted API. */
export function metricsOf(request: StoredRequest, nowMs: number): Metrics {
  const { receivedAtMs, startedAtMs, endedAtMs, costUsd, remainingUsd } = request;
  return {
    queue_time: seconds(receivedAtMs, startedAtMs ?? endedAtMs ?? nowMs),
    ...(endedAtMs === null ? {} : { inference_time: seconds(startedAtMs ?? endedAtMs, endedAtMs) }),
    ...(endedAtMs === null ? {} : { total_time: seconds(receivedAtMs, endedAtMs) }),
    ...(costUsd === null ? {} : { cost: costUsd }),
    ...(remainingUsd === null ? {} : { remaining_credits: remainingUsd }),
  };
}

/** The asynchronous API: submit, ask for the state, fetch the result. */
export function registerV2(app: App, context: RouteContext): void {
  const { settings, requests, urls, now } = context;

  /** A request that can still be asked for. */
  function findCurrent(id: string): StoredRequest | undefined {
    const found = requests.find(id);
    if (found === undefined || found.mode !== 'async' || found.swept) return undefined;
    return found.receivedAtMs + settings.retentionMs > now() ? found : undefined;
  }

  const failedBody = (request: StoredRequest) => ({
    status: 'FAILED' as const,
    error: request.error ?? '',
    metrics: metricsOf(request, now()),
    request_id: request.id,
  });

  const schema = {
    tags: ['v2'],
    params: requestParams,
  };

  app.post(
    '/v2/hallo',
    {
      config: { call: 'submit' },
      schema: {
        tags: ['v2'],
        summary: 'Submit a render',
        body: halloParameters,
        response: { 200: submitAnswer, 400: errorBody, 401: errorBody, 402: errorBody, 406: errorBody, 429: errorBody },
      },
    },
    async (request, reply) => {
      const id = takeRequest(context, request, 'async', request.body);
      if (id === undefined) return sendProblem(reply, { status: 402, error: 'Insufficient credits' });
      const statusUrl = urls.status(request, id);
      return reply.send({
        request_id: id,
        status: 'QUEUED',
        poll_url: statusUrl,
        status_url: statusUrl,
        response_url: urls.result(request, id),
      });
    },
  );

  app.get(
    '/v2/requests/:id/status',
    {
      config: { call: 'status' },
      schema: {
        ...schema,
        summary: 'State of a render',
        response: { 200: statusAnswer, 401: errorBody, 404: errorBody, 422: failedAnswer, 429: errorBody },
      },
    },
    async (request, reply) => {
      const found = findCurrent(request.params.id);
      if (found === undefined) return sendProblem(reply, requestNotFound(request.params.id));
      if (found.state === 'FAILED') return reply.code(422).send(failedBody(found));
      return reply.send({ status: found.state, request_id: found.id, metrics: metricsOf(found, now()) });
    },
  );

  app.get(
    '/v2/requests/:id',
    {
      config: { call: 'result' },
      schema: {
        ...schema,
        summary: 'Result of a render',
        response: { 200: resultAnswer, 401: errorBody, 404: errorBody, 422: failedAnswer, 429: errorBody },
      },
    },
    async (request, reply) => {
      const found = findCurrent(request.params.id);
      if (found === undefined) return sendProblem(reply, requestNotFound(request.params.id));
      if (found.state === 'FAILED') return reply.code(422).send(failedBody(found));
      return reply.send({
        status: found.state,
        request_id: found.id,
        error: null,
        metrics: metricsOf(found, now()),
        ...(found.output === null ? {} : { output: urls.file(request, found.output) }),
      });
    },
  );
}
