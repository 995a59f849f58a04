/** An answer of the REST API. `json` undefined: no body. */
export interface Answer {
  status: number;
  json?: unknown;
  headers?: Record<string, string>;
}

/** A value, or the answer that refuses the request. */
export type Result<Value> = { ok: true; value: Value } | { ok: false; answer: Answer };

export const ok = (json: unknown): Answer => ({ status: 200, json });
export const noContent: Answer = { status: 204 };

export const value = <Value>(it: Value): Result<Value> => ({ ok: true, value: it });
export const refused = (answer: Answer): { ok: false; answer: Answer } => ({ ok: false, answer });

export function refusal(status: number, code: number, message: string): Answer {
  return { status, json: { message, code } };
}

/** What a refusal says, in Discord's own words. */
export function refusalText({ status, json }: Answer): string {
  return typeof json === 'object' && json !== null && 'message' in json ? String(json.message) : `status ${status}`;
}

/** Discord's refusals by name (topics/opcodes-and-status-codes#json). */
export const refusals = {
  unknownRoute: refusal(404, 0, '404: Not Found'),
  wrongMethod: refusal(405, 0, '405: Method Not Allowed'),
  unauthorized: refusal(401, 0, '401: Unauthorized'),
  unknownApplication: refusal(404, 10002, 'Unknown Application'),
  unknownChannel: refusal(404, 10003, 'Unknown Channel'),
  unknownGuild: refusal(404, 10004, 'Unknown Guild'),
  unknownMember: refusal(404, 10007, 'Unknown Member'),
  unknownMessage: refusal(404, 10008, 'Unknown Message'),
  unknownUser: refusal(404, 10013, 'Unknown User'),
  unknownWebhook: refusal(404, 10015, 'Unknown Webhook'),
  unknownInteraction: refusal(404, 10062, 'Unknown interaction'),
  unknownCommand: refusal(404, 10063, 'Unknown application command'),
  notThisApplication: refusal(403, 20012, 'You are not authorized to perform this action on this application'),
  tooManyCommands: refusal(400, 30032, 'Maximum number of application commands reached (100)'),
  tooManyCommandCreates: refusal(400, 30034, 'Max number of daily application command creates has been reached (200)'),
  tooManyOldEdits: refusal(400, 30046, 'Maximum number of edits to messages older than 1 hour reached. Try again later'),
  tooLarge: refusal(413, 40005, 'Request entity too large'),
  alreadyAcknowledged: refusal(400, 40060, 'Interaction has already been acknowledged.'),
  missingAccess: refusal(403, 50001, 'Missing Access'),
  notTheAuthor: refusal(403, 50005, 'Cannot edit a message authored by another user'),
  emptyMessage: refusal(400, 50006, 'Cannot send an empty message'),
  cannotSendToUser: refusal(403, 50007, 'Cannot send messages to this user'),
  missingPermissions: refusal(403, 50013, 'Missing Permissions'),
  invalidWebhookToken: refusal(401, 50027, 'Invalid Webhook Token'),
  invalidVersion: refusal(400, 50041, 'Invalid API version provided'),
  invalidJson: refusal(400, 50109, 'The request body contains invalid JSON.'),
  cannotReply: refusal(400, 160002, 'Cannot reply without permission to read message history'),
} as const satisfies Record<string, Answer>;

export interface FieldError {
  path: readonly PropertyKey[];
  code: string;
  message: string;
}

/** 50035 with its tree of errors: one branch per field, `_errors` at its end. */
export function invalidForm(errors: readonly FieldError[]): Answer {
  const root: ErrorTree = {};
  for (const { path, code, message } of errors) {
    let branch = root;
    for (const key of path) branch = child(branch, String(key));
    branch._errors = [...(branch._errors ?? []), { code, message }];
  }
  return { status: 400, json: { message: 'Invalid Form Body', code: 50035, errors: root } };
}

interface ErrorTree {
  _errors?: { code: string; message: string }[];
  [key: string]: ErrorTree | { code: string; message: string }[] | undefined;
}

function child(branch: ErrorTree, key: string): ErrorTree {
  const existing = branch[key];
  if (existing !== undefined && !Array.isArray(existing)) return existing;
  const made: ErrorTree = {};
  branch[key] = made;
  return made;
}
