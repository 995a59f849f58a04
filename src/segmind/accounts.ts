import { type Credits, creditsSchema, jsonOf } from './answers.ts';
import type { Caller } from './caller.ts';
import type { CallOptions } from './job.ts';
import { badAnswer, refusal } from './refusal.ts';

export type Accounts = {
  /** The account's credits in US$. Costs nothing, so it serves to check a key too. Throws SegmindError. */
  credits(options?: CallOptions): Promise<Credits>;
};

export function createAccounts(caller: Caller): Accounts {
  const url = new URL(`${caller.baseUrl.href.replace(/\/$/, '')}/v1/get-user-credits`);
  return {
    credits: (options = {}) =>
      caller.ask({ method: 'GET', url, ...options }, (answer, context) => {
        if (answer.status < 200 || answer.status >= 300) return refusal(answer, context);
        const parsed = creditsSchema.safeParse(jsonOf(answer));
        return parsed.success ? parsed.data : badAnswer(answer.status, 'the answer tells no credits', context);
      }),
  };
}
