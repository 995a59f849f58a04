import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Discord } from '../../sandbox/discord/index.ts';
import { rawClient } from './raw.ts';
import { connectClient, startStandIn, stopAll } from './support.ts';

afterEach(stopAll);

/** Opens a gateway connection by hand; resolves with the code with which it is closed. */
function closeCode(discord: Discord, send: unknown[], query = 'v=10&encoding=json'): Promise<number> {
  const socket = new WebSocket(`${discord.url.replace('http', 'ws')}gateway?${query}`);
  socket.on('open', () => {
    for (const frame of send) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  });
  return new Promise(resolve => socket.on('close', resolve));
}

const identify = (token: string, more: object = {}) => ({ op: 2, d: { token, intents: 1, properties: {}, ...more } });

test.each([
  ['a wrong token', 4004, (_: Discord) => [identify('wrong')]],
  ['an intent that was not granted', 4014, (it: Discord) => [identify(it.token, { intents: 1 << 15 })]],
  ['an intent that does not exist', 4013, (it: Discord) => [identify(it.token, { intents: 1 << 29 })]],
  ['a shard out of range', 4010, (it: Discord) => [identify(it.token, { shard: [2, 2] })]],
  ['two identifies', 4005, (it: Discord) => [identify(it.token), identify(it.token)]],
  ['a command before identifying', 4003, (_: Discord) => [{ op: 3, d: {} }]],
  ['an unknown opcode', 4001, (_: Discord) => [{ op: 99 }]],
  ['no JSON', 4002, (_: Discord) => ['{oh']],
])('%s closes the connection with %i', async (_what, code, frames) => {
  const discord = await startStandIn();
  expect(await closeCode(discord, frames(discord))).toBe(code);
});

test('another version or transport compression is refused', async () => {
  const discord = await startStandIn();
  expect(await closeCode(discord, [], 'v=6&encoding=json')).toBe(4012);
  expect(await closeCode(discord, [], 'v=10&encoding=json&compress=zlib-stream')).toBe(4002);
});

test('a client that stops its heartbeats is cut off', async () => {
  const discord = await startStandIn({ heartbeatIntervalMs: 40 });
  expect(await closeCode(discord, [identify(discord.token)])).toBe(4009);
});

test('a dropped connection is resumed, and what happened meanwhile is replayed once', async () => {
  const discord = await startStandIn();
  const raw = rawClient(discord);
  const client = await connectClient(discord);
  const seen: string[] = [];
  client.on('interactionCreate', interaction => seen.push(interaction.id));
  discord.faults.order({ fault: 'drop-gateway' });
  await discord.waitFor(() => discord.connections() === 0);
  const handle = await raw.used();
  const resumed = await discord.events.next('gateway-resumed');
  expect(resumed.replayed).toBeGreaterThan(0);
  await expect.poll(() => seen).toEqual([handle.id]);
});

test('a refused resume leads to a new session', async () => {
  const discord = await startStandIn();
  const client = await connectClient(discord);
  const again = new Promise(resolve => client.once('shardReady', resolve));
  discord.faults.order({ fault: 'refuse-resume' });
  discord.faults.order({ fault: 'close-gateway', code: 4000 });
  await again;
  expect(discord.connections()).toBe(1);
});

test('each shard hears of its own guilds', async () => {
  const discord = await startStandIn();
  const guilds = await Promise.all(
    [0, 1].map(
      shard =>
        new Promise<number>(resolve => {
          const socket = new WebSocket(`${discord.url.replace('http', 'ws')}gateway?v=10&encoding=json`);
          socket.on('open', () => socket.send(JSON.stringify(identify(discord.token, { shard: [shard, 2] }))));
          socket.on('message', data => {
            const frame = JSON.parse(String(data));
            if (frame.t === 'READY') resolve(frame.d.guilds.length);
          });
        }),
    ),
  );
  expect(guilds[0] ?? 0).toBe(2 - (guilds[1] ?? 0));
});

test('a guild that the bot joins or loses is known at once', async () => {
  const discord = await startStandIn();
  const client = await connectClient(discord);
  const joined = new Promise(resolve => client.once('guildCreate', guild => resolve(guild.name)));
  const guild = discord.world.addGuild({ name: 'New one', memberIds: [discord.places.ada.id] });
  expect(await joined).toBe('New one');
  const left = new Promise(resolve => client.once('guildDelete', it => resolve(it.id)));
  discord.world.removeGuild(guild.id);
  expect(await left).toBe(guild.id);
});

test('hundreds of guilds are cheap', async () => {
  const discord = await startStandIn();
  for (let count = 0; count < 500; count += 1) discord.world.addGuild({ name: `guild ${count}` });
  const client = await connectClient(discord);
  expect(client.guilds.cache.size).toBe(502);
});
