/** The client library of the Hallo API. It imports nothing from the rest of the project. See docs/segmind.md. */

export type { Accounts } from './accounts.ts';
export type { Credits, JobState, Metrics } from './answers.ts';
export {
  DEFAULT_BASE_URL,
  DEFAULT_UPLOAD_URL,
  type Params,
  SegmindClient,
  type SegmindClientOptions,
} from './client.ts';
export type { Clock } from './clock.ts';
export {
  type ClientError,
  certainlyNotTaken,
  ERROR_KINDS,
  type ErrorKind,
  InferenceFailed,
  InferenceTimeout,
  isClientError,
  SegmindError,
  SubmitUnknown,
  type UnknownCause,
} from './errors.ts';
export type { Files } from './files.ts';
export {
  checkHallo,
  HALLO_PARAMETERS,
  HALLO_SLUG,
  type HalloCheck,
  type HalloParameter,
  type HalloParams,
  type HalloProblem,
  halloParams,
} from './hallo.ts';
export type { AsyncJob, CallOptions, JobResult, JobStatus } from './job.ts';
export { type DecodedData, decodeDataUrl } from './output.ts';
export { backoffMs, type RetryOptions, readRetryAt } from './retry.ts';
export type { SyncResult } from './sync.ts';
export type { Timeouts } from './transport.ts';
export type { WaitOptions } from './wait.ts';
