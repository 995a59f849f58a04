import { failed } from '../core/outcomes.ts';
import { createTexts } from '../discord/texts/texts.ts';
import { failureTexts, USUAL_RULES } from '../discord/views/outcome.ts';
import { problemText } from '../discord/views/problem.ts';
import type { PortraitNote } from '../media/checked-portrait.ts';
import type { MediaProblem } from '../media/media.ts';
import { inputProblem } from '../media/render-media.ts';
import { classify } from '../moderation/classify.ts';
import type { ErrorKind, SegmindError } from '../segmind/index.ts';

const LOCALE = 'en-US';

/** What is wrong with a file, or was done about it, in the sentence that a member would get. */
export function problemSentence(problem: MediaProblem | PortraitNote): string {
  return problemText(inputProblem(problem), LOCALE, createTexts()) ?? `The file cannot be used (${problem.code}).`;
}

/** Why a render failed, as a member would be told it, for a terminal. */
export function failureSentence(providersText: string): string {
  const outcome = failed(classify(providersText), 'no', { detail: providersText });
  if (outcome.kind !== 'failed') return providersText;
  const { line, detail, next } = failureTexts(outcome, LOCALE, { audience: 'private', rules: USUAL_RULES }, createTexts());
  const lines = [line, detail, next].filter(text => text !== undefined);
  return lines.join('\n').replaceAll('**', '');
}

const MEANINGS: Readonly<Record<ErrorKind, string>> = {
  key: 'refuses the key, or misses one (SEGMIND_API_KEY)',
  forbidden: 'does not allow this key to do that',
  credits: 'finds too few credits in the account',
  invalid: 'refuses the request',
  notFound: 'knows no such address or request; it may be no Hallo API',
  gone: 'does not have that any more',
  rateLimited: 'has been called too often; try again in a minute',
  server: 'is in trouble; try again later',
  network: 'cannot be reached',
  badAnswer: 'gives an answer that cannot be read; it may be no Hallo API',
};

/** What a refusal or mishap means for the operator, with the API's own words. */
export function apiSentence({ kind, status, detail }: SegmindError, origin: string): string {
  const code = status === null ? '' : ` (HTTP ${status})`;
  return `the API at ${origin} ${MEANINGS[kind]}: ${detail === '' ? 'no more is said' : detail}${code}`;
}
