import type { Outage } from './play.ts';
import type { CrashStage } from './stage.ts';

const bugs = /"msg":"(a step failed|[a-z-]+-failed)"/;

/** What is told of a database that is away: by the socket, by the driver, and by Postgres as it stops and starts (class 57P). */
const lostDatabase =
  /ECONNREFUSED|ECONNRESET|EPIPE|Connection terminated|connection error|57P0\d|starting up|shutting down|terminating connection/;
/** Connections that broke are found broken by the next statement; members wait for an answer for a second and a half. */
const TOLD_WITHIN_MS = 3_000;

/**
 * The errors that the bot's processes printed since the round began. No fault: that a disk is full which is; and that the database is
 * away, told while it was, by a process from which it was taken.
 */
export function checkLog({ processes }: Pick<CrashStage, 'processes'>, sinceMs: number, outages: readonly Outage[]): string[] {
  const toldOfOutage = (line: string, of: number, atMs: number) =>
    lostDatabase.test(line) &&
    outages.some(each => (each.of ?? of) === of && each.fromMs <= atMs && atMs <= each.toMs + TOLD_WITHIN_MS);
  return processes.flatMap((bot, of) =>
    bot
      .printed()
      .filter(line => bugs.test(line))
      .map(line => ({ line, atMs: timeOf(line) }))
      .filter(({ line, atMs }) => atMs >= sinceMs && !/disk is full/.test(line) && !toldOfOutage(line, of, atMs))
      .map(({ line }) => `process ${of} printed ${line.slice(0, 600)}`),
  );
}

const timeOf = (line: string) => Number(/"time":(\d+)/.exec(line)?.[1]);
