/**
 * Makes a portrait speak through the Hallo API: submits, prints the request id, waits, prints where the video is.
 *
 *   SEGMIND_API_KEY=… node examples/segmind.ts IMAGE_URL AUDIO_URL     submit, then wait up to 900 s
 *   SEGMIND_API_KEY=… node examples/segmind.ts --again REQUEST_ID      wait again for an earlier request: costs nothing
 *
 * SEGMIND_BASE_URL: another server that speaks the same API. WAIT_SECONDS: another limit than 900.
 * Exit code: 0 a video, 1 failed or refused, 2 wrong arguments, 3 still running, 4 unknown whether it was taken.
 */
import {
  type AsyncJob,
  InferenceFailed,
  InferenceTimeout,
  SegmindClient,
  SegmindError,
  SubmitUnknown,
} from '../src/segmind/index.ts';

const [first, second] = process.argv.slice(2);
if (first === undefined || second === undefined) {
  console.error('usage: node examples/segmind.ts IMAGE_URL AUDIO_URL | --again REQUEST_ID');
  process.exit(2);
}

try {
  const baseUrl = process.env.SEGMIND_BASE_URL;
  const client = new SegmindClient(baseUrl ? { baseUrl } : {});
  const job: AsyncJob =
    first === '--again'
      ? client.job(second)
      : await client.submitAsync('hallo', { input_image: first, input_audio: second, pose_weight: 1.4, lip_weight: 1.2 });
  console.log(`request ${job.requestId}`);

  const waitSeconds = Number(process.env.WAIT_SECONDS ?? 900);
  const result = await job.wait({ timeoutMs: waitSeconds * 1_000, intervalMs: 2_000 });
  console.log(`output ${result.videoUrl}`);
  if (result.metrics.costUsd !== null) console.log(`cost ${result.metrics.costUsd} US$`);
  await client.close();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what happened and what can be done about it; the exit code. */
function explain(error: unknown): number {
  if (error instanceof InferenceTimeout) {
    console.error(`still running; ask again within an hour of the submit: node examples/segmind.ts --again ${error.requestId}`);
    return 3;
  }
  if (error instanceof InferenceFailed) {
    console.error(`failed, not charged: ${error.detail}`);
    return 1;
  }
  if (error instanceof SubmitUnknown) {
    console.error(`nobody knows whether it was taken; sending it again may cost a second time: ${error.message}`);
    return 4;
  }
  if (error instanceof SegmindError) {
    console.error(`refused: ${error.message}`);
    return 1;
  }
  throw error;
}
