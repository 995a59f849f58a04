import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMedia } from '../../src/media/media.ts';
import { type MediaProblem, mediaProblem, reasonOf } from '../../src/media/problem.ts';
import { speechLike, wavOf } from '../support/make-media.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-media-'));
  path = join(folder, 'voice.wav');
  await writeFile(path, wavOf(speechLike(1, 44_100, 0.05), 44_100));
});
afterAll(() => rm(folder, { recursive: true }));

const order = (more: { signal?: AbortSignal } = {}) => ({ path, outputPath: join(folder, 'out.wav'), ...more });

describe('media work that goes wrong', () => {
  it('ends at its time limit', async () => {
    const result = await createMedia({ wallClockMs: 20 }).prepareVoice(order());
    expect(result).toEqual({ ok: false, problem: { code: 'media-timeout', subject: 'voice', seconds: 0.02 } });
  });

  it('ends at its limit of memory', async () => {
    const result = await createMedia({ memoryBytes: 20e6 }).prepareVoice(order());
    expect(result).toEqual({ ok: false, problem: { code: 'media-memory', subject: 'voice', maxBytes: 20e6 } });
  });

  it('is a crash when the task fails by itself', async () => {
    const result = await createMedia().prepareVoice({ path, outputPath: join(folder, 'missing', 'out.wav') });
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'media-crashed', subject: 'voice', detail: expect.stringContaining('ENOENT') },
    });
  });

  it('rejects with the reason of an abort, running or in line, and leaves no file', async () => {
    const media = createMedia({ maxAtOnce: 1 });
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const running = media.prepareVoice(order({ signal: controller.signal }));
    const inLine = media.prepareVoice(order({ signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 60);
    const settled = await Promise.allSettled([running, inLine]);
    expect(settled).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(await readdir(folder)).toEqual(['voice.wav']);
    expect(await media.prepareVoice(order())).toMatchObject({ ok: true }); // its place was given back
  });
});

describe('the reason of a problem', () => {
  const common = {
    bytes: 1,
    maxBytes: 1,
    detail: '',
    seconds: 1,
    found: 'x',
    width: 1,
    height: 1,
    minSide: 1,
    maxPixels: 1,
    minSeconds: 1,
    maxSeconds: 1,
  };
  const problem = (code: MediaProblem['code'], subject: string) => mediaProblem.parse({ ...common, code, subject });

  it('follows from what the file was meant to be', () => {
    expect(reasonOf(problem('file-empty', 'portrait'))).toBe('image');
    expect(reasonOf(problem('media-crashed', 'voice'))).toBe('audio');
    expect(reasonOf(problem('media-timeout', 'video'))).toBe('input');
  });
  it('is one of three for every problem there is', () => {
    const codes = mediaProblem.options.map(option => option.shape.code.value);
    const reasons = Object.fromEntries(codes.map(code => [code, reasonOf(problem(code, 'voice'))]));
    expect(reasons).toMatchObject({
      'image-broken': 'image',
      'voice-silent': 'audio',
      'video-wont-fit': 'input',
      'media-memory': 'audio',
    });
    expect(Object.values(reasons).every(reason => ['image', 'audio', 'input'].includes(reason))).toBe(true);
  });
});
