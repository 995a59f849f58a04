import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { createDownloader } from '../media/download.ts';
import { DEFAULT_BASE_URL, HALLO_SLUG, isClientError, SegmindClient } from '../segmind/index.ts';
import type { RenderJob } from './render.ts';

/** The provider tells no progress: the bar follows what a render takes on average. */
const AVERAGE_MS = 300_000;
const LONGEST_MS = 60 * 60_000;

/** Renders at a server of the Hallo API. The request id is printed at once, so that a render that was paid can be asked for later. */
export async function renderHosted(job: RenderJob, config: Config): Promise<{ ok: true } | { ok: false; detail: string }> {
  const { apiKey, baseUrl, uploadUrl, outputHosts } = config.provider;
  const client = new SegmindClient({ apiKey: apiKey ?? null, ...(baseUrl && { baseUrl }), ...(uploadUrl && { uploadUrl }) });
  const origin = new URL(baseUrl ?? DEFAULT_BASE_URL);
  const downloader = createDownloader({
    allowPrivateAddresses: config.allowPrivateAddresses,
    exceptOrigins: [origin.origin],
    allowedHosts: [origin.hostname, ...outputHosts],
  });
  const { signal } = job;
  const startedAtMs = Date.now();
  const tick = setInterval(() => job.onProgress(Math.min(0.99, (Date.now() - startedAtMs) / AVERAGE_MS)), 1_000);
  try {
    const input_image = await client.files.upload(await readFile(job.portraitPath), 'image/jpeg', { signal });
    const input_audio = await client.files.upload(await readFile(job.voicePath), 'audio/wav', { signal });
    const { poseWeight, faceWeight, lipWeight, faceExpandRatio } = job.weights;
    const weights = {
      pose_weight: poseWeight,
      face_weight: faceWeight,
      lip_weight: lipWeight,
      face_expand_ratio: faceExpandRatio,
    };
    const submitted = await client.submitAsync(HALLO_SLUG, { input_image, input_audio, ...weights }, { signal });
    process.stderr.write(`request ${submitted.requestId}\n`);
    const { videoUrl } = await submitted.wait({ timeoutMs: LONGEST_MS, intervalMs: 2_000, signal });
    const fetched = await downloader.download(videoUrl, job.outputPath, { maxBytes: 500 * 1024 * 1024, signal });
    return fetched.ok ? { ok: true } : { ok: false, detail: `The video could not be fetched: ${fetched.problem.detail}` };
  } catch (error) {
    if (!isClientError(error)) throw error;
    return { ok: false, detail: error.message };
  } finally {
    clearInterval(tick);
    await Promise.all([client.close(), downloader.close()]);
  }
}
