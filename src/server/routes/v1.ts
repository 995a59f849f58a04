import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { sendProblem } from '../problems.ts';
import { base64Answer, binary, creditsAnswer, errorBody, halloParameters } from '../schemas.ts';
import type { App, RouteContext } from './context.ts';
import { takeRequest } from './take-request.ts';

/** The synchronous API, which answers with the video itself, and the look at the credits. */
export function registerV1(app: App, context: RouteContext): void {
  const { requests, files, runner, now, isOpen } = context;

  /** The client is gone, so nobody will fetch the video: it is not rendered to its end, and not billed. */
  function giveUp(id: string): void {
    if (isOpen() && requests.fail(id, { atMs: now(), error: 'The client went away' })) void runner.drop(id);
  }

  app.post(
    '/v1/hallo',
    {
      config: { call: 'sync' },
      schema: {
        tags: ['v1'],
        summary: 'Render and wait for the video',
        body: halloParameters,
        response: {
          200: {
            description: 'The video',
            content: {
              'video/mp4': { schema: binary },
              'application/json': { schema: base64Answer },
            },
          },
          400: errorBody,
          401: errorBody,
          406: errorBody,
          429: errorBody,
          500: errorBody,
          503: errorBody,
        },
      },
    },
    async (request, reply) => {
      const id = takeRequest(context, request, 'sync', request.body);
      if (id === undefined) return sendProblem(reply, { status: 406, error: 'Insufficient credits' });
      reply.raw.once('close', () => giveUp(id));
      await runner.left(id);
      const ended = requests.find(id);
      if (ended?.state === 'FAILED') return sendProblem(reply, { status: 500, error: ended.error ?? '' });
      const video = typeof ended?.output === 'string' ? files.find(ended.output) : undefined;
      if (video === undefined)
        return sendProblem(reply.header('connection', 'close'), { status: 503, error: 'The server is stopping' });
      // Nobody else knows its name.
      reply.raw.once('close', () => {
        if (isOpen()) files.forget(video.name).catch((error: unknown) => request.log.error({ err: error }, 'file not removed'));
      });
      if (request.body.base64) {
        const image = (await readFile(video.path)).toString('base64');
        return reply.type('application/json; charset=utf-8').send(JSON.stringify({ image }));
      }
      return reply.type(video.contentType).header('content-length', video.sizeBytes).send(createReadStream(video.path));
    },
  );

  app.get(
    '/v1/get-user-credits',
    {
      config: { call: 'credits' },
      schema: {
        tags: ['account'],
        summary: 'Credits that are left, in US$',
        response: { 200: creditsAnswer, 401: errorBody, 429: errorBody },
      },
    },
    async (_request, reply) => reply.send({ credits: Math.max(0, requests.remainingUsd()), 'free-credits': 0 }),
  );
}
