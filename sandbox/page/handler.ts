import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Discord, GivenFile, PageHandler } from '../discord/index.ts';
import { parseBody, readBytes } from '../discord/rest/body.ts';
import { act, actionSchema } from './actions.ts';
import type { BackstageKeeper } from './backstage.ts';
import type { Feeds } from './feed.ts';
import { OrderError } from './order-error.ts';
import type { PageAnswer } from './protocol.ts';
import { createStaticFiles, securityHeaders } from './static-files.ts';
import { switches } from './switches.ts';

export interface HandlerDeps {
  discord: Discord;
  backstage: BackstageKeeper;
  feeds: Feeds;
}

const orderSchema = z.union([
  z.strictObject({ switch: z.string(), values: z.record(z.string(), z.string()) }),
  z.strictObject({ clear: z.literal(true) }),
]);

/** The page's routes: its files, the stream of what happens, what a member does, what is ordered to go wrong. */
export function createPageHandler(deps: HandlerDeps): PageHandler {
  const staticFile = createStaticFiles();
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const route = `${request.method} ${url.pathname}`;
    if (route === 'GET /page/feed') {
      openFeed(deps, url, response);
      return true;
    }
    if (route === 'POST /page/act') return answer(request, response, body => doAct(deps.discord, body));
    if (route === 'POST /page/order') return answer(request, response, body => doOrder(deps.backstage, body));
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const file = staticFile(url.pathname);
    if (file === undefined) return false;
    void file.then(
      ({ type, bytes }) => response.writeHead(200, { ...securityHeaders, 'content-type': type }).end(bytes),
      (error: unknown) => fail(response, error),
    );
    return true;
  };
}

function openFeed({ discord, feeds }: HandlerDeps, url: URL, response: ServerResponse): void {
  const memberId = url.searchParams.get('as') ?? discord.places.ada.id;
  const known = discord.world.users.get(memberId)?.bot === false;
  if (known) feeds.openFor(memberId, response);
  else send(response, 404, { ok: false, problem: `there is no member ${memberId}` });
}

interface PageBody {
  json: unknown;
  files: GivenFile[];
}

/** Reads a request of the page itself and answers it; a request that another site's page makes is refused. */
function answer(request: IncomingMessage, response: ServerResponse, work: (body: PageBody) => Promise<PageAnswer>): true {
  void (async () => {
    const { origin, host } = request.headers;
    if (origin !== `http://${host}`) return send(response, 403, { ok: false, problem: 'only the page itself may ask for this' });
    const bytes = await readBytes(request);
    const body = bytes && (await parseBody(bytes, request.headers['content-type'] ?? ''));
    if (!body?.ok) return send(response, 400, { ok: false, problem: 'the request can not be read' });
    const files = body.value.files.sort((a, b) => a.index - b.index);
    const done = await work({ json: body.value.json, files });
    // A refusal is an answer like another one: the member's client would have said the same.
    send(response, 200, done);
  })().catch((error: unknown) => fail(response, error));
  return true;
}

async function doAct(discord: Discord, { json, files }: PageBody): Promise<PageAnswer> {
  const action = actionSchema.safeParse(json);
  if (!action.success) return { ok: false, problem: z.prettifyError(action.error) };
  return act(discord, action.data, files);
}

async function doOrder(backstage: BackstageKeeper, { json }: PageBody): Promise<PageAnswer> {
  const parsed = orderSchema.safeParse(json);
  if (!parsed.success) return { ok: false, problem: z.prettifyError(parsed.error) };
  const wanted = parsed.data;
  try {
    if ('clear' in wanted) await backstage.order({ at: 'all', to: 'clear' });
    else {
      const found = switches.find(each => each.id === wanted.switch);
      if (found === undefined) return { ok: false, problem: `there is no switch ${wanted.switch}` };
      const initial = (name: string) => found.fields.find(each => each.name === name)?.initial ?? '';
      await backstage.order(found.order(name => wanted.values[name] || initial(name)));
    }
    return { ok: true };
  } catch (error) {
    if (error instanceof OrderError) return { ok: false, problem: error.message };
    throw error;
  }
}

function send(response: ServerResponse, status: number, json: PageAnswer): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json' }).end(JSON.stringify(json));
}

/** A fault of the page's own side: it is shown as such, in the browser and in the terminal. */
function fail(response: ServerResponse, error: unknown): void {
  console.error('the page failed:', error);
  if (response.headersSent) response.destroy();
  else send(response, 500, { ok: false, problem: error instanceof Error ? error.message : String(error) });
}
