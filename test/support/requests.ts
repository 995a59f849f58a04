import type { Asker } from '../../src/core/guards/guard.ts';
import type { Admission, Ceilings } from '../../src/core/limits.ts';
import { type Policy, RANGES } from '../../src/core/policy.ts';
import type { Consents } from '../../src/core/ports.ts';
import type { RenderRequest } from '../../src/core/render.ts';
import { DEFAULT_WEIGHTS } from '../../src/core/weights.ts';

/** A request as a member's `/hallo` makes it. */
export function aRequest(change: Partial<RenderRequest> = {}): RenderRequest {
  return {
    guildId: 'guild-1',
    channelId: 'channel-1',
    memberId: 'member-1',
    applicationId: 'application-1',
    interactionId: 'interaction-1',
    interactionToken: 'token-1',
    askedAtMs: Date.UTC(2026, 0, 1),
    locale: 'en-US',
    private: false,
    spoiler: false,
    attachmentSizeLimitBytes: 20 * 1024 * 1024,
    weights: DEFAULT_WEIGHTS,
    portrait: {
      kind: 'attachment',
      url: 'https://cdn.discordapp.com/attachments/1/2/portrait.png?ex=1',
      name: 'portrait.png',
      contentType: 'image/png',
      sizeBytes: 1_000,
      durationSeconds: null,
      width: 512,
      height: 512,
    },
    voice: {
      kind: 'attachment',
      url: 'https://cdn.discordapp.com/attachments/1/3/voice.wav?ex=1',
      name: 'voice.wav',
      contentType: 'audio/wav',
      sizeBytes: 1_000,
      durationSeconds: 3,
      width: null,
      height: null,
    },
    ...change,
  };
}

/** Somebody in a channel in which the bot may do everything. */
export const ANYBODY: Asker = { roleIds: [], channelIds: ['channel-1'], ageRestricted: false, missingPermissions: [] };

/** Where nobody has to consent. */
export const NO_CONSENT_NEEDED: Consents = { given: async () => true };

/** The operator lets guilds choose whatever there is. */
export const NO_BOUNDS = RANGES;

export const OPEN_POLICY: Policy = {
  enabled: true,
  atOnce: 2,
  perHour: 1_000,
  perMemberDay: 1_000,
  cooldownSeconds: 0,
  usdPerMonth: 10_000,
  longestVoiceSeconds: 60,
  faceCheck: 'strict',
  ping: true,
  ...{ allowedRoles: [], deniedRoles: [], allowedChannels: [], deniedChannels: [], ageRestrictedOnly: false },
  weights: DEFAULT_WEIGHTS,
  detailsTo: 'everyone',
  blockedDetailsTo: 'requester',
  spoilerAlways: false,
  language: null,
  moderationChannelId: null,
  hideAfterReports: 3,
  cardPortraits: false,
  messageCommand: false,
  answerRepeats: true,
  keepInputsHours: 24,
  keepVideosDays: 7,
};

export const NO_CEILINGS: Ceilings = {
  usdPerDay: Number.POSITIVE_INFINITY,
  usdPerMonth: Number.POSITIVE_INFINITY,
  atOnce: 1_000,
  waiting: 100_000,
};

export function anAdmission(policy: Partial<Policy> = {}, ceilings: Partial<Ceilings> = {}): Admission {
  return { policy: { ...OPEN_POLICY, ...policy }, ceilings: { ...NO_CEILINGS, ...ceilings }, estimateUsd: 0.42 };
}
