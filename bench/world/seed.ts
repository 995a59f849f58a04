import { randomBytes } from 'node:crypto';
import { InteractionResponseType, Routes } from 'discord.js';
import { readConfig } from '../../src/config.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Ledger } from '../../src/core/ports.ts';
import type { Job, RenderRequest } from '../../src/core/render.ts';
import { openStorage } from '../../src/storage/storage.ts';
import type { Stage } from './stage.ts';

export type Seed = {
  guildId: string;
  channelId: string;
  /** Tells the render at the provider: its portrait's address. */
  name: string;
  /** in flight since then; undefined: it waits for its turn */
  job?: Job;
};

/** Deferrals that are made at once: each has to be answered within three seconds. */
const AT_ONCE = 100;
const nothing = new Uint8Array(8);

/** Uses `/hallo`, and defers it, as a bot would that has ended since. The answer: the render as it was asked for, and its message. */
async function deferred(
  { discord }: Stage,
  { guildId, channelId, name }: Seed,
): Promise<{ request: RenderRequest; messageId: string }> {
  const memberId = discord.places.ada.id;
  const image = { file: { name: 'portrait.jpg', bytes: nothing } };
  const audio = { file: { name: 'voice.wav', bytes: nothing } };
  const handle = await discord.members.command({ channelId, memberId, name: 'hallo', options: { image, audio }, lenient: true });
  const answer = await fetch(`${discord.apiBase}/v10${Routes.interactionCallback(handle.id, handle.token)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: InteractionResponseType.DeferredChannelMessageWithSource }),
  });
  await answer.arrayBuffer();
  const messageId = handle.original()?.id;
  if (messageId === undefined) throw new Error(`a seed was not deferred: HTTP ${answer.status}`);
  const source = {
    kind: 'attachment' as const,
    url: `https://cdn.discordapp.com/${name}`,
    name,
    contentType: null,
    sizeBytes: 1,
  };
  const request: RenderRequest = {
    ...{ guildId, channelId, memberId, applicationId: discord.applicationId },
    ...{ interactionId: handle.id, interactionToken: handle.token, askedAtMs: handle.createdAt, locale: 'en-US' },
    ...{ private: false, spoiler: false, attachmentSizeLimitBytes: 10 * 1_048_576 },
    weights: { poseWeight: 1.4, faceWeight: 1, lipWeight: 1.2, faceExpandRatio: 1.2 },
    portrait: { ...source, durationSeconds: null, width: 512, height: 512 },
    voice: { ...source, durationSeconds: 10, width: null, height: null },
  };
  return { request, messageId };
}

/** Takes a render through its phases as the bot does, as far as the seed says. */
async function written(
  ledger: Ledger,
  { name, job }: Seed,
  { request, messageId }: Awaited<ReturnType<typeof deferred>>,
): Promise<void> {
  const read = readConfig({
    HALLO_DEFAULT_COOLDOWN_SECONDS: '0',
    HALLO_DEFAULT_ANSWER_REPEATS: '0',
    HALLO_DEFAULT_PER_HOUR: '1000000',
    HALLO_MAX_WAITING: '1000000',
  });
  if (!read.ok) throw new Error(read.problems.join('; '));
  const { ceilings, defaultPolicy } = read.config;
  const policy = { ...defaultPolicy, atOnce: 100_000, perMemberDay: 1_000_000, usdPerMonth: 1_000_000 };
  const answer = await ledger.admit(request, { policy, ceilings, estimateUsd: 0.42 });
  if (!answer.ok) throw new Error(`a seed was refused: ${JSON.stringify(answer.refusal)}`);
  const { id } = answer.render;
  const files = { portraitKey: `inputs/${id}-portrait.jpg`, voiceKey: `inputs/${id}-voice.wav` };
  const prepared = {
    ...files,
    portraitUrl: `https://cdn.discordapp.com/${name}.jpg`,
    voiceUrl: 'https://cdn.discordapp.com/a.wav',
    voiceSeconds: 10,
    notes: [],
  };
  await ledger.update(id, 'preparing', { messageId });
  await ledger.advance(id, 'preparing', 'waiting', { prepared, notBeforeMs: Date.now() });
  if (job === undefined) return;
  if ((await ledger.claimNext({ maxAtOnce: 1_000_000 })).render === undefined) throw new Error('a seed was not claimed');
  await ledger.advance(id, 'submitting', 'rendering', { job });
}

/** Fills the bot's store by the ledger's own operations, with renders whose messages stand at Discord. No bot may run meanwhile. */
export async function seedRenders(
  stage: Stage,
  place: { folder: string; database?: string | undefined },
  seeds: readonly Seed[],
): Promise<void> {
  const deps = { clock: systemClock, owner: 'seed', newId: () => randomBytes(9).toString('hex') };
  const opened = await openStorage({ databaseUrl: place.database, dataDir: place.folder }, deps);
  if (!opened.ok) throw new Error(opened.detail);
  const { ledger, close } = opened.storage;
  try {
    for (let at = 0; at < seeds.length; at += AT_ONCE) {
      const batch = seeds.slice(at, at + AT_ONCE);
      const asked = await Promise.all(batch.map(seed => deferred(stage, seed)));
      // One after the other, so that the seed that is claimed is the one that was written.
      for (const [index, seed] of batch.entries()) {
        const each = asked[index];
        if (each !== undefined) await written(ledger, seed, each);
      }
    }
  } finally {
    await close();
  }
}
