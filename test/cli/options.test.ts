import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { httpUrl, numberFrom, port, wholeFrom } from '../../src/cli/options.ts';

/** What an option reads out of a text; 'refused': commander is told what would be right. Anything else thrown is a bug. */
function read<T>(option: (text: string) => T, text: string): T | 'refused' {
  try {
    return option(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError && error.message.endsWith('.')) return 'refused';
    throw error;
  }
}

const texts = fc.oneof(
  fc.string(),
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom('', ' ', '0x10', '1e3', 'Infinity', '-0', '1_000', '٣', 'NaN', '1,5', '1e999'),
);

test('a number is finite and within its range, or refused', () => {
  fc.assert(
    fc.property(texts, text => {
      const value = read(numberFrom(0, 10), text);
      if (value !== 'refused') expect(Number.isFinite(value) && value >= 0 && value <= 10).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.double({ min: 0, max: 10, noNaN: true }), value => read(numberFrom(0, 10), String(value)) === value));
});

test('a whole number is whole, and a port one of 65,536', () => {
  fc.assert(
    fc.property(texts, text => {
      const whole = read(wholeFrom(1), text);
      if (whole !== 'refused') expect(Number.isSafeInteger(whole) && whole >= 1).toBe(true);
      const at = read(port, text);
      if (at !== 'refused') expect(Number.isInteger(at) && at >= 0 && at <= 65_535).toBe(true);
    }),
  );
});

test('an address is one of http, without credentials and query', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), text => {
      const url = read(httpUrl, text);
      if (url === 'refused') return;
      const { protocol, username, password, search } = new URL(url);
      expect([/^https?:$/.test(protocol), username, password, search]).toEqual([true, '', '', '']);
    }),
  );
  expect(read(httpUrl, 'http://:secret@x.example/')).toBe('refused');
});
