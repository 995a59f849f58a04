import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { atMost, median, quantile, ratioAtMost } from '../../bench/figure.ts';
import { exitCodeOf, lineOf } from '../../bench/report.ts';
import { cpuSeconds, residentBytes } from '../../bench/world/process-figures.ts';

const bench = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const of = (figure: ReturnType<typeof atMost>) => ({ bench: 'some', ...figure });

describe('a figure', () => {
  it('is ok up to its limit, and not beyond', () => {
    expect(atMost('delay', 50, 'ms', 50).ok).toBe(true);
    expect(atMost('delay', 50.01, 'ms', 50).ok).toBe(false);
  });

  it('that could not be measured is not ok', () => {
    expect(atMost('delay', Number.NaN, 'ms', 50).ok).toBe(false);
    expect(atMost('delay', Number.POSITIVE_INFINITY, 'ms', 50).ok).toBe(false);
    expect(ratioAtMost('delay', { ours: 1, other: Number.NaN, unit: 'ms' }, 'bare bot', 1.5).ok).toBe(false);
  });

  it('beside an alternative is the ratio, with both sides in its line', () => {
    const figure = ratioAtMost('delay', { ours: 3, other: 2, unit: 'ms' }, 'bare bot', 1.5);
    expect(figure).toMatchObject({ value: 1.5, ok: true });
    expect(lineOf(of(figure))).toBe('ok    some: delay: 1.5 × bare bot (at most 1.5; 3 ms beside 2 ms)');
  });

  it('without a limit is told, and not judged', () => {
    const figure = { figure: 'delay', value: 3, unit: 'ms', better: 'lower', ok: true } as const;
    expect(lineOf(of(figure))).toBe('      some: delay: 3 ms');
    expect(lineOf(of({ ...figure, value: Number.NaN, ok: false }))).toBe('FAIL  some: delay: NaN ms');
  });
});

describe('the exit code', () => {
  const [good, missed] = [of(atMost('a', 1, 'ms', 2)), of(atMost('b', 3, 'ms', 2))];

  it('is 1 where one limit is missed, or nothing was measured', () => {
    expect(exitCodeOf([good])).toBe(0);
    expect(exitCodeOf([good, missed])).toBe(1);
    expect(exitCodeOf([])).toBe(1);
  });

  it('is 1 for a benchmark that there is not, and the sentence names those that there are', () => {
    const { status, stderr } = spawnSync(process.execPath, [bench, 'nope'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/There is no benchmark nope\. There is: idle, ack, /);
  });
});

describe('shares of measurements', () => {
  it('are values that were measured', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.5, 0.99, 1].map(share => quantile(values, share))).toEqual([1, 3, 5, 5]);
    expect(median([9])).toBe(9);
    expect(median([])).toBeNaN();
  });
});

describe('what the system says of a process', () => {
  it('is its memory and its time of the processor', async () => {
    const cpuBefore = process.cpuUsage();
    const seconds = await cpuSeconds(process.pid);
    expect(seconds).toBeGreaterThan((cpuBefore.user + cpuBefore.system) / 1e6 - 0.1);
    expect(seconds).toBeLessThan((cpuBefore.user + cpuBefore.system) / 1e6 + 1);
    expect(Math.abs((await residentBytes(process.pid)) / process.memoryUsage.rss() - 1)).toBeLessThan(0.2);
  });
});
