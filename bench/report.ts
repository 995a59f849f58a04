import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { Figure } from './figure.ts';

/** A figure with the bench that took it. */
export type Result = { bench: string } & Figure;

/** One figure, in one line for a person. */
export function lineOf({ bench, figure, value, unit, limit, better, ok, sides }: Result): string {
  const told = `${bench}: ${figure}: ${value} ${unit}`;
  if (limit === undefined) return `${ok ? '    ' : 'FAIL'}  ${told}`;
  const bound = better === 'lower' ? 'at most' : 'at least';
  const made = sides === undefined ? '' : `; ${sides.ours} ${sides.unit} beside ${sides.other} ${sides.unit}`;
  return `${ok ? 'ok  ' : 'FAIL'}  ${told} (${bound} ${limit}${made})`;
}

/** 1 where any figure is not what it has to be, or where nothing was measured. */
export function exitCodeOf(results: readonly Result[]): 0 | 1 {
  return results.length > 0 && results.every(result => result.ok) ? 0 : 1;
}

/** What was measured on. */
export function machine() {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
}
