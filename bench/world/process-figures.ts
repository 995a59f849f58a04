/** What the system says of a process, by /proc: Linux alone. */
import { readFile } from 'node:fs/promises';

/** Ticks of the processor's time in /proc; the kernel fixes it for programs. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;

/**
 * Memory that the process holds, with the pages of Node's own code counted whole: by a share of them (PSS) the same bot would seem
 * smaller the more other Node processes run beside it, the benchmark itself for one.
 */
export async function residentBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Rss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1_024;
}

/** Seconds of a processor that the process has used so far, with the kernel's for it. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name stands in brackets and may hold anything; 11 fields lie between it and the times.
  const [, user = Number.NaN, system = Number.NaN] = /^.*\)(?: \S+){11} (\d+) (\d+) /s.exec(stat) ?? [];
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}
