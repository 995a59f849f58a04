import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events.ts';
import { answered, type FaultBox, type Outcome, withFaults } from '../faults.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { RecordedRequest, Recorder } from '../record.ts';
import { type Answer, refusals } from './answers.ts';
import { type Body, parseBody, readBytes } from './body.ts';
import { match, type Route } from './router.ts';

export interface ApiDeps {
  routes: readonly Route[];
  token: string;
  clock: Clock;
  events: EventHub;
  faults: FaultBox;
  rateLimits: RateLimits;
  recorder: Recorder;
}

const prefix = /^\/api\/v(\d+)(\/.*)$/;

/** Takes requests below /api: faults, the bot's token, buckets, then the route; and records each. */
export function createApi(deps: ApiDeps) {
  return async function serve(request: IncomingMessage): Promise<Outcome> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    const at = deps.clock.now();
    const bytes = await readBytes(request);
    const body = bytes === null ? null : await parseBody(bytes, request.headers['content-type'] ?? '');
    const pathname = decodePath(url.pathname);
    const [, version, path] = prefix.exec(pathname) ?? [];
    const outcome = await (async (): Promise<Outcome> => {
      if (path === undefined) return answered(refusals.unknownRoute);
      if (version !== '10' && version !== '9') return answered(refusals.invalidVersion);
      const run = async () =>
        body === null ? refusals.tooLarge : body.ok ? handle(request, method, path, url, body.value) : body.answer;
      return withFaults(deps.faults.take(method, path, { withFiles: body?.ok === true && body.value.files.length > 0 }), run);
    })();
    const answer = outcome.kind === 'answer' ? outcome.answer : { status: 0 };
    const entry: RecordedRequest = {
      at,
      method,
      path: pathname,
      json: body?.ok ? (body.value.json ?? null) : null,
      files: body?.ok
        ? body.value.files.map(each => ({ name: each.name, type: each.contentType, bytes: each.bytes.length }))
        : [],
      status: answer.status,
      answer: answer.json ?? null,
    };
    deps.recorder.write(entry);
    deps.events.emit('request', entry);
    return outcome;
  };

  async function handle(request: IncomingMessage, method: string, path: string, url: URL, body: Body): Promise<Answer> {
    const found = match(deps.routes, method, path);
    if (found.kind === 'none') return refusals.unknownRoute;
    if (found.kind === 'no-method') return refusals.wrongMethod;
    const { route, params } = found;
    if (route.auth && request.headers.authorization !== `Bot ${deps.token}`) return refusals.unauthorized;
    const isCallback = route.path.startsWith('/interactions/');
    const major =
      params.channelId ?? params.guildId ?? (params.token === undefined ? '' : `${params.applicationId}:${params.token}`);
    const counted = isCallback ? { headers: {}, refusal: null } : deps.rateLimits.count(method, route.path, major, !route.auth);
    if (counted.refusal) return counted.refusal;
    const answer = await route.handle(params, { json: body.json, files: body.files, query: url.searchParams });
    return { ...answer, headers: { ...counted.headers, ...answer.headers } };
  }
}

/** Clients escape more than they must (`%40original`); one spelling is enough for routes, faults and records. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
