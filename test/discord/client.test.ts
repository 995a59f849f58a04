import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiscordClient } from '../../src/discord/client.ts';
import { type Bot, inputs, startBot } from './support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

test('the client is ready after start, and tells in which guilds the bot is, and where it comes and goes', async () => {
  expect(bot.client.isReady()).toBe(true);
  const { guild, second } = bot.discord.places;
  bot.discord.world.removeGuild(second.guild.id);
  const added = bot.discord.world.addGuild({ name: 'New' });
  await expect
    .poll(() => bot.core.guildNews)
    .toEqual([`present ${guild.id} ${second.guild.id}`, `left ${second.guild.id}`, `joined ${added.id}`]);
});

test('a refused token rejects the start without naming the token', async () => {
  const token = `${bot.discord.token.slice(0, -4)}nope`;
  const { apiBase } = bot.discord;
  const client = createDiscordClient({
    token,
    apiBase,
    shards: 'auto',
    router: bot.router,
    guilds: bot.core.guilds,
    onLost: () => {},
    log: () => {},
  });
  const refused = await client.start().then(
    () => undefined,
    (error: Error) => error,
  );
  expect(refused?.message).toContain('Discord refused the login');
  expect(refused?.message).not.toContain(token);
  await client.close();
});

test('after a dropped connection the client comes back', async () => {
  bot.discord.faults.order({ fault: 'drop-gateway' });
  await expect.poll(() => bot.logs.some(line => line.event === 'gateway-resumed'), { timeout: 10_000 }).toBe(true);
});

test('stopTaking does not wait for ever for a handler that hangs', async () => {
  bot.core.service.admit = () => new Promise(() => {});
  const { guild, general, ada } = bot.discord.places;
  await bot.discord.members.command({
    guildId: guild.id,
    channelId: general.id,
    memberId: ada.id,
    name: 'hallo',
    options: inputs,
  });
  await bot.client.stopTaking(50);
  expect(bot.core.calls).toEqual([]);
});
