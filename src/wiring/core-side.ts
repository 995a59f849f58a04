import { type ConsentRecords, createConsents } from '../core/consents.ts';
import { defaultDurationPrior } from '../core/duration-model.ts';
import { createExpectations } from '../core/expectations.ts';
import { createGate } from '../core/guards/gate.ts';
import { createGuildTurns } from '../core/guild-turns.ts';
import { createLifeCycle, type LifeCycle } from '../core/life-cycle.ts';
import { defaultPacing } from '../core/pacing.ts';
import type { Policies } from '../core/policies.ts';
import type { BotMedia } from '../media/bot-media.ts';
import { classify } from '../moderation/classify.ts';
import { DEFAULT_BASE_URL } from '../segmind/index.ts';
import type { Messages } from './discord-side.ts';
import { type Ground, performs } from './ground.ts';
import type { ProviderSide } from './provider-side.ts';

const PREPARE_AT_ONCE = 2;
const HOUR_MS = 3_600_000;

/** The life cycle of renders, and what decides about them. */
export type CoreSide = { lifeCycle: LifeCycle; policies: Policies; consents: ConsentRecords; keepRecordsMs: number };

export async function wireCore(
  ground: Ground,
  { provider, budget, breaker }: ProviderSide,
  media: BotMedia,
  { announcer, desk }: Messages,
  policies: Policies,
): Promise<CoreSide> {
  const { config, clock, random, log, telemetry, around, storage } = ground;
  const { ledger, files, knownVideos, settings, wakeups, moderation } = storage;
  const { allowedGuilds, ceilings } = config;
  const { baseUrl, estimateUsd, expectedRenderSeconds, pollFloorSeconds } = config.provider;
  const policyOf = policies.of;
  const consents = createConsents(settings, clock.now);
  const { checkInputs } = media;
  const gate = createGate({ policyOf, allowedGuilds, checkInputs, suspensions: desk.suspensions, consents });
  const prior = { ...defaultDurationPrior, medianMs: expectedRenderSeconds * 1000 };
  const keepRecordsMs = config.keep.recordsDays * 24 * HOUR_MS;
  const lifeCycle = createLifeCycle(
    {
      ...{ ledger, provider, files, announcer, wakeups, telemetry, clock, random, budget, breaker, classify, gate, policyOf },
      knownVideos,
      media: around.media(media.media),
      moderation: desk,
      expectations: await createExpectations(settings, baseUrl ?? DEFAULT_BASE_URL, prior, clock.now),
      preparing: createGuildTurns(PREPARE_AT_ONCE),
      options: { pacing: { ...defaultPacing, floorMs: pollFloorSeconds * 1000 }, longestWaitMs: 20 * HOUR_MS },
      watches: new Map(),
    },
    {
      ...{ ceilings, estimateUsd, settings, keepRecordsMs, performs: performs(config) },
      forgetGuild: async guildId => {
        await policies.reset(guildId);
        await moderation.forgetGuild(guildId);
        await knownVideos.forgetGuild(guildId);
      },
      onBug: (render, error) => log.error({ render, err: error }, 'a step failed'),
    },
  );
  return { lifeCycle, policies, consents, keepRecordsMs };
}
