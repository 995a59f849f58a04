import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Acknowledgement, InteractionHandle } from '../../sandbox/discord/index.ts';
import { portraitPath, voiceBytes } from '../e2e/stage.ts';
import { deliverBlow, reviveGone } from './blows.ts';
import { cancelWhenPossible, removeInProgress } from './members.ts';
import type { Blow, Plan, Use } from './plan.ts';
import type { CrashStage } from './stage.ts';

/** Renders meet each other, and faults their calls, for so long after the last blow. */
const CLEAR_AFTER_MS = 4_000;
/** More than any wait of the bot's own, such as the minute after a full disk. */
const QUIET_WITHIN_MS = 120_000;

/** One use of `/hallo` as it was played. */
export type Played = {
  use: Use;
  /** tells this render from every other one of its stage, at Discord, in the ledger and at the server */
  poseWeight: number;
  guildId: string;
  channelId: string;
  memberId: string;
  handle: InteractionHandle;
  /** undefined: none came yet */
  answer: Acknowledgement | undefined;
  /** the deferred message, also when it was deleted since */
  originalId: string | undefined;
  presses: InteractionHandle[];
  removed: boolean;
};

/** A time without the database; `of`: for that process alone. */
export type Outage = { of?: number; fromMs: number; toMs: number };

/** What was played since when, and what already went wrong with the processes. */
export type Performance = { sinceMs: number; played: Played[]; guildIds: string[]; trouble: string[]; outages: Outage[] };

/** Plays a round on a stage until nothing is going on any more on either side. */
export async function playRound(stage: CrashStage, plan: Plan): Promise<Performance> {
  const { bot, discord, orders, server } = stage;
  const memberIds = (['ada', 'ben', 'mia', 'otto'] as const).map(name => discord.places[name].id);
  const guilds = Array.from({ length: plan.guilds }, (_, index) =>
    discord.world.addGuild({ name: `Round ${plan.seed}, ${index}`, memberIds }),
  );
  const guildIds = guilds.map(each => each.id);
  const performance: Performance = { sinceMs: Date.now(), played: [], guildIds, trouble: [], outages: [] };
  const offs: (() => void)[] = [];

  async function use(wanted: Use): Promise<void> {
    await sleep(wanted.afterMs);
    const guild = guilds[wanted.guild];
    const [memberId, channelId] = [memberIds[wanted.member], guild?.channelIds[0]];
    if (guild === undefined || memberId === undefined || channelId === undefined) throw new Error('the plan names nobody');
    const poseWeight = stage.nextWeight();
    const options = { ...(await filesOf(wanted.input)), pose_weight: poseWeight, private: wanted.private };
    const handle = await discord.members.command({ channelId, memberId, name: 'hallo', options, lenient: true });
    const played: Played = {
      ...{ use: wanted, poseWeight, guildId: guild.id, channelId, memberId, handle },
      ...{ answer: undefined, originalId: undefined, presses: [], removed: false },
    };
    performance.played.push(played);
    void handle.acknowledged.then(answer => {
      played.answer = answer;
      if (answer.kind === 'deferred') played.originalId = handle.original()?.id;
    });
    if (wanted.cancel) offs.push(cancelWhenPossible(discord, played));
    if (wanted.remove) offs.push(removeInProgress(discord, played));
  }

  const uses = Promise.all(plan.uses.map(use));
  const isCalm = async () => {
    if (performance.played.length < plan.uses.length || performance.played.some(each => each.answer === undefined)) return false;
    return (await bot.figures().catch(() => undefined))?.open === 0;
  };

  try {
    for (const fault of plan.serverFaults) await server.order(fault);
    const cuts = plan.discordFaults.map(async ({ afterMs, fault }) => {
      await sleep(afterMs);
      discord.faults.order(fault);
    });
    for (const blow of plan.blows) {
      const begunAtMs = Date.now();
      performance.trouble.push(...(await deliverBlow(stage, blow, isCalm)));
      performance.outages.push(...outagesOf(blow, begunAtMs));
    }
    await Promise.all([uses, ...cuts]);
    // What can end by itself does; from then on all is well, so that the rest can.
    const clearAtMs = Date.now() + CLEAR_AFTER_MS;
    while (Date.now() < clearAtMs && !(await isCalm())) await sleep(100);
    orders.clear();
    performance.trouble.push(...(await reviveGone(stage)));
    discord.faults.clear();
    await server.clear();
    await Promise.all(performance.played.map(each => each.handle.acknowledged));
    await Promise.all([bot.quiet(QUIET_WITHIN_MS), server.quiet()]);
    await Promise.all(performance.played.flatMap(each => each.presses.map(press => press.acknowledged)));
  } finally {
    for (const off of offs) off();
  }
  return performance;
}

/** What a blow that was delivered just now took away of the database. */
function outagesOf(blow: Blow, begunAtMs: number): Outage[] {
  const [fromMs, toMs] = [begunAtMs + ('afterMs' in blow ? blow.afterMs : 0), Date.now()];
  if (blow.blow === 'database-down') return [{ fromMs, toMs }];
  return blow.blow === 'cut' && blow.between === 'bot and database' ? [{ of: blow.of, fromMs, toMs }] : [];
}

const notMedia = new TextEncoder().encode('This is neither an image nor a sound.');

async function filesOf(input: Use['input']) {
  const image = { file: { name: 'portrait.jpg', bytes: input === 'broken-image' ? notMedia : await readFile(portraitPath) } };
  const audio = { file: { name: 'voice.wav', bytes: input === 'broken-audio' ? notMedia : voiceBytes } };
  return { image: input === 'refused-image' ? { file: { name: 'notes.txt', bytes: notMedia } } : image, audio };
}
