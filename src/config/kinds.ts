import { z } from 'zod';

/** The kinds of values that a setting can have, each with its problem in words. */

export const text = z.string().trim().min(1, 'is empty');
/** Goes into an HTTP header: a blank or a letter with an accent tells of a slip while copying. */
export const secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,512}$/, 'has characters that no token or key has');
export const url = z
  .string()
  .trim()
  .refine(value => {
    const parsed = URL.parse(value);
    return (
      parsed !== null &&
      /^https?:$/.test(parsed.protocol) &&
      parsed.username === '' &&
      parsed.password === '' &&
      parsed.search === ''
    );
  }, 'must be an http or https URL, without credentials and query');
export const oneOf = <const T extends readonly string[]>(values: T, problem: string) =>
  z.string().trim().toLowerCase().pipe(z.enum(values, problem));
export const flag = oneOf(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'], 'must be 1 or 0').transform(value =>
  ['1', 'true', 'yes', 'on'].includes(value),
);
export const list = z.string().transform(value =>
  value
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== ''),
);
export const guildIds = list.refine(
  ids => ids.every(id => /^\d{17,20}$/.test(id)),
  'must be ids of Discord servers: 17 to 20 digits each',
);
export const number = (min: number, max: number, what: string, fits: (value: number) => boolean = () => true) =>
  z
    .string()
    .trim()
    .transform(Number)
    .refine(value => value >= min && value <= max && fits(value), `must be ${what} from ${min} to ${max}`);
export const whole = (min: number, max: number) => number(min, max, 'a whole number', Number.isInteger);
export const usd = number(0, 1_000_000, 'an amount in US$');
