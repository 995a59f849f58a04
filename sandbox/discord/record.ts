import { appendFileSync, writeFileSync } from 'node:fs';

/**
 * One request that the bot sent. Tokens stand in `path` and `json`: they are the sandbox's own and worth nothing elsewhere.
 */
export interface RecordedRequest {
  /** Epoch milliseconds, by the stand-in's clock, when the request was read. */
  at: number;
  method: string;
  /** Decoded, without the query. */
  path: string;
  /** The body, or payload_json of a multipart one; null without a body. */
  json: unknown;
  files: { name: string; type: string; bytes: number }[];
  /** 0: the connection was dropped without an answer. */
  status: number;
  /** The answer's JSON; null where it has none. */
  answer: unknown;
}

export interface Recorder {
  write(request: RecordedRequest): void;
}

/** Writes each request as one line of JSON, at once, so that the file is whole at any time; an existing file is replaced. */
export function createRecorder(path: string | undefined): Recorder {
  if (path === undefined) return { write: () => {} };
  writeFileSync(path, '');
  return { write: request => appendFileSync(path, `${JSON.stringify(request)}\n`) };
}
