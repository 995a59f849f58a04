import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { paintPortrait } from '../../sandbox/samples/paint-portrait.ts';
import { plainWavRate } from '../../src/media/wav.ts';

const sample = (name: string) => readFile(new URL(`../../sandbox/samples/${name}`, import.meta.url));

const pixels = (image: Buffer, sizePx: number) => sharp(image).resize(sizePx, sizePx).removeAlpha().raw().toBuffer();

const differences = (one: Buffer, other: Buffer) => Array.from(one, (value, index) => Math.abs(value - (other[index] ?? 0)));

describe('the bundled portrait', () => {
  it('is a square JPEG of 1024 pixels and at most 300 kB', async () => {
    const file = await sample('portrait.jpg');
    const { format, width, height } = await sharp(file).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 1024, height: 1024 });
    expect(file.length).toBeLessThanOrEqual(300_000);
  });

  it('is what its script paints', async () => {
    // Painted small to be quick, then compared smaller still: single strokes and dabs differ between sizes.
    const painted = await pixels(await paintPortrait(256), 64);
    const committed = await pixels(await sample('portrait.jpg'), 64);
    const apart = differences(painted, committed);
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(3);
    expect(Math.max(...apart)).toBeLessThan(45);
  });
});

/** The samples of a canonical 16-bit mono WAV, as numbers in -32768..32767. */
const waveSamples = (file: Buffer) => {
  const dataAt = file.indexOf('data', 12, 'latin1') + 8;
  const data = file.subarray(dataAt, dataAt + file.readUInt32LE(dataAt - 4));
  return Array.from({ length: data.length / 2 }, (_, index) => data.readInt16LE(index * 2));
};

describe('the bundled voice', () => {
  it('is 6 to 8 s of mono 16-bit WAV at 44.1 kHz and at most 800 kB', async () => {
    const file = await sample('voice.wav');
    expect(plainWavRate(file)).toBe(44_100);
    const seconds = waveSamples(file).length / 44_100;
    expect(seconds).toBeGreaterThan(6);
    expect(seconds).toBeLessThan(8);
    expect(file.length).toBeLessThanOrEqual(800_000);
  });

  it('peaks at -3 dBFS, so it clips nowhere, and starts and ends in silence', async () => {
    const samples = waveSamples(await sample('voice.wav'));
    const peak = samples.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0) / 32_768;
    expect(20 * Math.log10(peak)).toBeCloseTo(-3, 1);
    const edges = [...samples.slice(0, 441), ...samples.slice(-441)];
    expect(Math.max(...edges.map(Math.abs))).toBeLessThan(33);
  });
});
