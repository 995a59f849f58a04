import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Discord } from '../sandbox/discord/index.ts';
import { atMost, type Figure, median, quantile, ratioAtMost } from './figure.ts';
import { agreeOnce } from './world/consent.ts';
import { type BotPlace, type RunningBot, registerCommands, startBareBot, startBot } from './world/programs.ts';
import { onStage } from './world/stage.ts';

const ROUNDS = 3;
const PER_SECOND = 50;
const STEADY_SECONDS = 5;
const WARM = 50;
const AT_ONCE = 500;

type Times = { steadyMs: number[]; slowestMs: number };
/** Members use the command in many guilds. */
type Scene = { discord: Discord; channelIds: readonly string[]; files: { portrait: Uint8Array; voice: Uint8Array } };
const GUILDS = 50;

function sceneOf(discord: Discord, files: Scene['files']): Scene {
  const memberIds = [discord.places.ada.id];
  const guilds = Array.from({ length: GUILDS }, (_, index) => discord.world.addGuild({ name: `Guild ${index}`, memberIds }));
  return { discord, channelIds: guilds.flatMap(each => each.channelIds), files };
}

/** Answers the times from interactions to their deferrals, each from its own event at the gateway. */
async function timesOf({ discord, channelIds, files }: Scene, amount: number, gapMs: number): Promise<number[]> {
  const begun = new Map<string, number>();
  const times: number[] = [];
  const offs = [
    discord.events.on('interaction-created', ({ interactionId }) => begun.set(interactionId, performance.now())),
    discord.events.on('interaction-answered', ({ interactionId, acknowledgement }) => {
      const beganAtMs = begun.get(interactionId);
      // One that was not answered in time took for ever.
      if (beganAtMs !== undefined)
        times.push(acknowledgement.kind === 'deferred' ? performance.now() - beganAtMs : Number.POSITIVE_INFINITY);
    }),
  ];
  try {
    const image = { file: { name: 'portrait.jpg', bytes: files.portrait } };
    const audio = { file: { name: 'voice.wav', bytes: files.voice } };
    const used: Promise<unknown>[] = [];
    const memberId = discord.places.ada.id;
    const startedAtMs = performance.now();
    for (let index = 0; index < amount; index++) {
      const channelId = channelIds[index % channelIds.length] ?? '';
      const action = { channelId, memberId, name: 'hallo', options: { image, audio } };
      used.push(discord.members.command(action).then(handle => handle.acknowledged));
      const waitMs = startedAtMs + (index + 1) * gapMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
    }
    await Promise.all(used);
    return times;
  } finally {
    for (const off of offs) off();
  }
}

/** A bot that is alone on the machine: warmed up, at an even rate, then all at once. */
async function measure(start: (place: BotPlace) => Promise<RunningBot>, place: BotPlace, files: Scene['files']): Promise<Times> {
  const scene = sceneOf(place.discord, files);
  const bot = await start(place);
  try {
    await agreeOnce(place.discord);
    await timesOf(scene, WARM, 1_000 / PER_SECOND);
    const steadyMs = await timesOf(scene, PER_SECOND * STEADY_SECONDS, 1_000 / PER_SECOND);
    const atOnce = await timesOf(scene, AT_ONCE, 0);
    return { steadyMs, slowestMs: Math.max(...atOnce) };
  } finally {
    await bot.kill();
  }
}

/** From an interaction to its deferral, beside a bare bot that only defers. What follows a deferral goes on meanwhile in ours. */
export async function ack({ database }: { database?: string } = {}): Promise<Figure[]> {
  const sample = (name: string) => readFile(new URL(`../sandbox/samples/${name}`, import.meta.url));
  const files = { portrait: await sample('portrait.jpg'), voice: await sample('voice.wav') };
  const ours: Times[] = [];
  const bare: Times[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // A stage for each, for the stand-in keeps every message.
    for (const [start, into] of [
      [startBareBot, bare],
      [startBot, ours],
    ] as const) {
      const taken = await onStage(async ({ discord, provider, folder }) => {
        await registerCommands(discord);
        const settings = start === startBot ? provider.settings : {};
        return measure(start, { discord, folder: join(folder, 'bot'), database, settings }, files);
      });
      into.push(taken);
    }
  }
  const of = (share: number) => ({
    ours: median(ours.map(({ steadyMs }) => quantile(steadyMs, share))),
    other: median(bare.map(({ steadyMs }) => quantile(steadyMs, share))),
    unit: 'ms',
  });
  const slowest = (times: readonly Times[]) => median(times.map(({ slowestMs }) => slowestMs));
  return [
    ratioAtMost(`p50 at ${PER_SECOND}/s`, of(0.5), 'bare bot', 1.5),
    atMost(`p99 at ${PER_SECOND}/s`, of(0.99).ours, 'ms', 1_500),
    {
      ...atMost(`slowest of ${AT_ONCE} at once`, slowest(ours), 'ms', 1_500),
      sides: { ours: slowest(ours), other: slowest(bare), unit: 'ms' },
    },
  ];
}
