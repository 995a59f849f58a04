import { InvalidArgumentError } from 'commander';

/** Reads an option that is a number within a range; what else is given is refused with a sentence. */
export function numberFrom(min: number, max = Number.POSITIVE_INFINITY): (text: string) => number {
  return text => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a number ${rangeText(min, max)}.`);
  };
}

export function wholeFrom(min: number, max = Number.POSITIVE_INFINITY): (text: string) => number {
  return text => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number ${rangeText(min, max)}.`);
  };
}

export const port = wholeFrom(0, 65_535);

/** Reads an option that is the address of a server. */
export function httpUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '')
    return text;
  throw new InvalidArgumentError('It must be an http or https URL without credentials and query.');
}

function rangeText(min: number, max: number): string {
  return max === Number.POSITIVE_INFINITY ? `of at least ${min}` : `from ${min} to ${max}`;
}
