import type { Admission, Ceilings, Policy } from '../../src/core/limits.ts';
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

export const OPEN_POLICY: Policy = {
  atOnce: 2,
  perHour: 1_000,
  perMemberDay: 1_000,
  cooldownSeconds: 0,
  usdPerMonth: 10_000,
  longestVoiceSeconds: 60,
  faceCheck: 'strict',
  ping: true,
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
