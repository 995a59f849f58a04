import { DiscordAPIError, HTTPError, RateLimitError, REST, RequestMethod, type RouteLike } from 'discord.js';
import { multipart, type UploadFile } from './multipart.ts';
import { ERROR_CODES } from './platform.ts';
import { makeRequest } from './request.ts';

/** Discord's answer to a call, as far as anything here decides by it. A closed union: no call throws. */
export type Answer =
  | { kind: 'ok'; body: unknown }
  /** the message is gone: somebody deleted it */
  | { kind: 'gone' }
  /** the token of the interaction, or of the bot, is not accepted */
  | { kind: 'token-dead' }
  /** no such webhook: the interaction was never answered, or its token ended */
  | { kind: 'unknown-webhook' }
  | { kind: 'unknown-interaction' }
  | { kind: 'already-acknowledged' }
  /** the channel is gone, or out of the bot's sight */
  | { kind: 'no-channel' }
  | { kind: 'forbidden' }
  | { kind: 'too-large' }
  /** too many edits of an old message */
  | { kind: 'too-old' }
  | { kind: 'refused'; status: number; code: number | null }
  /** 5xx, rate limits that last, network: worth another try later */
  | { kind: 'unreachable'; retryAfterMs: number | null };

export type Refused = Exclude<Answer, { kind: 'ok' }>;

const METHODS = {
  GET: RequestMethod.Get,
  POST: RequestMethod.Post,
  PATCH: RequestMethod.Patch,
  PUT: RequestMethod.Put,
  DELETE: RequestMethod.Delete,
} as const;

export type Call = {
  method: keyof typeof METHODS;
  route: RouteLike;
  body?: unknown;
  query?: Record<string, string>;
  files?: readonly UploadFile[];
};

/** Calls to Discord. `asBot` sends the bot's token; `byToken` none, for routes that carry an interaction's token. */
export type Calls = {
  asBot(call: Call): Promise<Answer>;
  byToken(call: Call): Promise<Answer>;
  close(): void;
};

export type CallsOptions = {
  /** without version: `https://discord.com/api` */
  apiBase: string;
  /** undefined: only calls by an interaction's token are made */
  token?: string;
  /** how often one call is repeated after 5xx or a dropped connection */
  retries?: number;
  timeoutMs?: number;
  /** told of each call's answer, after repeats and short rate limits */
  onAnswer?(method: Call['method'], answer: Answer): void;
  /** a rate limit that lasts longer is answered as unreachable instead of being waited for */
  longestRateLimitMs?: number;
};

export function createCalls({
  apiBase,
  token,
  retries = 2,
  timeoutMs = 60_000,
  longestRateLimitMs = 15_000,
  onAnswer = () => {},
}: CallsOptions): Calls {
  const rest = new REST({
    api: apiBase,
    makeRequest,
    retries,
    timeout: timeoutMs,
    rejectOnRateLimit: limit => Math.max(limit.timeToReset, limit.retryAfter) > longestRateLimitMs,
  });
  async function send(call: Call, auth: boolean): Promise<Answer> {
    const answer = await request(call, auth);
    onAnswer(call.method, answer);
    return answer;
  }
  async function request({ method, route, body, query, files }: Call, auth: boolean): Promise<Answer> {
    // After a 401 the library forgets the bot's token, and every later call would throw.
    if (auth && token !== undefined) rest.setToken(token);
    try {
      const answer = await rest.request({
        method: METHODS[method],
        fullRoute: route,
        auth,
        ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
        ...(files === undefined ? { body } : multipartOf(body, files)),
      });
      return { kind: 'ok', body: answer };
    } catch (error) {
      return answerOf(error);
    }
  }
  return {
    asBot: call => send(call, true),
    byToken: call => send(call, false),
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}

/** The library would make a form of its own of them. */
function multipartOf(body: unknown, files: readonly UploadFile[]) {
  const { headers, pieces } = multipart(body, files);
  return { body: pieces, headers, passThroughBody: true };
}

/** Discord's error, told by its code first: one status stands for many things. */
export function answerOf(error: unknown): Refused {
  if (error instanceof RateLimitError)
    return { kind: 'unreachable', retryAfterMs: Math.max(error.timeToReset, error.retryAfter) };
  if (error instanceof DiscordAPIError) return refusalOf(error.status, typeof error.code === 'number' ? error.code : null);
  if (error instanceof HTTPError) return { kind: 'unreachable', retryAfterMs: null };
  // What is left comes from the connection: undici's errors, a timeout, a body that breaks off.
  return { kind: 'unreachable', retryAfterMs: null };
}

function refusalOf(status: number, code: number | null): Refused {
  switch (code) {
    case ERROR_CODES.unknownMessage:
      return { kind: 'gone' };
    case ERROR_CODES.invalidWebhookToken:
      return { kind: 'token-dead' };
    case ERROR_CODES.unknownWebhook:
      return { kind: 'unknown-webhook' };
    case ERROR_CODES.unknownInteraction:
      return { kind: 'unknown-interaction' };
    case ERROR_CODES.alreadyAcknowledged:
      return { kind: 'already-acknowledged' };
    case ERROR_CODES.unknownChannel:
    case ERROR_CODES.missingAccess:
      return { kind: 'no-channel' };
    case ERROR_CODES.tooManyEditsOfOldMessage:
      return { kind: 'too-old' };
    case ERROR_CODES.requestEntityTooLarge:
      return { kind: 'too-large' };
    default:
      break;
  }
  if (status === 401) return { kind: 'token-dead' };
  if (status === 403) return { kind: 'forbidden' };
  if (status === 413) return { kind: 'too-large' };
  if (status === 429) return { kind: 'unreachable', retryAfterMs: null };
  return { kind: 'refused', status, code };
}
