import type { Clock } from './clock.ts';
import { discordEpochMs } from './numbers.ts';

/** Makes the next unique id; ids sort by the time at which they were made. */
export type NextId = () => string;

export function createSnowflakes(clock: Clock): NextId {
  let lastMs = 0;
  let increment = 0n;
  return () => {
    const nowMs = Math.max(clock.now() - discordEpochMs, lastMs);
    increment = nowMs === lastMs ? increment + 1n : 0n;
    if (increment > 4095n) {
      lastMs = nowMs + 1;
      increment = 0n;
    } else {
      lastMs = nowMs;
    }
    return ((BigInt(Math.floor(lastMs)) << 22n) | (1n << 17n) | increment).toString();
  };
}

/** The epoch milliseconds in which an id was made. */
export function timeOfId(id: string): number {
  return Number(BigInt(id) >> 22n) + discordEpochMs;
}
