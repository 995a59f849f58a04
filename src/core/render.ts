import { z } from 'zod';
import { PHASES } from './phases.ts';
import { REASONS } from './reasons.ts';
import { weightsSchema } from './weights.ts';

/**
 * What is to be said of an input: what is wrong with it, or what was done about it. A code with the facts that its sentence needs; the
 * sentence is made in the member's language, last.
 */
export const inputProblemSchema = z.object({
  code: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type InputProblem = z.infer<typeof inputProblemSchema>;

/** A portrait or a voice as the member gave it: an attachment on Discord's CDN, or a prepared file kept from an earlier render. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('attachment'),
    /** signed and expiring: never logged */
    url: z.string(),
    name: z.string(),
    contentType: z.string().nullable(),
    sizeBytes: z.number(),
    /** as Discord states it; only voice */
    durationSeconds: z.number().nullable(),
    width: z.number().nullable(),
    height: z.number().nullable(),
  }),
  z.object({
    kind: z.literal('kept'),
    fileKey: z.string(),
    name: z.string(),
    /** only voice */
    seconds: z.number().nullable(),
    /** only portrait */
    hash: z.string().optional(),
    /** what was said of it then; only portrait */
    notes: z.array(inputProblemSchema).optional(),
  }),
]);
export type Source = z.infer<typeof sourceSchema>;

/** Who asks, and where, as far as a guild's rules look at it. */
export const askerSchema = z.object({
  roleIds: z.array(z.string()).readonly(),
  /** the channel; of a thread, its parent too */
  channelIds: z.array(z.string()).readonly(),
  ageRestricted: z.boolean(),
});

/** What a member asked for. Never changes once the render is admitted. */
export const renderRequestSchema = z.object({
  guildId: z.string(),
  channelId: z.string(),
  memberId: z.string(),
  applicationId: z.string(),
  interactionId: z.string(),
  /** works for 15 minutes after askedAtMs: never logged */
  interactionToken: z.string(),
  /** when the interaction came, by the bot's clock */
  askedAtMs: z.number(),
  /** of its messages */
  locale: z.string(),
  /** the requester's own, where the guild's goes before it in public */
  memberLocale: z.string().optional(),
  /** as it was then: rules that change while a render waits hold for it too. Renders of earlier versions have none */
  asker: askerSchema.optional(),
  private: z.boolean(),
  spoiler: z.boolean(),
  attachmentSizeLimitBytes: z.number(),
  weights: weightsSchema,
  /** made although the same was made before */
  anew: z.boolean().optional(),
  portrait: sourceSchema,
  voice: sourceSchema,
});
export type RenderRequest = z.infer<typeof renderRequestSchema>;

/** The checked and normalised inputs, kept as files, and the URLs under which the provider fetches them. */
export const preparedSchema = z.object({
  portraitKey: z.string(),
  /** null: answered without an order, so nobody has to fetch it */
  portraitUrl: z.string().nullable(),
  voiceKey: z.string(),
  voiceUrl: z.string().nullable(),
  voiceSeconds: z.number(),
  /** what the video's message says of the portrait; renders of earlier versions have none */
  notes: z.array(inputProblemSchema).default([]),
  /** known again by, after changes: picture-hash.ts; absent where it could not be made */
  portraitHash: z.string().optional(),
  /** by which the same request is known again: known-videos.ts; until the render has an outcome */
  madeOf: z.string().optional(),
});
export type Prepared = z.infer<typeof preparedSchema>;

/** A submit that the provider accepted: from here on the render is paid if it completes. */
export const jobSchema = z.object({
  requestId: z.string(),
  statusUrl: z.string(),
  responseUrl: z.string(),
  submittedAtMs: z.number(),
});
export type Job = z.infer<typeof jobSchema>;

/** Whether the provider bills for it: certainly not, unknown, certainly. */
export const chargedSchema = z.enum(['no', 'maybe', 'yes']);
export type Charged = z.infer<typeof chargedSchema>;

/** How a render ended. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  /** `free`: one that was there already */
  z.object({ kind: z.literal('video'), free: z.literal(true).optional() }),
  z.object({
    kind: z.literal('failed'),
    reason: z.enum(REASONS),
    /** the provider's own text, raw: cleaned where it is shown */
    detail: z.string().nullable(),
    problem: inputProblemSchema.nullable(),
    charged: chargedSchema,
  }),
  z.object({ kind: z.literal('cancelled'), charged: chargedSchema }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** The rungs of the delivery ladder, top first. `none`: the message was deleted on purpose, so nothing is posted. */
export const RUNGS = ['interaction', 'message', 'channel', 'direct', 'kept', 'none'] as const;
export type Rung = (typeof RUNGS)[number];

/** The durable unit: one `/hallo` from its deferral to its final message. */
export const renderSchema = renderRequestSchema.extend({
  id: z.string(),
  phase: z.enum(PHASES),
  /** when the phase was entered */
  phaseAtMs: z.number(),
  admittedAtMs: z.number(),
  /** the deferred message; null until Discord has confirmed the deferral */
  messageId: z.string().nullable(),
  prepared: preparedSchema.nullable(),
  /** waiting: not submitted before this time */
  notBeforeMs: z.number(),
  /** submits so far that certainly were not taken, in a row */
  submitAttempts: z.number(),
  job: jobSchema.nullable(),
  /** since when the provider answers 404 for the job; null while it knows it */
  missingSinceMs: z.number().nullable(),
  /** the finished video at the provider, known from the result: survives the provider's hour */
  outputUrl: z.string().nullable(),
  cancelledAtMs: z.number().nullable(),
  outcome: outcomeSchema.nullable(),
  /** what was taken from the limits at admission */
  reservedUsd: z.number(),
  /** what the provider stated, or what was booked in the end; null while neither is known */
  costUsd: z.number().nullable(),
  /** keeps its place among "at once" until then although it is no longer watched (submit-unknown) */
  placeUntilMs: z.number().nullable(),
  videoKey: z.string().nullable(),
  videoBytes: z.number().nullable(),
  deliveryAttempts: z.number(),
  rung: z.enum(RUNGS).nullable(),
  /** where the final message is; differs from channelId and messageId below the ladder's second rung */
  finalChannelId: z.string().nullable(),
  finalMessageId: z.string().nullable(),
  /** private: when the last edit said where the result will be */
  farewellAtMs: z.number().nullable(),
  pingedAtMs: z.number().nullable(),
  /** the video was there already: that render's, in that message, ordered then, made in that time */
  answeredFrom: z
    .object({
      renderId: z.string(),
      channelId: z.string(),
      messageId: z.string().nullable(),
      submittedAtMs: z.number(),
      tookMs: z.number(),
    })
    .optional(),
  closedAtMs: z.number().nullable(),
});
export type Render = z.infer<typeof renderSchema>;

/** The files that are kept for a render. */
export function fileKeysOf({ prepared, videoKey }: Pick<Render, 'prepared' | 'videoKey'>): string[] {
  return [prepared?.portraitKey, prepared?.voiceKey, videoKey].filter(key => typeof key === 'string');
}
