import { firstRefusal } from './guards/guard.ts';
import type { Policy } from './policy.ts';

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
/** Renders that were admitted longer ago count for no limit but money, which has books of its own. */
export const LONGEST_LIMIT_MS = DAY_MS;

type Taken = Usage & Admission & { nowMs: number };
type Limit = (taken: Taken) => Refusal | undefined;

const cooldown: Limit = ({ memberLastMs, policy: { cooldownSeconds: size }, nowMs }) => {
  const freeAtMs = (memberLastMs ?? Number.NEGATIVE_INFINITY) + size * 1000;
  return size > 0 && nowMs < freeAtMs ? { limit: 'cooldown', size, freeAtMs } : undefined;
};

const perMemberDay: Limit = ({ memberDayMs, policy: { perMemberDay: size } }) =>
  windowRefusal('per-member-day', memberDayMs, size, DAY_MS);

const perHour: Limit = ({ guildHourMs, policy: { perHour: size } }) => windowRefusal('per-hour', guildHourMs, size, HOUR_MS);

const waiting: Limit = ({ waiting: count, ceilings: { waiting: size } }) =>
  count >= size ? { limit: 'waiting', size, freeAtMs: null } : undefined;

const over = (bookedUsd: number, { estimateUsd }: Taken, limitUsd: number) => bookedUsd + estimateUsd > limitUsd + 1e-9;

const guildMoney: Limit = taken => {
  const size = taken.policy.usdPerMonth;
  return over(taken.guildMonthUsd, taken, size) ? { limit: 'guild-money', size, freeAtMs: nextMonthMs(taken.nowMs) } : undefined;
};

const operatorDayMoney: Limit = taken => {
  const size = taken.ceilings.usdPerDay;
  if (!over(taken.operatorDayUsd, taken, size)) return undefined;
  return { limit: 'operator-day-money', size, freeAtMs: startOfDayMs(taken.nowMs) + DAY_MS };
};

const operatorMonthMoney: Limit = taken => {
  const size = taken.ceilings.usdPerMonth;
  if (!over(taken.operatorMonthUsd, taken, size)) return undefined;
  return { limit: 'operator-month-money', size, freeAtMs: nextMonthMs(taken.nowMs) };
};

/** The last guards: limits, then money. */
const LIMITS: readonly Limit[] = [cooldown, perMemberDay, perHour, waiting, guildMoney, operatorDayMoney, operatorMonthMoney];

/** The first limit that stands in the way, or undefined. Over "at once" a render waits; it is not refused. */
export function refusalOf(usage: Usage, admission: Admission, nowMs: number): Refusal | undefined {
  return firstRefusal(LIMITS, { ...usage, ...admission, nowMs });
}

/** What a limit over a time still lets in; `freeAtMs`: when the next one is free, where none is left. */
export type WindowLeft = { left: number; size: number; freeAtMs: number | null };
export type LimitsLeft = {
  hour: WindowLeft;
  memberDay: WindowLeft;
  /** the guild's money of this month, US$ */
  monthUsd: { left: number; size: number; renewedAtMs: number };
};

/** What is left of a guild's limits, for one of its members. */
export function leftOf(usage: Usage, policy: Policy, nowMs: number): LimitsLeft {
  const window = (limit: 'per-hour' | 'per-member-day', timesMs: readonly number[], size: number, windowMs: number) => ({
    ...{ size, left: Math.max(0, size - timesMs.length) },
    freeAtMs: windowRefusal(limit, timesMs, size, windowMs)?.freeAtMs ?? null,
  });
  const { perHour, perMemberDay, usdPerMonth: size } = policy;
  return {
    hour: window('per-hour', usage.guildHourMs, perHour, HOUR_MS),
    memberDay: window('per-member-day', usage.memberDayMs, perMemberDay, DAY_MS),
    monthUsd: { left: Math.max(0, size - usage.guildMonthUsd), size, renewedAtMs: nextMonthMs(nowMs) },
  };
}

/** A sliding window lets the next one in as the oldest that has to leave it leaves it. */
function windowRefusal(
  limit: 'per-hour' | 'per-member-day',
  timesMs: readonly number[],
  size: number,
  windowMs: number,
): Refusal | undefined {
  if (timesMs.length < size) return undefined;
  const leaving = timesMs[timesMs.length - size];
  return { limit, size, freeAtMs: leaving === undefined ? null : leaving + windowMs };
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
