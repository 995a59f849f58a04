import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareCheckedPortrait } from '../../src/media/checked-portrait.ts';
import { createFaceChecker, type FaceCheck } from '../../src/media/face-check.ts';
import { leastFacePixels } from '../../src/media/face-rules.ts';
import { createMedia } from '../../src/media/media.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';

const portrait = fileURLToPath(new URL('../../sandbox/samples/portrait.jpg', import.meta.url));
const checker = createFaceChecker();
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-face-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The bundled portrait at these places of a plain picture. */
async function placed(name: string, width: number, height: number, faces: { left: number; top: number; side: number }[]) {
  const layers = faces.map(async ({ left, top, side }) => ({ input: await sharp(portrait).resize(side).toBuffer(), left, top }));
  const ground = sharp({ create: { width, height, channels: 3, background: '#7a8fa0' } });
  await ground
    .composite(await Promise.all(layers))
    .jpeg({ quality: 95 })
    .toFile(at(name));
  return checker.check({ path: at(name) });
}

async function changed(name: string, change: (image: Sharp) => Sharp) {
  await change(sharp(portrait).resize(512)).png().toFile(at(name));
  return checker.check({ path: at(name) });
}

describe('the face check', { timeout: 60_000 }, () => {
  it('lets a portrait pass as it is', async () => {
    const check = await checker.check({ path: portrait });
    expect(check).toMatchObject({ kind: 'good', focus: undefined, quarterTurns: 0 });
  });

  it('finds a small face in a large picture, and a crop around it that passes', async () => {
    const check = await placed('large.jpg', 2_600, 1_800, [{ left: 2_000, top: 200, side: 320 }]);
    expect(check).toMatchObject({
      kind: 'good',
      focus: { x: expect.any(Number), y: expect.any(Number), side: expect.any(Number) },
    });
    if (check.kind !== 'good' || check.focus === undefined) return;
    expect(Math.hypot(check.focus.x - 2_160, check.focus.y - 340)).toBeLessThan(60);
    const made = await createMedia().preparePortrait({ path: at('large.jpg'), outputPath: at('crop.jpg'), focus: check.focus });
    expect(made.ok).toBe(true);
    expect(await checker.check({ path: at('crop.jpg') })).toMatchObject({ kind: 'good', focus: undefined });
  });

  it('moves the crop to a face beside the middle of a wide picture', async () => {
    const check = await placed('wide.jpg', 1_400, 600, [{ left: 800, top: 0, side: 600 }]);
    expect(check).toMatchObject({ kind: 'good', focus: { x: expect.closeTo(1_100, -2) } });
  });

  it('says that there are several faces', async () => {
    const faces = [0, 800].map(left => ({ left, top: 0, side: 800 }));
    expect(await placed('two.jpg', 1_600, 800, faces)).toEqual({ kind: 'bad', problem: { code: 'several-faces', count: 2 } });
  });

  it('leaves out a much smaller face behind the one that is meant', async () => {
    const check = await placed('behind.jpg', 1_600, 800, [
      { left: 0, top: 0, side: 800 },
      { left: 1_150, top: 100, side: 380 },
    ]);
    expect(check).toMatchObject({ kind: 'good', focus: { x: expect.closeTo(400, -2), side: expect.closeTo(760, -2) } });
  });

  it('says that there is none', async () => {
    expect(await placed('none.jpg', 500, 400, [])).toEqual({ kind: 'bad', problem: { code: 'no-face' } });
  });

  it('says how small a face is', async () => {
    const check = await placed('tiny.jpg', 1_000, 1_000, [{ left: 600, top: 100, side: 110 }]);
    expect(check).toMatchObject({ kind: 'bad', problem: { code: 'face-too-small', leastFacePixels } });
  });

  it('tells a blurred face and a dark one', async () => {
    expect(await changed('blurred.png', image => image.blur(7))).toMatchObject({
      kind: 'bad',
      problem: { code: 'face-blurred' },
    });
    expect(await changed('dark.png', image => image.linear(0.1, 0))).toMatchObject({
      kind: 'bad',
      problem: { code: 'face-dark' },
    });
  });

  it('finds the face of a picture that lies on its side, and a crop that sets it upright', async () => {
    await sharp({ create: { width: 1_400, height: 900, channels: 3, background: '#7a8fa0' } })
      .composite([{ input: await sharp(portrait).resize(450).rotate(90).toBuffer(), left: 100, top: 300 }])
      .toFile(at('aside.png'));
    const check = await checker.check({ path: at('aside.png') });
    expect(check).toMatchObject({ kind: 'good', quarterTurns: 3, focus: { side: expect.any(Number) } });
    if (check.kind !== 'good') return;
    const { focus, quarterTurns } = check;
    const made = await createMedia().preparePortrait({ path: at('aside.png'), outputPath: at('up.jpg'), focus, quarterTurns });
    expect(made.ok).toBe(true);
    expect(await checker.check({ path: at('up.jpg') })).toMatchObject({ kind: 'good', focus: undefined, quarterTurns: 0 });
  });

  it('says nothing about what it can not look at', async () => {
    await writeFile(at('text.jpg'), 'no picture');
    expect(await checker.check({ path: at('text.jpg') })).toMatchObject({ kind: 'unknown', problem: { kind: 'crashed' } });
    const short = createFaceChecker({ wallClockMs: 1 });
    expect(await short.check({ path: portrait })).toMatchObject({ kind: 'unknown', problem: { kind: 'timeout' } });
  });

  it("that fails itself stands in nobody's way, and is counted", async () => {
    const telemetry = createTelemetry(pino({ level: 'silent' }));
    const tools = {
      media: createMedia(),
      faces: createFaceChecker({ wallClockMs: 1 }),
      onCheck: (check: FaceCheck) => telemetry.faceCheck('r1', check),
    };
    const { signal } = new AbortController();
    const order = { path: portrait, outputPath: at('out.jpg'), faceCheck: 'strict', signal } as const;
    expect(await prepareCheckedPortrait(order, tools)).toMatchObject({ ok: true, notes: [] });
    expect(await telemetry.registry.metrics()).toContain('hallo_face_checks_total{found="skipped"} 1');
  });

  it('ends at once when aborted', async () => {
    const stopped = new AbortController();
    const running = checker.check({ path: portrait, signal: stopped.signal });
    stopped.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});
