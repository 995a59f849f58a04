import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHallo, HALLO_PARAMETERS, halloParams, SegmindError } from '../../src/segmind/index.ts';
import { PARAMS } from './fake-server.ts';

const weights = Object.values(HALLO_PARAMETERS).filter(parameter => parameter.type === 'number');

describe('the parameters of hallo', () => {
  test('are filled in with the documented defaults', () => {
    expect(halloParams(PARAMS)).toEqual({
      ...PARAMS,
      pose_weight: 1.4,
      face_weight: 1,
      lip_weight: 1.2,
      face_expand_ratio: 1.2,
      base64: false,
    });
  });

  test('accept every weight within its range and no other', () => {
    const number = fc.oneof(
      fc.double(),
      fc.double({ min: -1, max: 11 }),
      fc.constantFrom(0, 10, Number.NaN, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.constantFrom(...weights), number, (weight, value) => {
        const check = checkHallo({ ...PARAMS, [weight.wire]: value });
        expect(check.ok).toBe(value >= weight.min && value <= weight.max);
      }),
    );
  });

  test('name each bad parameter, its value and what would be right', () => {
    expect(checkHallo({ input_image: 'ftp://x/y.png', pose_weight: 11, lip_weight: '1', base64: 'yes', seed: 1 })).toEqual({
      ok: false,
      problems: expect.arrayContaining([
        { parameter: 'input_image', value: '"ftp://x/y.png"', expected: 'an http or https URL of at most 2048 characters' },
        { parameter: 'input_audio', value: 'missing', expected: 'an http or https URL of at most 2048 characters' },
        { parameter: 'pose_weight', value: '11', expected: 'a number from 0 to 10' },
        { parameter: 'lip_weight', value: '"1"', expected: 'a number from 0 to 10' },
        { parameter: 'base64', value: '"yes"', expected: 'true or false' },
        { parameter: 'seed', value: '1', expected: expect.stringContaining('left out') },
      ]),
    });
  });

  test('are refused as one error of kind invalid, without the signature of a URL', () => {
    const refuse = () => halloParams({ ...PARAMS, input_image: 'file://disk/a.png', face_weight: -1 });
    expect(refuse).toThrow(SegmindError);
    expect(refuse).toThrow('face_weight is -1, it must be a number from 0 to 10');
    const signed = checkHallo({ ...PARAMS, base64: 'https://cdn.example/a.png?sig=secret' });
    expect(JSON.stringify(signed)).not.toContain('secret');
  });

  test.each([null, undefined, 1, 'x', []])('%j instead of an object is refused', input => {
    expect(checkHallo(input).ok).toBe(false);
  });

  test.each(['http:', 'http://', 'https:/x', 'javascript:alert(1)', 'data:image/png;base64,AAAA', '/face.png', ''])(
    '%j is no URL to fetch',
    url => {
      expect(checkHallo({ ...PARAMS, input_image: url }).ok).toBe(false);
    },
  );

  test('warn about what is allowed and known to fail', () => {
    const warningsOf = (change: object) => {
      const check = checkHallo({ ...PARAMS, ...change });
      return check.ok ? check.warnings : null;
    };
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf({ face_expand_ratio: 0 })).toEqual([expect.stringContaining('face_expand_ratio 0')]);
    expect(warningsOf({ input_audio: 'http://x.example/my%20voice(1).wav' })).toEqual([expect.stringContaining('input_audio')]);
  });
});
