import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { createDownloader } from '../media/download.ts';
import {
  DEFAULT_BASE_URL,
  HALLO_SLUG,
  InferenceFailed,
  InferenceTimeout,
  isClientError,
  SegmindClient,
  SegmindError,
} from '../segmind/index.ts';
import type { RenderJob, RenderResult } from './render.ts';
import { apiSentence, failureSentence } from './sentences.ts';

const LONGEST_MS = 60 * 60_000;
const LARGEST_VIDEO_BYTES = 500 * 1024 * 1024;

/** Renders at a server of the Hallo API. The request id is printed at once, so that a render that was paid can be asked for later. */
export async function renderHosted(job: RenderJob, config: Config): Promise<RenderResult> {
  const { apiKey, baseUrl = DEFAULT_BASE_URL, uploadUrl, outputHosts, expectedRenderSeconds } = config.provider;
  const client = new SegmindClient({ apiKey: apiKey ?? null, baseUrl, ...(uploadUrl && { uploadUrl }) });
  const { origin, hostname } = new URL(baseUrl);
  const downloader = createDownloader({
    allowPrivateAddresses: config.allowPrivateAddresses,
    exceptOrigins: [origin],
    allowedHosts: [hostname, ...outputHosts],
  });
  const { signal } = job;
  const startedAtMs = Date.now();
  // The provider tells no progress: the bar follows what a render is expected to take.
  const shareDone = () => Math.min(0.99, (Date.now() - startedAtMs) / 1000 / expectedRenderSeconds);
  const tick = setInterval(() => job.onProgress(shareDone()), 1_000);
  let ordered = false;
  try {
    const params = await upload(client, job);
    ordered = true;
    const submitted = await client.submitAsync(HALLO_SLUG, params, { signal });
    // On a terminal the bar stands in the line.
    process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}request ${submitted.requestId}\n`);
    const { videoUrl } = await submitted.wait({ timeoutMs: LONGEST_MS, intervalMs: 2_000, signal });
    const fetched = await downloader.download(videoUrl, job.outputPath, { maxBytes: LARGEST_VIDEO_BYTES, signal });
    if (fetched.ok) return { ok: true };
    return { ok: false, problem: `The video is made, but it could not be fetched: ${fetched.problem.detail}` };
  } catch (error) {
    if (signal.aborted && ordered)
      return { ok: false, problem: 'Interrupted. The order goes on at the API, and is charged when it completes.' };
    if (!isClientError(error)) throw error;
    if (error instanceof InferenceFailed) return { ok: false, problem: failureSentence(error.detail) };
    if (error instanceof SegmindError) return { ok: false, problem: `No video: ${apiSentence(error, origin)}` };
    const goesOn =
      error instanceof InferenceTimeout ? 'It goes on, and is charged when it completes' : 'It may have been taken and charged';
    return { ok: false, problem: `No video: ${error.message}. ${goesOn}; docs/segmind.md says how to ask for it later.` };
  } finally {
    clearInterval(tick);
    await Promise.all([client.close(), downloader.close()]);
  }
}

/** Uploads both files; the parameters of the order. */
async function upload(client: SegmindClient, { portrait, voice, weights, signal }: RenderJob) {
  const urlOf = async ({ path, contentType }: RenderJob['portrait']) =>
    client.files.upload(await readFile(path), contentType, { signal });
  return {
    input_image: await urlOf(portrait),
    input_audio: await urlOf(voice),
    pose_weight: weights.poseWeight,
    face_weight: weights.faceWeight,
    lip_weight: weights.lipWeight,
    face_expand_ratio: weights.faceExpandRatio,
  };
}
