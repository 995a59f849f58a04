/** What must hold beside speed and looks: memory with a long voice, and how soon an abort has ended everything. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPortraitEngine } from '../src/engine/portrait.ts';

/** Where the chunk of sound begins in a WAV: chunks follow one another, each with a name, a length, and an even number of bytes. */
function soundAt(file: Buffer): { start: number; bytes: number } {
  for (let at = 12; at + 8 <= file.length; ) {
    const bytes = Math.min(file.readUInt32LE(at + 4), file.length - at - 8);
    if (file.toString('latin1', at, at + 4) === 'data') return { start: at + 8, bytes };
    at += 8 + bytes + (bytes % 2);
  }
  throw new Error('The voice is no WAV with sound in it.');
}

/** A voice (WAV, its format before all other chunks), cut or repeated to last so long; answers the path of the copy. */
export async function lastingVoice(voicePath: string, directory: string, seconds: number): Promise<string> {
  const file = await readFile(voicePath);
  const { start, bytes } = soundAt(file);
  const [bytesPerSecond, bytesPerSample] = [file.readUInt32LE(28), file.readUInt16LE(32)];
  const wanted = Math.floor((seconds * bytesPerSecond) / bytesPerSample) * bytesPerSample;
  const header = Buffer.from(file.subarray(0, start));
  header.writeUInt32LE(start + wanted - 8, 4);
  header.writeUInt32LE(wanted, start - 4);
  const sound = Buffer.alloc(wanted, file.subarray(start, start + bytes - (bytes % bytesPerSample)));
  const path = join(directory, `${seconds}s.wav`);
  await writeFile(path, Buffer.concat([header, sound]));
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
