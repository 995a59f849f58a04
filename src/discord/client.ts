import { setTimeout } from 'node:timers/promises';
import { Client, Events, GatewayIntentBits, Options, ShardClientUtil } from 'discord.js';
import type { Guilds } from '../core/guilds.ts';
import { describeError } from './describe-error.ts';
import type { Log } from './log.ts';
import type { Router } from './router.ts';

export type DiscordClientDeps = {
  token: string;
  /** without version: `https://discord.com/api` */
  apiBase: string;
  /** which of the connections to Discord are held here */
  shards: 'auto' | { ids: readonly number[]; count: number };
  router: Router;
  /** Is told in which guilds the bot is. */
  guilds: Pick<Guilds, 'left' | 'joined' | 'present'>;
  /** Discord closed the gateway for good: no command comes any more until somebody acts. */
  onLost(detail: string): void;
  log: Log;
};

/** What the operator has to mend after a close code that forbids coming back. https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway */
const LOST: Readonly<Record<number, string>> = {
  4004: 'DISCORD_TOKEN is not accepted any more',
  4010: 'the shard is not valid',
  4011: 'the bot is in so many servers that it needs sharding',
  4012: 'the version of the gateway is not served any more',
  4013: 'the intents are not valid',
  4014: 'an intent was not granted to this application',
};

/** Handlers answer within seconds; what takes longer is an upload for a list that can be asked for again. */
const DRAIN_MS = 3_000;

/** The connection to Discord's gateway. */
export type DiscordClient = {
  /** Logs in; resolves when READY has come. Rejects where the token or the gateway is refused, without naming the token. */
  start(): Promise<{ applicationId: string; username: string; guilds: number }>;
  isReady(): boolean;
  /** Takes nothing new; resolves when the handlers that were begun have ended, or after so long: none of them holds what would be lost. */
  stopTaking(withinMs?: number): Promise<void>;
  close(): Promise<void>;
};

export function createDiscordClient({ token, apiBase, shards, router, guilds, onLost, log }: DiscordClientDeps): DiscordClient {
  const client = new Client({
    // Interactions come without any intent; guilds are needed to hear of a removal. None is privileged.
    intents: [GatewayIntentBits.Guilds],
    rest: { api: apiBase },
    ...(shards === 'auto' ? { shards } : { shards: [...shards.ids], shardCount: shards.count }),
    // Nothing that is written here may ever ping by accident.
    allowedMentions: { parse: [] },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      GuildMemberManager: { maxSize: 100, keepOverLimit: member => member.id === member.client.user.id },
      UserManager: { maxSize: 100, keepOverLimit: user => user.id === user.client.user.id },
    }),
  });
  const tell = (told: Promise<void>) => void told.catch(error => log('guilds-not-recorded', describeError(error, [token])));
  client.on(Events.InteractionCreate, interaction => void router.handle(interaction));
  // Emitted for removals alone: a guild that has an outage is "unavailable", another event.
  client.on(Events.GuildDelete, guild => tell(guilds.left(guild.id)));
  client.on(Events.GuildCreate, guild => tell(guilds.joined(guild.id)));
  client.on(Events.ClientReady, ({ guilds: { cache }, options, ws }) => {
    const covers = (id: string) => ws.shards.has(ShardClientUtil.shardIdForGuildId(id, options.shardCount ?? 1));
    tell(guilds.present(new Set(cache.keys()), covers));
  });
  client.on(Events.Error, error => log('gateway-error', describeError(error, [token])));
  let [lost, closing] = [false, false];
  // Emitted only where the library does not come back by itself.
  client.on(Events.ShardDisconnect, ({ code }, shardId) => {
    log('gateway-closed', { shardId, code });
    if (closing) return;
    lost = true;
    onLost(`Discord closed the gateway with code ${code}: ${LOST[code] ?? 'no coming back is allowed'}`);
  });
  client.on(Events.ShardReconnecting, shardId => log('gateway-reconnecting', { shardId }));
  client.on(Events.ShardResume, shardId => log('gateway-resumed', { shardId }));

  return {
    async start() {
      const ready = new Promise<Client<true>>(resolve => client.once(Events.ClientReady, resolve));
      try {
        await client.login(token);
      } catch (error) {
        await client.destroy();
        throw new Error(`Discord refused the login: ${describeError(error, [token]).message}`);
      }
      const { application, user, guilds } = await ready;
      return { applicationId: application.id, username: user.username, guilds: guilds.cache.size };
    },
    isReady: () => client.isReady() && !lost,
    async stopTaking(withinMs = DRAIN_MS) {
      router.stop();
      const waiting = new AbortController();
      const ended = router.idle().finally(() => waiting.abort());
      await Promise.race([ended, setTimeout(withinMs, undefined, { signal: waiting.signal }).catch(() => {})]);
    },
    async close() {
      closing = true;
      client.removeAllListeners(Events.InteractionCreate);
      await client.destroy();
    },
  };
}
