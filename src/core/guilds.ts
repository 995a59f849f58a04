import { z } from 'zod';
import type { Clock } from './clock.ts';
import type { Files, Ledger, SharedSettings } from './ports.ts';

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
  settings: Pick<SharedSettings, 'change'>;
  clock: Clock;
  cancel(renderId: string): Promise<unknown>;
  /** Deletes what else is kept of a guild: its policy. */
  forget(guildId: string): Promise<void>;
}): Guilds {
  const { clock, files, ledger, settings } = deps;
  let last: Promise<unknown> = Promise.resolve();

  /** What Discord tells of a guild is heeded in the order in which it was told: removed and added again, it is there. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  }

  /** One operation, for other processes write here too, about guilds of theirs. */
  function change<T>(work: (left: Map<string, number>) => T): Promise<T> {
    return settings.change(KEY, value => {
      const left = new Map(Object.entries(leftSchema.safeParse(value).data ?? {}));
      const answer = work(left);
      return { value: left.size === 0 ? undefined : Object.fromEntries(left), answer };
    });
  }

  /** What was asked for since then is not cancelled: the guild may be back already. */
  async function cancelUnpaid(guildId: string, atMs: number): Promise<void> {
    for (const id of await ledger.unpaidOf(guildId, atMs)) await deps.cancel(id);
  }

  async function forget(guildId: string): Promise<boolean> {
    const keys = await ledger.forgetGuild(guildId);
    if (keys === undefined) return false;
    for (const key of keys) await files.remove(key);
    await deps.forget(guildId);
    return true;
  }

  return {
    left(guildId) {
      const atMs = clock.now();
      return inTurn(async () => {
        await change(left => left.set(guildId, left.get(guildId) ?? atMs));
        await cancelUnpaid(guildId, atMs);
      });
    },
    joined: guildId => inTurn(async () => void (await change(left => left.delete(guildId)))),
    present(guildIds, covers) {
      const atMs = clock.now();
      return inTurn(async () => {
        const missing = (await ledger.guilds()).filter(guildId => covers(guildId) && !guildIds.has(guildId));
        await change(left => {
          for (const guildId of guildIds) left.delete(guildId);
          for (const guildId of missing) left.set(guildId, left.get(guildId) ?? atMs);
        });
        for (const guildId of missing) await cancelUnpaid(guildId, atMs);
      });
    },
    async sweep() {
      for (const guildId of await change(left => [...left.keys()])) {
        // Read anew, before and after: to forget takes a while, and the guild may come and go meanwhile.
        const sinceMs = await change(left => left.get(guildId));
        if (sinceMs === undefined || clock.now() - sinceMs < GRACE_MS || !(await forget(guildId))) continue;
        await change(left => left.get(guildId) === sinceMs && left.delete(guildId));
      }
    },
  };
}
