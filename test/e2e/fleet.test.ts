/** Two gateways with a shard each, and two workers, on one Postgres. The workers' connections to it can be cut. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InteractionHandle, SandboxMessage } from '../../sandbox/discord/index.ts';
import { newDatabase } from '../support/postgres/database.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { gatedEngine } from './gate.ts';
import { type House, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

let house: House;
let cables: [TcpProxy, TcpProxy];
let guildIds: string[];
const gate = gatedEngine();
gate.open();

beforeAll(async () => {
  const url = new URL(await newDatabase());
  cables = [await startTcpProxy(Number(url.port)), await startTcpProxy(Number(url.port))];
  const through = ({ port }: TcpProxy) => Object.assign(new URL(url), { port: `${port}` }).href;
  house = await openHouse({
    engine: gate.engine,
    settings: { DATABASE_URL: url.href },
    bots: [
      { HALLO_ROLE: 'gateway', HALLO_SHARDS: '0-0/2' },
      { HALLO_ROLE: 'gateway', HALLO_SHARDS: '1-1/2' },
      { HALLO_ROLE: 'worker', DATABASE_URL: through(cables[0]) },
      { HALLO_ROLE: 'worker', DATABASE_URL: through(cables[1]) },
    ],
  });
  const { world, places } = house.discord;
  const added = Array.from({ length: 8 }, (_, at) => world.addGuild({ name: `guild ${at}`, memberIds: [places.ada.id] }));
  // A guild belongs to the shard (id >> 22) % 2.
  const onShard = (shard: bigint) => added.find(({ id }) => (BigInt(id) >> 22n) % 2n === shard);
  guildIds = [onShard(0n), onShard(1n)].map(guild => guild?.id ?? '');
}, 60_000);

afterAll(async () => {
  gate.open();
  await house.close();
  for (const cable of cables) await cable.close();
});

async function ask(guildId: string | undefined, poseWeight: number): Promise<InteractionHandle> {
  const channelId = house.discord.world.guilds.get(guildId ?? '')?.channelIds[0];
  if (guildId === undefined || channelId === undefined) throw new Error('no such guild');
  const handle = await house.hallo({ guildId, channelId, options: { pose_weight: poseWeight } });
  const { kind } = await handle.acknowledged;
  expect(kind, handle.original()?.content).toBe('deferred');
  return handle;
}
const isVideo = (message: SandboxMessage | undefined) => message !== undefined && sightOf(message).files.length === 1;
const delivered = (handle: InteractionHandle) => house.until(() => isVideo(handle.original()), { hurry: false, what: 'a video' });

test('whoever takes an order, some worker performs it, and it is ordered once', { timeout: 60_000 }, async () => {
  expect(guildIds).not.toContain('');
  const handles = await Promise.all([0, 1].map(shard => ask(guildIds[shard], 1)));
  await Promise.all(handles.map(delivered));
  expect((await house.record()).requests).toHaveLength(2);
});

test('a worker that is cut off is overtaken, and neither pays nor tells anything a second time when it comes back', {
  timeout: 60_000,
}, async () => {
  const before = (await house.record()).requests.length;
  gate.shut();
  const handles = await Promise.all([0, 1, 0, 1].map(shard => ask(guildIds[shard], 2)));
  await house.until(() => gate.running(2) === 4, { hurry: false, what: 'four renders at work' });
  cables[0].cut();
  // The leases of the one run out, the other renews its own.
  for (let seconds = 0; seconds < 40; seconds += 4) {
    house.advance(4_000);
    await sleep(100);
  }
  gate.open();
  await Promise.all(handles.map(delivered));
  cables[0].heal();
  await sleep(1_000);
  expect((await house.record()).requests.length - before).toBe(4);
  for (const handle of handles) {
    const original = handle.original();
    expect(isVideo(original)).toBe(true);
    const channel = house.discord.messages.inChannel(original?.channelId ?? '');
    const pings = channel.filter(message => message.reference?.messageId === original?.id);
    expect(pings.length).toBeLessThanOrEqual(1);
  }
});

test('what a worker leaves when it is stopped goes on elsewhere at once', { timeout: 60_000 }, async () => {
  gate.shut();
  const handles = await Promise.all([0, 1].map(shard => ask(guildIds[shard], 1.5)));
  await house.until(() => gate.running(1.5) === 2, { hurry: false, what: 'two renders at work' });
  await house.bots[2]?.stop();
  gate.open();
  await Promise.all(handles.map(delivered));
});
