import type { Locator } from 'playwright-core';

/** What a player shows while it plays. */
export interface Seen {
  width: number;
  height: number;
  advanced: boolean;
  /** Standard deviation of the first frame's brightness, 0-255. An empty frame has none. */
  contrast: number;
  /** A later frame differs. */
  changes: boolean;
}

/** Plays a video and looks at its frames, by drawing them to a canvas. */
export function look(video: Locator): Promise<Seen> {
  return video.evaluate(async (it: HTMLVideoElement) => {
    const brightness = () => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 128;
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('there is no canvas');
      context.drawImage(it, 0, 0, 128, 128);
      const { data } = context.getImageData(0, 0, 128, 128);
      return Array.from(
        { length: 128 * 128 },
        (_, at) => (data[at * 4] ?? 0) + (data[at * 4 + 1] ?? 0) + (data[at * 4 + 2] ?? 0),
      ).map(sum => sum / 3);
    };
    const nextFrame = () =>
      new Promise<void>(resolve => {
        it.requestVideoFrameCallback(() => resolve());
        it.addEventListener('ended', () => resolve(), { once: true });
      });
    await it.play();
    await nextFrame();
    const first = brightness();
    const startedAt = it.currentTime;
    let changes = false;
    // On a busy machine most frames are left out.
    while (!it.ended && !(changes && it.currentTime > startedAt)) {
      await nextFrame();
      const later = brightness();
      changes ||= first.some((each, at) => Math.abs(each - (later[at] ?? 0)) > 8);
    }
    const mean = first.reduce((sum, each) => sum + each, 0) / first.length;
    const variance = first.reduce((sum, each) => sum + (each - mean) ** 2, 0) / first.length;
    return {
      ...{ width: it.videoWidth, height: it.videoHeight, advanced: it.currentTime > startedAt, contrast: Math.sqrt(variance) },
      changes,
    };
  });
}

/** Decodes a video's sound: its length, and the root of its mean square (a full sine has 0.7). */
export function sound(video: Locator): Promise<{ seconds: number; loudness: number }> {
  return video.evaluate(async (it: HTMLVideoElement) => {
    const bytes = await (await fetch(it.src)).arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, 44_100).decodeAudioData(bytes);
    const samples = decoded.getChannelData(0);
    return {
      seconds: decoded.duration,
      loudness: Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length),
    };
  });
}
