/** A worker with everything of the product but Discord, the provider and the media, which answer at once. Started by `bench/scale.ts`. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBreaker } from '../../src/core/breaker.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { defaultDurationPrior } from '../../src/core/duration-model.ts';
import { createExpectations } from '../../src/core/expectations.ts';
import { createGate, NO_SUSPENSIONS } from '../../src/core/guards/gate.ts';
import { createGuildTurns } from '../../src/core/guild-turns.ts';
import { createLifeCycle } from '../../src/core/life-cycle.ts';
import { defaultPacing } from '../../src/core/pacing.ts';
import type { Announcer, Media, Provider } from '../../src/core/ports.ts';
import { createRequestBudget } from '../../src/core/request-budget.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { NO_CEILINGS, OPEN_POLICY } from '../../test/support/requests.ts';

/** Sizes as they usually are: a portrait, a voice, a video. */
const PORTRAIT_BYTES = 200_000;
const VOICE_BYTES = 100_000;
const VIDEO_BYTES = 400_000;
const DAY_MS = 24 * 3_600_000;

const databaseUrl = process.env.SCALE_DATABASE;
const folder = await mkdtemp(join(tmpdir(), 'hallo-scale-'));
const opened = await openStorage(
  { databaseUrl, dataDir: folder, connections: 10 },
  { clock, owner: randomUUID(), newId: () => randomBytes(9).toString('hex') },
);
if (!opened.ok) throw new Error(opened.detail);
const { storage } = opened;
const { files, ledger, settings, wakeups } = storage;
const made = join(folder, 'made');
await mkdir(made);

async function make(key: string, bytes: number) {
  const path = join(made, randomUUID());
  await writeFile(path, Buffer.alloc(bytes, 7));
  return { key, path };
}
const media: Media = {
  async prepare({ id }) {
    const inputs = [await make(`inputs/${id}-portrait.jpg`, PORTRAIT_BYTES), await make(`inputs/${id}-voice.wav`, VOICE_BYTES)];
    await files.put(inputs, clock.now() + DAY_MS);
    const url = 'https://cdn.example/as-it-was';
    return {
      ...{ ok: true, notes: [] },
      portrait: { fileKey: `inputs/${id}-portrait.jpg`, contentType: 'image/jpeg', url },
      voice: { fileKey: `inputs/${id}-voice.wav`, contentType: 'audio/wav', url, seconds: 6 },
    };
  },
  async keepVideo({ id }) {
    const [video, keptUntilMs] = [await make(`videos/${id}.mp4`, VIDEO_BYTES), clock.now() + DAY_MS];
    await files.put([video], keptUntilMs);
    return { ok: true, videoKey: video.key, videoBytes: VIDEO_BYTES, keptUntilMs };
  },
};
const metrics = { costUsd: 0.4, remainingCredits: null, renderMs: 1 };
const provider: Provider = {
  upload: async () => ({ ok: true, value: 'https://x/upload' }),
  submit: async () => ({ kind: 'accepted', requestId: randomUUID(), statusUrl: 's', responseUrl: 'r' }),
  status: async () => ({ kind: 'completed' }),
  result: async () => ({ kind: 'completed', videoUrl: 'https://x/v.mp4', metrics }),
  credits: async () => ({ ok: true, value: 1_000_000 }),
};
const announcer: Announcer = {
  progress: async () => undefined,
  farewell: async () => undefined,
  outcome: async ({ channelId, messageId }) => ({ kind: 'delivered', rung: 'interaction', channelId, messageId }),
  ping: async () => undefined,
  findDeferral: async () => ({ kind: 'never' }),
  stands: async () => true,
};
const telemetry = {
  ...{ outcome() {}, providerCall() {}, unknownState() {}, detectionDelay() {}, log() {} },
  alarm: (what: string, detail: string) => console.error(what, detail),
};
const policyOf = async (guildId: string) => {
  // As the product does: a guild's policy is read from the store.
  await settings.get(`policy:${guildId}`);
  return { ...OPEN_POLICY, atOnce: 1_000 };
};
const gate = createGate({
  ...{ policyOf, allowedGuilds: undefined, checkInputs: () => undefined },
  ...{ suspensions: NO_SUSPENSIONS, consents: { given: async () => true } },
});
const breaker = createBreaker({ provider, clock, telemetry, needUsd: 0, onClose: () => void wakeups.kick() });
const requestsPerMinute = 100_000;
const life = createLifeCycle(
  {
    knownVideos: storage.knownVideos,
    ...{ ledger, provider, files, media, announcer, wakeups, telemetry, clock, breaker, policyOf, gate },
    moderation: { blocksPortrait: async () => false, ended: async () => undefined, sweep: async () => undefined },
    random: Math.random,
    budget: createRequestBudget({ requestsPerMinute, clock, shared: storage.sharedCalls?.(requestsPerMinute) }),
    expectations: await createExpectations(settings, 'instant', { ...defaultDurationPrior, medianMs: 1 }, clock.now),
    preparing: createGuildTurns(8),
    classify: () => 'provider',
    options: { pacing: { ...defaultPacing, floorMs: 1 }, longestWaitMs: DAY_MS },
    watches: new Map(),
  },
  {
    ...{ ceilings: NO_CEILINGS, estimateUsd: 0.42, keepRecordsMs: DAY_MS * 90, performs: true, settings },
    forgetGuild: async () => undefined,
    onBug: (_id, error) => console.error(error),
  },
);
await life.start();
console.log('ready');
