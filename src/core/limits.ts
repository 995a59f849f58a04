import { z } from 'zod';

/**
 * What happens to a portrait without one clear face. strict: the member is told, nothing is ordered. warn: it is ordered, and the
 * result says what was seen. off: nobody looks.
 */
export const FACE_CHECKS = ['strict', 'warn', 'off'] as const;

/** A guild's settings. Money in US$. */
export const policySchema = z.object({
  atOnce: z.number().int().min(1),
  perHour: z.number().int().min(0),
  perMemberDay: z.number().int().min(0),
  cooldownSeconds: z.number().int().min(0),
  usdPerMonth: z.number().min(0),
  longestVoiceSeconds: z.number().min(1),
  faceCheck: z.enum(FACE_CHECKS),
  /** mention the requester when a render has ended */
  ping: z.boolean(),
});
export type Policy = z.infer<typeof policySchema>;

/** What the operator allows over all guilds; stands above every policy. Infinity: no ceiling. */
export type Ceilings = {
  usdPerDay: number;
  usdPerMonth: number;
  atOnce: number;
  /** renders that may wait in all; a bound on what a burst can pile up */
  waiting: number;
};

/** What is taken in with a render: the rules that hold for it, and the estimate that is reserved. */
export type Admission = { policy: Policy; ceilings: Ceilings; estimateUsd: number };

/** A limit that is reached. `freeAtMs`: when the next render would be admitted, as far as known now. */
export type Refusal = {
  limit: 'per-hour' | 'per-member-day' | 'cooldown' | 'guild-money' | 'operator-day-money' | 'operator-month-money' | 'waiting';
  /** the limit's size: renders, seconds or US$ */
  size: number;
  freeAtMs: number | null;
};

/** What the ledger counted, under the guild's lock. Times are of renders that count, oldest first. */
export type Usage = {
  /** admissions of the guild in the last hour */
  guildHourMs: readonly number[];
  /** admissions of the member in the last day */
  memberDayMs: readonly number[];
  /** the member's last admission, also where it was given back */
  memberLastMs: number | null;
  guildMonthUsd: number;
  operatorDayUsd: number;
  operatorMonthUsd: number;
  waiting: number;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The first limit that stands in the way, or undefined. Over "at once" a render waits; it is not refused. */
export function refusalOf(usage: Usage, { policy, ceilings, estimateUsd }: Admission, nowMs: number): Refusal | undefined {
  const cooldownEndMs = (usage.memberLastMs ?? Number.NEGATIVE_INFINITY) + policy.cooldownSeconds * 1000;
  if (nowMs < cooldownEndMs) return { limit: 'cooldown', size: policy.cooldownSeconds, freeAtMs: cooldownEndMs };
  const memberFreeAtMs = windowFreeAtMs(usage.memberDayMs, policy.perMemberDay, DAY_MS);
  if (memberFreeAtMs !== undefined) return { limit: 'per-member-day', size: policy.perMemberDay, freeAtMs: memberFreeAtMs };
  const hourFreeAtMs = windowFreeAtMs(usage.guildHourMs, policy.perHour, HOUR_MS);
  if (hourFreeAtMs !== undefined) return { limit: 'per-hour', size: policy.perHour, freeAtMs: hourFreeAtMs };
  if (usage.waiting >= ceilings.waiting) return { limit: 'waiting', size: ceilings.waiting, freeAtMs: null };
  return moneyRefusal(usage, { policy, ceilings, estimateUsd }, nowMs);
}

function moneyRefusal(usage: Usage, { policy, ceilings, estimateUsd }: Admission, nowMs: number): Refusal | undefined {
  const over = (bookedUsd: number, limitUsd: number) => bookedUsd + estimateUsd > limitUsd + 1e-9;
  if (over(usage.guildMonthUsd, policy.usdPerMonth)) {
    return { limit: 'guild-money', size: policy.usdPerMonth, freeAtMs: nextMonthMs(nowMs) };
  }
  if (over(usage.operatorDayUsd, ceilings.usdPerDay)) {
    return { limit: 'operator-day-money', size: ceilings.usdPerDay, freeAtMs: startOfDayMs(nowMs) + DAY_MS };
  }
  if (over(usage.operatorMonthUsd, ceilings.usdPerMonth)) {
    return { limit: 'operator-month-money', size: ceilings.usdPerMonth, freeAtMs: nextMonthMs(nowMs) };
  }
  return undefined;
}

/** When a sliding window lets the next one in: as the oldest that has to leave it leaves it; undefined: at once. */
function windowFreeAtMs(timesMs: readonly number[], limit: number, windowMs: number): number | undefined | null {
  if (timesMs.length < limit) return undefined;
  const leaving = timesMs[timesMs.length - limit];
  return leaving === undefined ? null : leaving + windowMs;
}

/** Days and months of money are UTC's. */
export function startOfDayMs(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS;
}

export function startOfMonthMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
}

export function nextMonthMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}
