/** One render in a process of its own, for engine.ts: PORTRAIT VOICE OUTPUT WEIGHTS (JSON). Exit code 1 and a sentence if it fails. */
import { z } from 'zod';
import { createPortraitEngine } from '../src/engine/portrait.ts';

const weights = z.object({
  poseWeight: z.number(),
  faceWeight: z.number(),
  lipWeight: z.number(),
  faceExpandRatio: z.number(),
});

const [portraitPath = '', voicePath = '', outputPath = '', weightsText = ''] = process.argv.slice(2);
const result = await createPortraitEngine().render({
  ...{ portraitPath, voicePath, outputPath, weights: weights.parse(JSON.parse(weightsText)) },
  ...{ signal: new AbortController().signal, onProgress: () => {} },
});
if (!result.ok) {
  process.stderr.write(`${result.detail}\n`);
  process.exitCode = 1;
}
