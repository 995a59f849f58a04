import { z } from 'zod';
import type { Clock } from './clock.ts';
import type { Files, Ledger, Settings } from './ports.ts';

/** A removal may be a slip, and limits must not begin anew with it. */
const GRACE_MS = 7 * 24 * 3_600_000;
const KEY = 'guilds-left';
const leftSchema = z.record(z.string(), z.number());

/** The guilds that the bot was removed from: what waits there is cancelled, and after some days all that is stored of them is deleted. */
export type Guilds = {
  /** The bot was removed from a guild. */
  left(guildId: string): Promise<void>;
  /** The bot was added to a guild. */
  joined(guildId: string): Promise<void>;
  /** Where the bot is now. A known guild that is not among them, of those that `covers` names, was left while nobody looked. */
  present(guildIds: ReadonlySet<string>, covers: (guildId: string) => boolean): Promise<void>;
  /** Forgets the guilds whose days are over, and that have no render under way. */
  sweep(): Promise<void>;
};

export function createGuilds(deps: {
  ledger: Pick<Ledger, 'guilds' | 'unpaidOf' | 'forgetGuild'>;
  files: Pick<Files, 'remove'>;
  settings: Settings;
  clock: Clock;
  cancel(renderId: string): Promise<unknown>;
  /** Deletes what else is kept of a guild: its policy. */
  forget(guildId: string): Promise<void>;
}): Guilds {
  const { clock, files, ledger, settings } = deps;
  let last: Promise<unknown> = Promise.resolve();

  const leftSince = async () => new Map(Object.entries(leftSchema.safeParse(await settings.get(KEY)).data ?? {}));

  /** One change after the other: each reads what the one before it wrote. */
  function change(work: (left: Map<string, number>) => Promise<void>): Promise<void> {
    const next = last.then(async () => {
      const left = await leftSince();
      const before = JSON.stringify([...left]);
      await work(left);
      if (JSON.stringify([...left]) !== before) await settings.set(KEY, Object.fromEntries(left));
    });
    last = next.catch(() => undefined);
    return next;
  }

  async function leave(guildId: string, left: Map<string, number>): Promise<void> {
    if (!left.has(guildId)) left.set(guildId, clock.now());
    for (const id of await ledger.unpaidOf(guildId)) await deps.cancel(id);
  }

  async function forget(guildId: string): Promise<boolean> {
    const keys = await ledger.forgetGuild(guildId);
    if (keys === undefined) return false;
    for (const key of keys) await files.remove(key);
    await deps.forget(guildId);
    return true;
  }

  return {
    left: guildId => change(left => leave(guildId, left)),
    joined: guildId =>
      change(async left => {
        left.delete(guildId);
      }),
    present: (guildIds, covers) =>
      change(async left => {
        for (const guildId of guildIds) left.delete(guildId);
        for (const guildId of await ledger.guilds()) {
          if (covers(guildId) && !guildIds.has(guildId)) await leave(guildId, left);
        }
      }),
    async sweep() {
      for (const guildId of (await leftSince()).keys()) {
        // Read anew, before and after: to forget takes a while, and other processes write here too.
        const sinceMs = (await leftSince()).get(guildId);
        if (sinceMs === undefined || clock.now() - sinceMs < GRACE_MS || !(await forget(guildId))) continue;
        await change(async left => void left.delete(guildId));
      }
    },
  };
}
