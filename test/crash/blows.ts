import { setTimeout as sleep } from 'node:timers/promises';
import type { BotProcess } from '../e2e/stage.ts';
import type { Blow } from './plan.ts';
import type { CrashStage } from './stage.ts';

/** A point that nothing comes to is not waited for any longer. */
const POINT_WITHIN_MS = 8_000;
/** Ten seconds are what a container leaves; the rest is for a busy machine. */
const TERM_WITHIN_MS = 15_000;
const MOST_STARTS = 3;

/** Does to the processes what a plan says, and starts them again. The answer: what went wrong with that itself. */
export async function deliverBlow(stage: CrashStage, blow: Blow, isCalm: () => Promise<boolean>): Promise<string[]> {
  const { orders, server, processes } = stage;
  const bot = processes[blow.of];
  if (bot === undefined) throw new Error('the plan names no process');
  switch (blow.blow) {
    case 'kill-at': {
      if (blow.within === 'start') {
        await sleep(500);
        await bot.end('SIGKILL');
        orders.killAt(blow.point, blow.nth);
        const trouble = await revive(stage);
        // Where it was ready before it came to that point, it comes to it as it takes up its renders.
        return (await diesWithin(stage, POINT_WITHIN_MS, isCalm)) ? [...trouble, ...(await revive(stage))] : trouble;
      }
      orders.killAt(blow.point, blow.nth);
      return (await diesWithin(stage, POINT_WITHIN_MS, isCalm)) ? revive(stage) : [];
    }
    case 'kill':
      await sleep(blow.afterMs);
      await bot.end('SIGKILL');
      return revive(stage);
    case 'term':
      await sleep(blow.afterMs);
      return [...(await terminate(bot)), ...(await revive(stage))];
    case 'kill-server':
      await sleep(blow.afterMs);
      await server.kill();
      await sleep(blow.downMs);
      await server.restart();
      return [];
    case 'cut':
      await sleep(blow.afterMs);
      if (blow.between === 'bot and server') bot.toServer.cut(blow.forMs);
      else if (blow.between === 'bot and database') bot.toDatabase?.cut(blow.forMs);
      else {
        bot.toDiscord.cut(blow.forMs);
        // The gateway is reached at the address that Discord itself names.
        stage.discord.faults.order({ fault: 'drop-gateway' });
      }
      await sleep(blow.forMs);
      return [];
    case 'database-down':
      await sleep(blow.afterMs);
      await stage.database?.stopServer();
      await sleep(blow.forMs);
      await stage.database?.startServer();
      return [];
    case 'disk-full': {
      await sleep(blow.afterMs);
      orders.diskFull(blow.forMs);
      await sleep(blow.forMs);
      if (blow.end === 'term') return [...(await terminate(bot)), ...(await revive(stage))];
      await bot.end('SIGKILL');
      return revive(stage);
    }
  }
}

async function terminate(bot: BotProcess): Promise<string[]> {
  const late = sleep(TERM_WITHIN_MS).then(() => undefined);
  const end = await Promise.race([bot.end('SIGTERM'), late]);
  if (end?.code === 0) return [];
  await bot.end('SIGKILL');
  return [
    end === undefined ? `SIGTERM did not end the bot within ${TERM_WITHIN_MS} ms` : `SIGTERM ended the bot with ${says(end)}`,
  ];
}

/** True when the process ended, false when nothing is going on any more, or the time is over. */
async function diesWithin({ orders }: CrashStage, withinMs: number, isCalm: () => Promise<boolean>): Promise<boolean> {
  const killsBefore = orders.kills().length;
  const dead = () => orders.kills().length > killsBefore;
  const deadlineMs = performance.now() + withinMs;
  while (!dead() && performance.now() < deadlineMs && !(await isCalm())) await sleep(50);
  orders.clear();
  // It may have read the order just before it was cleared, and stand there on a busy machine.
  await sleep(250);
  return dead();
}

/** Waits for the end of a process, and starts again what has ended. */
async function revive(stage: CrashStage): Promise<string[]> {
  await Promise.race(stage.processes.map(each => each.gone()));
  return reviveGone(stage);
}

/** Starts again what has ended: one order may have ended several processes. */
export async function reviveGone({ processes, orders }: CrashStage): Promise<string[]> {
  const trouble: string[] = [];
  for (const bot of processes.filter(each => each.isGone())) trouble.push(...(await reviveOne(bot, orders)));
  return trouble;
}

/** An order that meets it while it starts ends it once more. */
async function reviveOne(bot: BotProcess, orders: CrashStage['orders']): Promise<string[]> {
  const trouble: string[] = [];
  const end = await bot.gone();
  if (end.signal !== 'SIGKILL' && end.code !== 0) trouble.push(`the bot ended by itself with ${says(end)}`);
  for (let start = 1; ; start += 1) {
    try {
      await bot.restart();
      return trouble;
    } catch (error) {
      orders.clear();
      if (start === MOST_STARTS) throw error;
    }
  }
}

const says = (end: { code: number | null; signal: string | null }) => `code ${end.code}, signal ${end.signal}`;
