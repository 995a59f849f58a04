/** A community sets its rules in Discord, and they hold: through the whole house, by the server's own record of what was made. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { InteractionHandle } from '../../sandbox/discord/index.ts';
import { runCli } from '../cli/run-cli.ts';
import { type House, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
afterEach(async () => {
  const asked = (await settings('reset')).original();
  if (asked !== undefined) await house.press(asked, 'Reset all settings', house.discord.places.otto.id);
});

const told = async (handle: InteractionHandle) => {
  await handle.acknowledged;
  return house.until(() => handle.original()?.content);
};

async function settings(subcommand: string): Promise<InteractionHandle> {
  const { guild, general, otto } = house.discord.places;
  const where = { guildId: guild.id, channelId: general.id, memberId: otto.id };
  const handle = await house.discord.members.command({ ...where, name: 'hallo-settings', subcommand });
  await handle.acknowledged;
  return handle;
}

async function set(subcommand: string, values: NonNullable<Parameters<House['discord']['members']['submitModal']>[0]['values']>) {
  return told(await house.discord.members.submitModal({ interaction: await settings(subcommand), values }));
}

test('limits hold as soon as they are set, in this server alone; costs are told to it and to the operator', async () => {
  const { guild, second } = house.discord.places;
  expect(await set('limits', { perHour: '1', usdPerMonth: '50' })).toBe(
    '**Changed:**\nVideos an hour: 100000 → 1\nUS$ a month: 100000 → 50',
  );
  const video = await house.ending(await house.hallo());
  expect(sightOf(video).files).toHaveLength(1);
  expect(await told(await house.hallo())).toMatch(
    /^This server makes one video an hour\. The next one is free <t:\d+:R>\.\nNothing was charged\.$/,
  );
  const elsewhere = await house.hallo({ guildId: second.guild.id, channelId: second.general.id });
  await house.ending(elsewhere);

  const { billedUsd } = await house.record();
  const each = (billedUsd / 2).toFixed(2);
  expect(await told(await settings('costs'))).toContain(`This month: ${each} of 50.00 US$, one video.`);

  const operatorUrl = house.bots[0]?.operatorUrl ?? '';
  const { out, code } = await runCli(['costs', '--url', operatorUrl], { cwd: process.cwd() });
  expect(code).toBe(0);
  const rows = out
    .trim()
    .split('\n')
    .map(line => line.split(/ +/));
  expect(rows).toContainEqual([guild.id, each, expect.any(String), '50.00']);
  expect(rows).toContainEqual([second.guild.id, each, expect.any(String), '100000.00']);
  expect(rows.at(-1)?.slice(0, 2)).toEqual(['all', billedUsd.toFixed(2)]);
  const metrics = await (await fetch(`${operatorUrl}/metrics`)).text();
  expect(metrics).toMatch(new RegExp(`hallo_guild_spent_usd\\{guild="${guild.id}"\\} ${billedUsd / 2}\\d*`));
});

test('a server at its budget is told so, with when it is renewed, and nothing more is ordered', async () => {
  await set('limits', { usdPerMonth: '0.1' });
  const before = house.wire.count('submit');
  expect(await told(await house.hallo())).toMatch(
    /^This server's budget of 0\.1 US\$ a month is used up\. It is renewed <t:\d+:R>\.\nNothing was charged\.$/,
  );
  expect(house.wire.count('submit')).toBe(before);
});

test('language, default weights and what is shown of a block follow the rules of the server', async () => {
  await set('weights', { poseWeight: '2' });
  await set('feedback', { language: ['de'], blockedDetailsTo: 'everyone' });
  await house.order({ fault: 'failed', text: 'NSFW content detected: **nudity**' });
  const first = await house.hallo();
  const blocked = await house.until(() => first.original()?.content.includes('Diesmal') && first.original());
  expect(blocked.content).toMatch(/^\*\*Diesmal kein Video\.\*\* Der Sicherheitsfilter/);
  expect(blocked.content).toContain('Der Dienst meldet: NSFW content detected: nudity\n');
  expect(blocked.content).toContain('Es wurde nichts berechnet.');
  const second = await house.hallo();
  const video = await house.until(() => second.original()?.attachments[0] && second.original());
  expect(video.content).toContain('KI-generiert · Kopf 2 ·');

  await set('switches', { switches: ['ping'] });
  expect(await told(await house.hallo())).toContain('`/hallo` is switched off on this server.');
});
