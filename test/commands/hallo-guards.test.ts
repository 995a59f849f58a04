/** What members are told whom a guard refuses, and what a guild's policy does to a request, through real discord.js. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { DEFAULT_WEIGHTS, PRESETS } from '../../src/core/weights.ts';
import { type Bot, inputs, startBot, useHallo } from '../discord/support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

async function told(policy: Partial<Policy>, memberId?: string): Promise<string> {
  bot.core.state.policy = policy;
  const { handle, acknowledged } = await useHallo(bot, {}, memberId);
  expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(bot.core.renders.size).toBe(0);
  return handle.original()?.content ?? '';
}

test('switched off', async () => {
  expect(await told({ enabled: false })).toContain('switched off on this server');
});

test('suspended: until when, and why, in words that neither format nor mention', async () => {
  bot.core.state.suspension = { untilMs: Date.UTC(2026, 5, 1), why: '**spam** @everyone' };
  expect(await told({})).toBe(
    `A moderator has suspended you from \`/hallo\` on this server. It ends <t:${Date.UTC(2026, 5, 1) / 1000}:R>.\nThe reason given: spam everyone\nNothing was charged.`,
  );
  bot.core.state.suspension = { untilMs: null, why: null };
  expect(await told({})).toContain('until it is lifted');
});

test('roles: who may is named; a role that is denied keeps its members out', async () => {
  const { guild, ada, mia } = bot.discord.places;
  const moderators = bot.discord.world.roleNamed(guild.id, 'moderator').id;
  expect(await told({ allowedRoles: [moderators] }, ada.id)).toContain(`one of these roles: <@&${moderators}>`);
  expect(await told({ deniedRoles: [moderators] }, mia.id)).toContain('One of your roles may not use');
  bot.core.state.policy = { allowedRoles: [moderators] };
  expect((await useHallo(bot, {}, mia.id)).acknowledged.kind).toBe('deferred');
});

test('channels: where it is right is named; age-restricted ones are told by Discord', async () => {
  const { general, ageRestricted, ada } = bot.discord.places;
  expect(await told({ allowedChannels: [ageRestricted.id] })).toContain(`in one of these channels: <#${ageRestricted.id}>`);
  expect(await told({ deniedChannels: [general.id] })).toContain('switched off in this channel');
  expect(await told({ ageRestrictedOnly: true })).toContain('age-restricted channels only');
  expect((await useHallo(bot, {}, ada.id, ageRestricted.id)).acknowledged.kind).toBe('deferred');
});

test('the weights of the guild where the member gives none, its spoiler always, its language in public alone', async () => {
  const weights = { poseWeight: 2, faceWeight: 3, lipWeight: 4, faceExpandRatio: 5 };
  bot.core.state.policy = { weights, spoilerAlways: true, language: 'de' };
  await useHallo(bot, { lip_weight: 9 });
  await useHallo(bot, { private: true });
  const [open, secret] = bot.core.renders.values();
  expect(open).toMatchObject({ weights: { ...weights, lipWeight: 9 }, spoiler: true, locale: 'de' });
  expect(secret).toMatchObject({ weights, spoiler: true, locale: 'en-US' });
});

test('each of 500 servers has its own rules', async () => {
  const { ada } = bot.discord.places;
  const servers = Array.from({ length: 500 }, (_, at) => {
    const guild = bot.discord.world.addGuild({ name: `server ${at}`, memberIds: [ada.id] });
    return { guildId: guild.id, channelId: guild.channelIds[0] ?? '', role: String(10_000 + at) };
  });
  await Promise.all(servers.map(({ guildId, role }) => bot.core.policies.set(guildId, { allowedRoles: [role] })));
  const texts = await Promise.all(
    servers.map(async where => {
      const handle = await bot.discord.members.command({ ...where, memberId: ada.id, name: 'hallo', options: inputs });
      await handle.acknowledged;
      return handle.original()?.content ?? '';
    }),
  );
  expect(texts).toEqual(
    servers.map(
      ({ role }) => `On this server \`/hallo\` is for members with one of these roles: <@&${role}>.\nNothing was charged.`,
    ),
  );
  expect(bot.core.renders.size).toBe(0);
});

test('a preset sets all weights, before the guild’s; what is given by itself goes before both', async () => {
  bot.core.state.policy = { weights: { poseWeight: 2, faceWeight: 3, lipWeight: 4, faceExpandRatio: 5 } };
  await useHallo(bot, { preset: 'still', lip_weight: 9 });
  await useHallo(bot, { preset: 'natural' });
  const [still, natural] = bot.core.renders.values();
  expect(still?.weights).toEqual({ ...PRESETS.still, lipWeight: 9 });
  expect(natural?.weights).toEqual(DEFAULT_WEIGHTS);
});
