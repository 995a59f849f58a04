import type { Answer } from './answers.ts';
import type { UploadedFile } from './body.ts';

export interface RestRequest {
  json: unknown;
  files: UploadedFile[];
  query: URLSearchParams;
}

type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  method: Method;
  path: string;
  /** False: works without the bot's token (callbacks and webhooks carry their own). */
  auth: boolean;
  handle: (params: Record<string, string>, request: RestRequest) => Answer | Promise<Answer>;
}

/** Declares a route; its handler gets the path's parameters by name. */
export function route<Path extends string>(
  method: Method,
  path: Path,
  handle: (params: Record<Names<Path>, string>, request: RestRequest) => Answer | Promise<Answer>,
  options: { auth?: boolean } = {},
): Route {
  // `match` fills in every name of the path, so the wider record holds them all.
  return {
    method,
    path,
    auth: options.auth ?? true,
    handle: (params, request) => handle(params as Record<Names<Path>, string>, request),
  };
}

export type Match = { kind: 'found'; route: Route; params: Record<string, string> } | { kind: 'no-method' } | { kind: 'none' };

/** Finds the route of a request; literal segments go before parameters by the order of the routes. */
export function match(routes: readonly Route[], method: string, path: string): Match {
  let pathKnown = false;
  for (const each of routes) {
    const params = paramsOf(each.path, path);
    if (!params) continue;
    if (each.method === method) return { kind: 'found', route: each, params };
    pathKnown = true;
  }
  return pathKnown ? { kind: 'no-method' } : { kind: 'none' };
}

function paramsOf(template: string, path: string): Record<string, string> | null {
  const want = template.split('/');
  const have = path.split('/');
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [at, segment] of want.entries()) {
    const given = have[at] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== given) return null;
      continue;
    }
    const name = segment.slice(1);
    const isId = name.endsWith('Id');
    if (isId && !/^(\d{1,20}|@\w+)$/.test(given)) return null;
    params[name] = given;
  }
  return params;
}
