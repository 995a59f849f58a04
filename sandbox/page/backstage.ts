import type { Discord } from '../discord/index.ts';
import { permissionBits, permissionsIn } from '../discord/permissions.ts';
import { OrderError } from './order-error.ts';
import { pendingInWords } from './pending.ts';
import type { Backstage, BotState } from './protocol.ts';
import type { Provider } from './provider.ts';
import type { Order } from './switches.ts';

/** The bot's process, as far as the page may steer it. */
export interface BotControl {
  running(): boolean;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface BackstageDeps {
  discord: Discord;
  /** Without one there is no queue to see, and nothing of the provider's to order. */
  provider: Provider | undefined;
  bot: BotControl | undefined;
  /** Told of every change, with what stands now. */
  onChange: (backstage: Backstage) => void;
}

export type BackstageKeeper = ReturnType<typeof createBackstage>;

const lookEveryMs = 700;

/** Looks after what stands behind the chat as long as somebody watches, and carries out what is ordered. */
export function createBackstage({ discord, provider, bot, onChange }: BackstageDeps) {
  let watchers = 0;
  let timer: NodeJS.Timeout | undefined;
  let last: Backstage = emptyBackstage;
  let told = '';

  async function look(): Promise<Backstage> {
    // A provider that restarts is away for a while: what it last said stands.
    const books = await provider?.books().catch(() => undefined);
    last = {
      bot: botState(),
      clockAheadMs: Math.round(discord.clock.now() - Date.now()),
      requests: books?.requests ?? last.requests,
      billedUsd: books?.billedUsd ?? last.billedUsd,
      pending: [...(books?.pending ?? []), ...discord.faults.pending()].map(pendingInWords),
    };
    const text = JSON.stringify(last);
    if (text !== told) onChange(last);
    told = text;
    return last;
  }

  function botState(): BotState {
    if (bot && !bot.running()) return 'stopped';
    if (discord.connections() > 0) return 'connected';
    return bot ? 'starting' : 'unknown';
  }

  async function carryOut(order: Order): Promise<void> {
    switch (order.at) {
      case 'provider':
        return need(provider, 'there is no provider').order(order.fault);
      case 'discord':
        return discord.faults.order(order.fault);
      case 'messages':
        return deleteNewest(discord);
      case 'clock':
        return discord.clock.advance(order.advanceMs);
      case 'bot':
        return order.to === 'kill' ? need(bot, 'there is no bot').kill() : need(bot, 'there is no bot').start();
      case 'all':
        discord.faults.clear();
        return provider?.clear();
    }
  }

  return {
    look,
    order: async (order: Order): Promise<void> => {
      await carryOut(order);
      await look();
    },
    /** Keeps looking until the returned function is called. */
    watch: (): (() => void) => {
      watchers += 1;
      timer ??= setInterval(() => void look(), lookEveryMs);
      return () => {
        watchers -= 1;
        if (watchers > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const emptyBackstage: Backstage = { bot: 'unknown', clockAheadMs: 0, requests: [], billedUsd: 0, pending: [] };

function need<Thing>(thing: Thing | undefined, problem: string): Thing {
  if (thing === undefined) throw new OrderError(problem);
  return thing;
}

/** Deletes the bot's newest message that everyone sees, as somebody who may. */
function deleteNewest(discord: Discord): void {
  const { world } = discord;
  const guildChannels = [...world.channels.values()].filter(each => each.guildId !== null);
  const messages = guildChannels.flatMap(each => discord.messages.inChannel(each.id));
  const newest = messages
    .filter(each => each.authorId === world.bot.id && each.ephemeralFor === null)
    .sort((a, b) => a.createdAt - b.createdAt)
    .at(-1);
  if (newest === undefined) throw new OrderError('the bot has no message that a moderator could delete');
  const guild = world.guild(newest.guildId ?? '');
  const channel = world.channel(newest.channelId);
  const moderator = [...guild.members.keys()].find(id => permissionsIn(guild, channel, id) & permissionBits.ManageMessages);
  if (moderator === undefined) throw new OrderError('nobody here may delete messages of others');
  discord.members.remove({ messageId: newest.id, memberId: moderator });
}
