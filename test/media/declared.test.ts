import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDeclaredPortrait, checkDeclaredVoice, safeName } from '../../src/media/declared.ts';
import { defaultMediaLimits as limits } from '../../src/media/limits.ts';

describe('stated facts of a portrait', () => {
  const fine = { name: 'a.jpg', contentType: 'image/jpeg', sizeBytes: 1000, width: 512, height: 512 };
  it('that are fine, or not stated, find nothing', () => {
    expect(checkDeclaredPortrait(fine, limits)).toBeUndefined();
    expect(checkDeclaredPortrait({ name: 'x', sizeBytes: 1 }, limits)).toBeUndefined();
    expect(checkDeclaredPortrait({ ...fine, contentType: 'application/octet-stream' }, limits)).toBeUndefined();
    expect(checkDeclaredPortrait({ ...fine, contentType: 'image/png; charset=binary' }, limits)).toBeUndefined();
  });
  it.each([
    [{ sizeBytes: 0 }, { code: 'file-empty', subject: 'portrait' }],
    [{ contentType: 'Audio/MPEG' }, { code: 'not-an-image', found: 'audio/mpeg' }],
    [{ sizeBytes: 30e6 }, { code: 'file-too-large', subject: 'portrait', bytes: 30e6, maxBytes: 26_214_400 }],
    [
      { width: 10_000, height: 10_000 },
      { code: 'too-many-pixels', width: 10_000, height: 10_000, maxPixels: 50_000_000 },
    ],
    [
      { width: 100, height: 800 },
      { code: 'portrait-too-small', width: 100, height: 800, minSide: 128 },
    ],
  ])('%j are told before the file is fetched', (facts, problem) => {
    expect(checkDeclaredPortrait({ ...fine, ...facts }, limits)).toEqual(problem);
  });
});

describe('stated facts of a voice', () => {
  const fine = { name: 'a.ogg', contentType: 'audio/ogg', sizeBytes: 1000, durationSeconds: 7 };
  it('that are fine, or not stated, find nothing', () => {
    for (const contentType of ['audio/mpeg', 'video/webm', 'video/mp4', 'application/ogg', undefined]) {
      expect(checkDeclaredVoice({ ...fine, contentType }, limits)).toBeUndefined();
    }
    expect(checkDeclaredVoice({ ...fine, durationSeconds: 60.4 }, limits)).toBeUndefined();
    for (const durationSeconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e308]) {
      expect(checkDeclaredVoice({ ...fine, durationSeconds }, limits)).toBeUndefined();
    }
  });
  it.each([
    [{ sizeBytes: 0 }, { code: 'file-empty', subject: 'voice' }],
    [{ contentType: 'image/png' }, { code: 'not-audio', found: 'image/png' }],
    [{ sizeBytes: 30e6 }, { code: 'file-too-large', subject: 'voice', bytes: 30e6, maxBytes: 26_214_400 }],
    [{ durationSeconds: 200 }, { code: 'voice-too-long', seconds: 200, maxSeconds: 60 }],
    [{ durationSeconds: 0.1 }, { code: 'voice-too-short', seconds: 0.1, minSeconds: 0.3 }],
  ])('%j are told before the file is fetched', (facts, problem) => {
    expect(checkDeclaredVoice({ ...fine, ...facts }, limits)).toEqual(problem);
  });
});

describe('a safe name', () => {
  it.each([
    ['photo.final.v2.JPG', 'jpg', 'photo_final_v2.jpg'],
    ['../../etc/passwd', 'wav', 'passwd.wav'],
    ['Märchen & Käse (1).ogg', 'wav', 'Marchen_Kase_1.wav'],
    ['голос.mp3', 'wav', 'file.wav'],
    ['--output=x.wav', 'wav', 'output_x.wav'],
    ['', 'png', 'file.png'],
  ])('of %s is %s', (name, extension, expected) => expect(safeName(name, extension)).toBe(expected));
  it('holds letters, digits, _ and - with one extension, whatever the name was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), name => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.wav$/.test(safeName(name, '.wav'))),
    );
  });
});
