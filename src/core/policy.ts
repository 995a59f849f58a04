import { z } from 'zod';
import { weightsSchema } from './weights.ts';

/**
 * What happens to a portrait without one clear face. strict: the member is told, nothing is ordered. warn: it is ordered, and the
 * result says what was seen. off: nobody looks.
 */
export const FACE_CHECKS = ['strict', 'warn', 'off'] as const;

/** Who may be shown a detail; moderators always are. */
export const DETAIL_AUDIENCES = ['everyone', 'requester', 'moderators'] as const;
export type DetailAudience = (typeof DETAIL_AUDIENCES)[number];

export type Range = { readonly min: number; readonly max: number; readonly whole: boolean };

/** The policy's numbers, and what each may be at all; the operator's bounds are narrower. Money in US$. */
export const RANGES = {
  atOnce: { min: 1, max: 100_000, whole: true },
  perHour: { min: 0, max: 1_000_000, whole: true },
  perMemberDay: { min: 0, max: 1_000_000, whole: true },
  cooldownSeconds: { min: 0, max: 86_400, whole: true },
  usdPerMonth: { min: 0, max: 1_000_000, whole: false },
  longestVoiceSeconds: { min: 1, max: 600, whole: false },
  /** reports after which a video is hidden until a moderator decides; 0: never */
  hideAfterReports: { min: 0, max: 100, whole: true },
  keepInputsHours: { min: 1, max: 720, whole: false },
  keepVideosDays: { min: 1, max: 365, whole: false },
} as const satisfies Record<string, Range>;
export type NumberName = keyof typeof RANGES;

/** What the operator lets a guild choose from, for each number. */
export type Bounds = Readonly<Record<NumberName, Range>>;

const inRange = ({ min, max, whole }: Range) => {
  const number = z.number().min(min).max(max);
  return whole ? number.int() : number;
};
/** Discord's ids. */
const id = z.string().regex(/^\d{1,20}$/);
/** As many as one of Discord's menus can hold. */
export const MOST_IDS = 25;
const ids = z.array(id).max(MOST_IDS);

/** What a guild has settled for itself. */
export const policySchema = z.object({
  enabled: z.boolean(),
  atOnce: inRange(RANGES.atOnce),
  perHour: inRange(RANGES.perHour),
  perMemberDay: inRange(RANGES.perMemberDay),
  cooldownSeconds: inRange(RANGES.cooldownSeconds),
  usdPerMonth: inRange(RANGES.usdPerMonth),
  longestVoiceSeconds: inRange(RANGES.longestVoiceSeconds),
  /** one of these is needed; none: everybody may */
  allowedRoles: ids,
  /** goes before the allowed ones */
  deniedRoles: ids,
  allowedChannels: ids,
  deniedChannels: ids,
  ageRestrictedOnly: z.boolean(),
  /** used where a member gives none */
  weights: weightsSchema,
  faceCheck: z.enum(FACE_CHECKS),
  /** who is shown the provider's own words about a failure */
  detailsTo: z.enum(DETAIL_AUDIENCES),
  /** the same for what a safety filter declined */
  blockedDetailsTo: z.enum(DETAIL_AUDIENCES),
  /** every video behind a spoiler, whatever the member chose */
  spoilerAlways: z.boolean(),
  /** mention the requester when a render has ended */
  ping: z.boolean(),
  /** of public messages, in place of the requester's own; null: the requester's */
  language: z
    .string()
    .regex(/^[a-z]{2}(-[A-Za-z0-9]{2,4})?$/, 'must be the code of a language, such as de')
    .nullable(),
  moderationChannelId: id.nullable(),
  hideAfterReports: inRange(RANGES.hideAfterReports),
  /** portraits as spoilered thumbnails on moderators' cards */
  cardPortraits: z.boolean(),
  /** the command of a message's menu */
  messageCommand: z.boolean(),
  /** a request that was made before is answered with the video that is there */
  answerRepeats: z.boolean(),
  keepInputsHours: inRange(RANGES.keepInputsHours),
  keepVideosDays: inRange(RANGES.keepVideosDays),
});
export type Policy = z.infer<typeof policySchema>;

/** The policy with every number brought within the operator's bounds, which may have changed since it was set. */
export function within(policy: Policy, bounds: Bounds): Policy {
  const clamped = NUMBER_NAMES.map((name): [NumberName, number] => {
    const { min, max } = bounds[name];
    return [name, Math.min(max, Math.max(min, policy[name]))];
  });
  return { ...policy, ...Object.fromEntries(clamped) };
}

export const isNumberName = (name: string): name is NumberName => Object.hasOwn(RANGES, name);
export const NUMBER_NAMES = Object.keys(RANGES).filter(isNumberName);
