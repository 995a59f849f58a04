import { randomBytes, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { type FaultPoints, type Faults, faultPoints } from '../faults.ts';
import type { Timeouts } from '../segmind/index.ts';
import { openStorage, type Storage } from '../storage/storage.ts';
import { createLog, createScrub } from '../telemetry/log.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { timedLedger } from '../telemetry/timed-ledger.ts';

/** The settings of a bot: those of the project, with a token. */
export type BotConfig = Config & { discord: { token: string } };
/** Time and chance, and how long the provider may take to answer; each has its usual value. `faults`: for a harness alone. */
export type Handed = { clock?: Clock; random?: () => number; timeouts?: Partial<Timeouts>; faults?: Faults };

/** What every part of the bot stands on: its settings, time and chance, what it tells its operator, and its store. */
export type Ground = {
  config: BotConfig;
  clock: Clock;
  random: () => number;
  timeouts: Partial<Timeouts>;
  /** takes every secret out of a text */
  scrub: (text: string) => string;
  log: Logger;
  /** a line of the log that is no error */
  note: (event: string, facts?: object) => void;
  telemetry: ReturnType<typeof createTelemetry>;
  around: FaultPoints;
  storage: Storage;
};

export type GroundAnswer = { ok: true; ground: Ground } | { ok: false; problem: string };

/** Opens the log and the store. */
export async function openGround(
  config: BotConfig,
  { clock = systemClock, random = Math.random, timeouts = {}, faults }: Handed,
): Promise<GroundAnswer> {
  const scrub = createScrub([config.discord.token, config.provider.apiKey, config.storage.databaseUrl]);
  const log = createLog(config.logLevel, scrub);
  const telemetry = createTelemetry(log);
  const opened = await openStorage(
    { ...config.storage, performs: performs(config) },
    {
      ...{ clock, owner: randomUUID(), newId: () => randomBytes(9).toString('hex') },
      onUnreadable: renderId => telemetry.alarm('storage', `the row of render ${renderId} can't be read and is set aside`),
      onError: error => telemetry.alarm('storage', error instanceof Error ? error.message : String(error)),
    },
  );
  if (!opened.ok) return { ok: false, problem: `The store cannot be opened: ${opened.detail}` };
  const around = faultPoints(faults);
  const storage = around.storage(opened.storage);
  const ledger = timedLedger(storage.ledger, telemetry.registry);
  const note = (event: string, facts: object = {}) => log.info(facts, event);
  const ground = { config, clock, random, timeouts, scrub, log, note, telemetry, around, storage: { ...storage, ledger } };
  return { ok: true, ground };
}

/** Whether this process performs renders; a gateway only takes orders for others. */
export const performs = (config: Config): boolean => config.role !== 'gateway';
