/**
 * One measured number beside what it has to reach; without a limit it is told and not judged. `sides`: where the number is a ratio, what it was made of, ours and the
 * alternative's.
 */
export type Figure = {
  figure: string;
  value: number;
  unit: string;
  limit?: number;
  better: 'lower' | 'higher';
  ok: boolean;
  sides?: { ours: number; other: number; unit: string };
};

/** Four digits are more than any measurement here is worth. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** A number that is not there (NaN) is not ok. */
export function atMost(figure: string, value: number, unit: string, limit: number): Figure {
  return { figure, value: rounded(value), unit, limit, better: 'lower', ok: value <= limit };
}

/** Ours over the alternative's, both measured in the same run. */
export function ratioAtMost(
  figure: string,
  sides: { ours: number; other: number; unit: string },
  than: string,
  limit: number,
): Figure {
  const { ours, other, unit } = sides;
  const shown = { ours: rounded(ours), other: rounded(other), unit };
  return { ...atMost(figure, ours / other, `× ${than}`, limit), sides: shown };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value that a share of all others does not exceed; NaN of none. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(Math.floor(share * values.length), values.length - 1)] ?? Number.NaN;

export const median = (values: readonly number[]): number => quantile(values, 0.5);
