import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isBarePicture } from '../../src/media/bare-picture.ts';

const picture = sharp({
  create: { width: 64, height: 64, channels: 3, background: '#876', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
});
const jpg = await picture.clone().jpeg().toBuffer();
const progressive = await picture.clone().jpeg({ progressive: true }).toBuffer();
const png = await picture.clone().png().toBuffer();
const files = [jpg, progressive, png];

const comment = Buffer.from('\xff\xfe\0\x06home', 'latin1');
const text = Buffer.from('\0\0\0\x06tEXta\0home....', 'latin1');
const lastScan = progressive.lastIndexOf(Buffer.from([0xff, 0xc4]));

describe('a picture file', () => {
  it('is bare as an encoder writes it', () => {
    expect(files.map(isBarePicture)).toEqual([true, true, true]);
  });

  it.each([
    ['a comment', Buffer.concat([jpg.subarray(0, 2), comment, jpg.subarray(2)])],
    ['a comment between scans', Buffer.concat([progressive.subarray(0, lastScan), comment, progressive.subarray(lastScan)])],
    ['a text', Buffer.concat([png.subarray(0, 33), text, png.subarray(33)])],
    ['an archive behind a jpeg', Buffer.concat([jpg, Buffer.from('PK\x03\x04')])],
    ['an archive behind a png', Buffer.concat([png, Buffer.from('PK\x03\x04')])],
    ['two pictures', Buffer.concat([jpg, jpg])],
  ])('with %s is not', (_what, file) => {
    expect(isBarePicture(file)).toBe(false);
  });

  it('with anything behind its end, or without its end, is not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.uint8Array({ minLength: 1 }),
        (file, more) => !isBarePicture(Buffer.concat([file, more])),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), (file, cut) => !isBarePicture(file.subarray(0, cut % file.length))),
    );
  });

  it('may be any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), bytes => !isBarePicture(Buffer.from(bytes))));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(255), (file, at, byte) => {
        const changed = Buffer.from(file);
        changed[at % file.length] = byte;
        return typeof isBarePicture(changed) === 'boolean';
      }),
    );
  });
});
