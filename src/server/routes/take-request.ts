import type { FastifyRequest } from 'fastify';
import type { HalloParameters } from '../schemas.ts';
import type { RequestJob } from '../store/requests.ts';
import type { RouteContext } from './context.ts';

/** Turns the wire's parameters into what is stored. */
function jobOf(context: RouteContext, request: FastifyRequest, parameters: HalloParameters): RequestJob {
  return {
    portrait: context.urls.source(request, parameters.input_image),
    voice: context.urls.source(request, parameters.input_audio),
    weights: {
      poseWeight: parameters.pose_weight,
      faceWeight: parameters.face_weight,
      lipWeight: parameters.lip_weight,
      faceExpandRatio: parameters.face_expand_ratio,
    },
  };
}

/** Stores a request and queues its render; answers its id, or undefined where the credits are short. */
export function takeRequest(
  context: RouteContext,
  request: FastifyRequest,
  mode: 'async' | 'sync',
  parameters: HalloParameters,
): string | undefined {
  const id = context.newId();
  const taken = context.requests.accept({ id, mode, atMs: context.now(), job: jobOf(context, request, parameters) });
  if (taken === 'no-credits') return undefined;
  context.runner.add(id);
  request.log.info({ requestId: id, mode }, 'request taken');
  return id;
}
