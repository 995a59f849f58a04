import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import type { Engine } from '../../src/server/engines/engine.ts';
import { fixtureVideo } from '../server/harness.ts';

/**
 * An engine whose renders last until they are let go, as long as the gate is shut, and end in a copy of the video. The pose weight
 * tells them apart.
 */
export function gatedEngine(videoPath = fixtureVideo) {
  const running: { whose: number; letGo: () => void }[] = [];
  const most = new Map<number, number>();
  const inputs: string[] = [];
  let shut = true;
  const count = (whose: number) => running.filter(each => each.whose === whose).length;

  /** Ends the oldest render of those. */
  function end(whose: number): void {
    const at = running.findIndex(each => each.whose === whose);
    for (const { letGo } of at < 0 ? [] : running.splice(at, 1)) letGo();
  }

  const engine: Engine = {
    name: 'gated',
    async render({ portraitPath, voicePath, outputPath, signal, weights: { poseWeight: whose } }) {
      inputs.push(digest([await readFile(portraitPath), await readFile(voicePath)]));
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        running.push({ whose, letGo: resolve });
        most.set(whose, Math.max(most.get(whose) ?? 0, count(whose)));
        // A moment, so that renders that overlap are seen to.
        if (!shut) setTimeout(() => end(whose), 20);
      });
      await copyFile(videoPath, outputPath);
      return { ok: true };
    },
  };

  return {
    engine,
    end,
    running: count,
    /** The most that ever ran at once. */
    most: (whose: number) => most.get(whose) ?? 0,
    /** What each render was made of, as a hash over portrait and voice. */
    inputs,
    shut() {
      shut = true;
    },
    open() {
      shut = false;
      for (const { whose } of [...running]) end(whose);
    },
  };
}

function digest(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
