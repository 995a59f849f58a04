import { describe, expect, it } from 'vitest';
import { blinkGap, blinkTimes, gazeAt, glances, lidAt } from '../../../src/engine/voice/eyes.ts';
import { seededRandom } from '../../../src/engine/voice/random.ts';
import { trackOf, trackRate } from '../../../src/engine/voice/tracks.ts';

const seconds = 120;
/** Speech of 1.2 s and pauses of 0.4 s. */
const loud = trackOf(seconds * trackRate, at => ((at / trackRate) % 1.6 < 1.2 ? 0.8 : 0));

describe('lids', () => {
  it.each([1, 2, 3, 4, 5])('fall every 1.8 to 5 s, the first soon (seed %d)', seed => {
    const times = blinkTimes(seededRandom(seed), loud, seconds);
    expect(times[0]).toBeLessThan(3.3);
    for (const [at, time] of times.entries()) {
      if (at === 0) continue;
      const gap = time - (times[at - 1] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(blinkGap.min - 1e-9);
      expect(gap).toBeLessThanOrEqual(blinkGap.max + 1e-9);
    }
    expect(seconds - (times.at(-1) ?? 0)).toBeLessThan(5.1);
  });

  it('fall in pauses more often than chance has it', () => {
    const times = [1, 2, 3, 4, 5].flatMap(seed => blinkTimes(seededRandom(seed), loud, seconds));
    const paused = times.filter(time => loud[Math.floor(time * trackRate)] === 0);
    expect(paused.length / times.length).toBeGreaterThan(0.5); // by chance 0.25
  });

  it('fall quicker than they rise, are shut once, and open before and after', () => {
    expect(lidAt(0)).toBe(1);
    expect(lidAt(-0.1)).toBe(0);
    expect(lidAt(0.25)).toBe(0);
    expect(lidAt(-0.06)).toBeLessThan(lidAt(0.06));
  });
});

describe('the gaze', () => {
  it('rests on the viewer most of the time, and leaves it now and then', () => {
    const list = glances(seededRandom(9), loud, seconds);
    const places = Array.from({ length: seconds * 25 }, (_, frame) => gazeAt(list, frame / 25));
    const aside = places.filter(({ x, y }) => Math.hypot(x, y) > 0.15).length / places.length;
    expect(aside).toBeGreaterThan(0.03);
    expect(aside).toBeLessThan(0.4);
  });

  it('jumps rather than glides: it rests in nearly all frames', () => {
    const list = glances(seededRandom(9), loud, seconds);
    let moving = 0;
    for (let frame = 1; frame < seconds * 25; frame += 1) {
      const [before, now] = [gazeAt(list, (frame - 1) / 25), gazeAt(list, frame / 25)];
      if (before.x !== now.x || before.y !== now.y) moving += 1;
    }
    expect(moving / (seconds * 25)).toBeLessThan(0.12);
  });
});
