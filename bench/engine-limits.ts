/** What must hold beside speed and looks: memory with a long voice, and how soon an abort has ended everything. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPortraitEngine } from '../src/engine/portrait.ts';

/** 16-bit WAV as the samples are: a header of 44 bytes, of which two fields tell lengths. */
const headerBytes = 44;

/** Repeats a voice until it lasts so long; answers the path of the copy. */
export async function longVoice(voicePath: string, directory: string, seconds: number): Promise<string> {
  const file = await readFile(voicePath);
  const data = file.subarray(headerBytes);
  const wanted = Math.floor((seconds * file.readUInt32LE(28)) / file.readUInt16LE(32)) * file.readUInt16LE(32);
  const header = Buffer.from(file.subarray(0, headerBytes));
  header.writeUInt32LE(wanted + headerBytes - 8, 4);
  header.writeUInt32LE(wanted, 40);
  const times = Array.from({ length: Math.ceil(wanted / data.length) }, () => data);
  const path = join(directory, 'long.wav');
  await writeFile(path, Buffer.concat([header, Buffer.concat(times).subarray(0, wanted)]));
  return path;
}

/** Milliseconds from an abort amid the frames until the render has ended and its processes are gone. */
export async function abortMs(portraitPath: string, voicePath: string, outputPath: string): Promise<number> {
  const controller = new AbortController();
  let abortedAtMs = Number.NaN;
  const weights = { poseWeight: 1, faceWeight: 1, lipWeight: 1, faceExpandRatio: 1.2 };
  await createPortraitEngine()
    .render({
      ...{ portraitPath, voicePath, outputPath, weights, signal: controller.signal },
      onProgress: fraction => {
        if (fraction === 0 || controller.signal.aborted) return;
        abortedAtMs = performance.now();
        controller.abort(new Error('enough'));
      },
    })
    .catch((error: unknown) => {
      if (!controller.signal.aborted) throw error;
    });
  return performance.now() - abortedAtMs;
}
