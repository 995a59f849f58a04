import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Clock } from '../core/clock.ts';
import type { Files, Media as MediaPort } from '../core/ports.ts';
import type { InputProblem, RenderRequest, Source } from '../core/render.ts';
import { createDownloader } from './download.ts';
import { createFaceChecker, type FaceCheck } from './face-check.ts';
import { createAttachmentHasher, type HashAnswer } from './hash-attachment.ts';
import { defaultMediaLimits } from './limits.ts';
import { checkDeclaredPortrait, checkDeclaredVoice, createMedia, type DeclaredFile, type MediaProblem } from './media.ts';
import { createAttachmentReader } from './read-attachment.ts';
import { createRenderMedia, inputProblem } from './render-media.ts';

/** Discord's CDN; attachments come from nowhere else. */
const CDN_HOSTS = ['cdn.discordapp.com', 'media.discordapp.net'];
const DEFAULT_PROVIDER = 'https://api.segmind.com';

/** Everything that the bot does with files. */
export type BotMedia = {
  media: MediaPort;
  /** What is certainly wrong with what is asked for, by what is stated of its files alone; one that is still to come is not looked at. */
  checkInputs(
    asked: Pick<RenderRequest, 'weights'> & { portrait?: Source | undefined; voice?: Source | undefined },
    policy: { longestVoiceSeconds: number },
  ): InputProblem | undefined;
  /** Re-encodes a video into a new file of at most so many bytes, which the caller deletes; undefined: it won't fit. */
  shrink(path: string, maxBytes: number): Promise<string | undefined>;
  /** The perceptual hash of an attached picture. */
  hashOf(url: string, signal: AbortSignal): Promise<HashAnswer>;
  /** The text of a small attached file; undefined: it can't be fetched, or is larger than that. */
  readAttachment(url: string, options: { maxBytes: number; signal: AbortSignal }): Promise<string | undefined>;
  close(): Promise<void>;
};

export function createBotMedia(
  config: Config,
  deps: { files: Files; clock: Clock; workDirectory: string; onFaceCheck: (renderId: string, check: FaceCheck) => void },
): BotMedia {
  const limits = { ...defaultMediaLimits, voiceMaxSeconds: config.policyBounds.longestVoiceSeconds.max };
  const media = createMedia({ limits });
  const { allowPrivateAddresses, discord, provider } = config;
  const providerUrl = new URL(provider.baseUrl ?? DEFAULT_PROVIDER);
  // A stand-in for Discord serves its attachments itself.
  const cdnHosts = discord.apiBase === undefined ? CDN_HOSTS : [...CDN_HOSTS, new URL(discord.apiBase).hostname];
  const attachments = createDownloader({ allowPrivateAddresses, allowedHosts: cdnHosts });
  const outputs = createDownloader({
    allowPrivateAddresses,
    exceptOrigins: [providerUrl.origin],
    allowedHosts: [providerUrl.hostname, ...provider.outputHosts],
    totalTimeoutMs: 10 * 60_000,
  });
  // The hosted model masks the whole face away at 0; the project's own engine does not.
  const hosted = providerUrl.hostname.endsWith('segmind.com');
  let shrunk = 0;

  return {
    media: createRenderMedia({
      ...{ media, faces: createFaceChecker(), limits, attachments, outputs, ...deps },
      // The API has one model of this name; what another address serves may be another one.
      renderer: `${providerUrl.href} hallo`,
    }),
    checkInputs({ portrait, voice, weights }, { longestVoiceSeconds }) {
      if (hosted && weights.faceExpandRatio === 0) return { code: 'face-expand-zero', facts: {} };
      return (
        declaredProblem(portrait, file => checkDeclaredPortrait(file, limits)) ??
        declaredProblem(voice, file => checkDeclaredVoice(file, { ...limits, voiceMaxSeconds: longestVoiceSeconds }))
      );
    },
    hashOf: createAttachmentHasher({ media, attachments, limits, workDirectory: deps.workDirectory }),
    readAttachment: createAttachmentReader({ attachments, workDirectory: deps.workDirectory }),
    async shrink(path, maxBytes) {
      shrunk += 1;
      await mkdir(deps.workDirectory, { recursive: true });
      const outputPath = join(deps.workDirectory, `shrunk-${shrunk}.mp4`);
      const answer = await media.shrinkVideo({ path, outputPath, maxBytes });
      return answer.ok ? answer.value.path : undefined;
    },
    async close() {
      await Promise.all([attachments.close(), outputs.close()]);
    },
  };
}

function declaredProblem(
  source: Source | undefined,
  check: (file: DeclaredFile) => MediaProblem | undefined,
): InputProblem | undefined {
  if (source === undefined || source.kind === 'kept') return undefined;
  const problem = check({
    name: source.name,
    sizeBytes: source.sizeBytes,
    contentType: source.contentType ?? undefined,
    durationSeconds: source.durationSeconds ?? undefined,
    width: source.width ?? undefined,
    height: source.height ?? undefined,
  });
  return problem && inputProblem(problem);
}
