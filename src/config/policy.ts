import { z } from 'zod';
import { type Bounds, DETAIL_AUDIENCES, FACE_CHECKS, type Policy, policySchema, RANGES, within } from '../core/policy.ts';
import { DEFAULT_WEIGHTS } from '../core/weights.ts';
import { flag, number, oneOf, text, usd, whole } from './kinds.ts';

const audience = oneOf(DETAIL_AUDIENCES, `must be one of ${DETAIL_AUDIENCES.join(', ')}`);

/** What holds in a guild that has set nothing, and how far guilds may go. */
export const POLICY_SETTINGS = z.object({
  HALLO_DEFAULT_ENABLED: flag.default(true),
  HALLO_DEFAULT_AT_ONCE: whole(1, 100_000).default(2),
  HALLO_DEFAULT_PER_HOUR: whole(0, 1_000_000).default(20),
  HALLO_DEFAULT_PER_MEMBER_DAY: whole(0, 1_000_000).default(10),
  HALLO_DEFAULT_COOLDOWN_SECONDS: whole(0, 86_400).default(10),
  HALLO_DEFAULT_USD_PER_MONTH: usd.default(100),
  HALLO_DEFAULT_LONGEST_VOICE_SECONDS: number(1, 600, 'a number of seconds').default(60),
  HALLO_DEFAULT_FACE_CHECK: oneOf(FACE_CHECKS, `must be one of ${FACE_CHECKS.join(', ')}`).default('strict'),
  HALLO_DEFAULT_DETAILS_TO: audience.default('everyone'),
  HALLO_DEFAULT_BLOCKED_DETAILS_TO: audience.default('requester'),
  HALLO_DEFAULT_SPOILER: flag.default(false),
  HALLO_DEFAULT_PING: flag.default(true),
  HALLO_DEFAULT_LANGUAGE: text.pipe(policySchema.shape.language.unwrap()).optional(),
  HALLO_DEFAULT_AGE_RESTRICTED_ONLY: flag.default(false),
  HALLO_DEFAULT_HIDE_AFTER_REPORTS: whole(0, 100).default(3),
  HALLO_DEFAULT_CARD_PORTRAITS: flag.default(false),
  HALLO_DEFAULT_MESSAGE_COMMAND: flag.default(false),
  HALLO_DEFAULT_ANSWER_REPEATS: flag.default(true),
  HALLO_MAX_GUILD_AT_ONCE: whole(1, 100_000).optional(),
  HALLO_MAX_GUILD_PER_HOUR: whole(0, 1_000_000).optional(),
  HALLO_MAX_GUILD_USD_PER_MONTH: usd.optional(),
  HALLO_MAX_MEMBER_PER_DAY: whole(0, 1_000_000).optional(),
  HALLO_MIN_COOLDOWN_SECONDS: whole(0, 86_400).default(0),
  HALLO_MAX_VOICE_SECONDS: number(1, 600, 'a number of seconds').optional(),
});

type Settings = z.infer<typeof POLICY_SETTINGS> & {
  HALLO_MAX_AT_ONCE: number;
  HALLO_KEEP_INPUTS_HOURS: number;
  HALLO_KEEP_VIDEOS_DAYS: number;
};

/** Within the bounds: the lower of a default and a ceiling holds. */
export function defaultPolicyOf(env: Settings): Policy {
  const policy = policySchema.parse({
    enabled: env.HALLO_DEFAULT_ENABLED,
    atOnce: env.HALLO_DEFAULT_AT_ONCE,
    perHour: env.HALLO_DEFAULT_PER_HOUR,
    perMemberDay: env.HALLO_DEFAULT_PER_MEMBER_DAY,
    cooldownSeconds: env.HALLO_DEFAULT_COOLDOWN_SECONDS,
    usdPerMonth: env.HALLO_DEFAULT_USD_PER_MONTH,
    longestVoiceSeconds: env.HALLO_DEFAULT_LONGEST_VOICE_SECONDS,
    ...{ allowedRoles: [], deniedRoles: [], allowedChannels: [], deniedChannels: [] },
    ageRestrictedOnly: env.HALLO_DEFAULT_AGE_RESTRICTED_ONLY,
    weights: DEFAULT_WEIGHTS,
    faceCheck: env.HALLO_DEFAULT_FACE_CHECK,
    detailsTo: env.HALLO_DEFAULT_DETAILS_TO,
    blockedDetailsTo: env.HALLO_DEFAULT_BLOCKED_DETAILS_TO,
    spoilerAlways: env.HALLO_DEFAULT_SPOILER,
    ping: env.HALLO_DEFAULT_PING,
    language: env.HALLO_DEFAULT_LANGUAGE ?? null,
    moderationChannelId: null,
    hideAfterReports: env.HALLO_DEFAULT_HIDE_AFTER_REPORTS,
    cardPortraits: env.HALLO_DEFAULT_CARD_PORTRAITS,
    messageCommand: env.HALLO_DEFAULT_MESSAGE_COMMAND,
    answerRepeats: env.HALLO_DEFAULT_ANSWER_REPEATS,
    keepInputsHours: env.HALLO_KEEP_INPUTS_HOURS,
    keepVideosDays: env.HALLO_KEEP_VIDEOS_DAYS,
  } satisfies Policy);
  return within(policy, boundsOf(env));
}

/** Where the operator sets no ceiling for money and length, guilds can go below the default, not above: the operator pays. */
export function boundsOf(env: Settings): Bounds {
  return {
    ...RANGES,
    atOnce: { ...RANGES.atOnce, max: env.HALLO_MAX_GUILD_AT_ONCE ?? env.HALLO_MAX_AT_ONCE },
    perHour: { ...RANGES.perHour, max: env.HALLO_MAX_GUILD_PER_HOUR ?? RANGES.perHour.max },
    perMemberDay: { ...RANGES.perMemberDay, max: env.HALLO_MAX_MEMBER_PER_DAY ?? RANGES.perMemberDay.max },
    cooldownSeconds: { ...RANGES.cooldownSeconds, min: env.HALLO_MIN_COOLDOWN_SECONDS },
    usdPerMonth: { ...RANGES.usdPerMonth, max: env.HALLO_MAX_GUILD_USD_PER_MONTH ?? env.HALLO_DEFAULT_USD_PER_MONTH },
    longestVoiceSeconds: {
      ...RANGES.longestVoiceSeconds,
      max: env.HALLO_MAX_VOICE_SECONDS ?? env.HALLO_DEFAULT_LONGEST_VOICE_SECONDS,
    },
    keepInputsHours: { ...RANGES.keepInputsHours, max: env.HALLO_KEEP_INPUTS_HOURS },
    keepVideosDays: { ...RANGES.keepVideosDays, max: env.HALLO_KEEP_VIDEOS_DAYS },
  };
}
