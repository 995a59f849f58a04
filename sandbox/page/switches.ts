import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import type { Fault } from '../discord/index.ts';
import type { OfferedSwitch, SwitchField } from './protocol.ts';

/** What a switch does, and where. */
export type Order =
  | { at: 'provider'; fault: FaultOrderInput }
  | { at: 'discord'; fault: Fault }
  /** The bot's newest message that everyone sees goes, as if a moderator had deleted it. */
  | { at: 'messages' }
  | { at: 'clock'; advanceMs: number }
  | { at: 'bot'; to: 'kill' | 'start' }
  | { at: 'all'; to: 'clear' };

type Switch = OfferedSwitch & { order: (value: (field: string) => string) => Order };

const minuteMs = 60_000;
const failureTexts = [
  'Internal Polling Error',
  'No face was detected in the image',
  'Request Moderated',
  'CelebrityDetectedError',
  "The input image violates Vertex AI's usage guidelines. Support codes: 15236754",
  'Potential NSFW content was detected in one or more images.',
  'The audio file could not be decoded',
];
const failureText: SwitchField = {
  ...{ name: 'text', label: "The provider's text", kind: 'text' },
  ...{ initial: 'Internal Polling Error', suggestions: failureTexts },
};
const calls: SwitchField = {
  name: 'call',
  label: 'Call',
  kind: 'choice',
  initial: 'submit',
  options: ['submit', 'status', 'result', 'upload'],
};
const codes: SwitchField = {
  ...{ name: 'status', label: 'Code', kind: 'choice', initial: '503' },
  options: '400 401 402 403 404 405 406 410 422 429 500 502 503 504'.split(' '),
};

type ErrorFault = Extract<FaultOrderInput, { fault: 'error' }>;

/** Everything that can be ordered to go wrong from the page. */
export const switches: readonly Switch[] = [
  {
    ...{ id: 'failed', group: 'The next render', label: 'Fails', fields: [failureText] },
    hint: 'FAILED with this text: the bot finds the reason in it',
    order: value => ({ at: 'provider', fault: { fault: 'failed', text: value('text') } }),
  },
  {
    ...{ id: 'slow', group: 'The next render', label: 'Takes a minute longer', fields: [] },
    hint: 'Time to watch the progress, to cancel, or to end the bot',
    order: () => ({ at: 'provider', fault: { fault: 'render-takes', durationMs: minuteMs } }),
  },
  {
    ...{ id: 'never', group: 'The next render', label: 'Never ends', fields: [] },
    hint: 'PROCESSING until the orders are cleared',
    order: () => ({ at: 'provider', fault: { fault: 'never-finishes' } }),
  },
  {
    ...{ id: 'instant', group: 'The next render', label: 'Ends at once', fields: [] },
    hint: 'A grey second of video, without rendering',
    order: () => ({ at: 'provider', fault: { fault: 'instant' } }),
  },
  {
    ...{ id: 'error', group: 'Calls to the provider', label: 'Answer an error code', fields: [calls, codes] },
    hint: 'The next such call is refused',
    // The form offers nothing but the codes and calls that the server knows, and the server checks them again.
    order: value => ({
      at: 'provider',
      fault: {
        fault: 'error',
        call: value('call') as ErrorFault['call'],
        status: Number(value('status')) as ErrorFault['status'],
      },
    }),
  },
  {
    ...{ id: 'lost-submit', group: 'Calls to the provider', label: 'Cut the connection after the submit', fields: [] },
    hint: 'It was taken, and nobody knows: it may be charged',
    order: () => ({ at: 'provider', fault: { fault: 'drop', call: 'submit', when: 'after' } }),
  },
  {
    ...{ id: 'late-answers', group: 'Calls to the provider', label: 'Answer the next status 5 s late', fields: [] },
    hint: 'The bot waits for it',
    order: () => ({ at: 'provider', fault: { fault: 'latency', call: 'status', delayMs: 5_000 } }),
  },
  {
    ...{ id: 'not-a-video', group: 'Calls to the provider', label: 'Send something that is no video', fields: [] },
    hint: 'The file behind the finished render is a web page',
    order: () => ({ at: 'provider', fault: { fault: 'not-a-video' } }),
  },
  {
    ...{ id: 'provider-restart', group: 'Calls to the provider', label: 'Restart the provider', fields: [] },
    hint: 'Gone for 3 seconds; renders are taken up again',
    order: () => ({ at: 'provider', fault: { fault: 'restart', downMs: 3_000 } }),
  },
  {
    ...{ id: 'rate-limit', group: 'Discord', label: '429 for the next request', fields: [] },
    hint: 'Too many requests: again in 3 seconds',
    order: () => ({ at: 'discord', fault: { fault: 'rate-limit', retryAfterMs: 3_000, scope: 'user' } }),
  },
  {
    ...{ id: 'too-large', group: 'Discord', label: '413 for the next file', fields: [] },
    hint: 'The upload is refused as too large',
    order: () => ({
      at: 'discord',
      fault: { fault: 'answer', status: 413, code: 40005, message: 'Request entity too large', withFiles: true },
    }),
  },
  {
    ...{ id: 'discord-error', group: 'Discord', label: '500 for the next request', fields: [] },
    hint: 'An error of Discord itself',
    order: () => ({ at: 'discord', fault: { fault: 'answer', status: 500, message: '500: Internal Server Error' } }),
  },
  {
    ...{ id: 'gateway', group: 'Discord', label: "Cut the bot's gateway connection", fields: [] },
    hint: 'It resumes where it stood',
    order: () => ({ at: 'discord', fault: { fault: 'drop-gateway' } }),
  },
  {
    ...{ id: 'delete-message', group: 'Discord', label: "Delete the bot's newest message", fields: [] },
    hint: 'As a moderator would: nothing is posted publicly again',
    order: () => ({ at: 'messages' }),
  },
  {
    ...{ id: 'clock-15', group: 'Time', label: '15 minutes later', fields: [] },
    hint: "Discord's clock alone: tokens of answers end",
    order: () => ({ at: 'clock', advanceMs: 15 * minuteMs }),
  },
  {
    ...{ id: 'clock-60', group: 'Time', label: 'An hour later', fields: [] },
    hint: 'Older messages may be edited only so often',
    order: () => ({ at: 'clock', advanceMs: 60 * minuteMs }),
  },
  {
    ...{ id: 'bot-kill', group: 'The bot', label: 'Kill the bot', fields: [] },
    hint: 'Without a word, as a power cut does',
    order: () => ({ at: 'bot', to: 'kill' }),
  },
  {
    ...{ id: 'bot-start', group: 'The bot', label: 'Start the bot', fields: [] },
    hint: 'It takes up what it finds in its ledger',
    order: () => ({ at: 'bot', to: 'start' }),
  },
];

/** The switches as the page needs them. */
export const offeredSwitches: OfferedSwitch[] = switches.map(({ order: _, ...offered }) => offered);
