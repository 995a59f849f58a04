/** The rules of one server are taken to another as a file, and hold there: through the whole house. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OptionValue } from '../../sandbox/discord/index.ts';
import { type House, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ settings: { HALLO_MAX_GUILD_PER_HOUR: '50', HALLO_DEFAULT_PER_HOUR: '50' } });
});
afterAll(() => house.close());

type Where = { guildId: string; channelId: string };
const home = (): Where => ({ guildId: house.discord.places.guild.id, channelId: house.discord.places.general.id });
const other = (): Where => {
  const { guild, general } = house.discord.places.second;
  return { guildId: guild.id, channelId: general.id };
};

async function settings(where: Where, subcommand: string, options: Record<string, OptionValue> = {}) {
  const who = { ...where, memberId: house.discord.places.otto.id };
  const handle = await house.discord.members.command({ ...who, name: 'hallo-settings', subcommand, options });
  await handle.acknowledged;
  return house.until(() => (handle.original()?.content ? handle.original() : undefined));
}
const importing = (where: Where, text: string) =>
  settings(where, 'import', { file: { file: { name: 'rules.json', bytes: Buffer.from(text) } } });

test('from one server to another: shown first, taken by a press, and within what the operator allows', async () => {
  const { guild, general, otto } = house.discord.places;
  const form = await house.discord.members.command({
    ...{ guildId: guild.id, channelId: general.id, memberId: otto.id, name: 'hallo-settings', subcommand: 'limits' },
  });
  await form.acknowledged;
  const changed = await house.discord.members.submitModal({ interaction: form, values: { perHour: '1' } });
  await changed.acknowledged;

  const exported = await settings(home(), 'export');
  expect(sightOf(exported)).toMatchObject({ private: true, files: ['hallo-settings.json'] });
  const file = await (await fetch(exported.attachments[0]?.url ?? '')).text();

  const greedy = await importing(other(), file.replace('"perHour": 1', '"perHour": 51'));
  expect(sightOf(greedy)).toMatchObject({
    lines: [expect.any(String), '`perHour`: `51` will not do. A whole number from 0 to 50.'],
    buttons: [],
  });

  const shown = await importing(other(), file);
  expect(sightOf(shown).lines.slice(0, 2)).toEqual(['**This would change:**', 'Videos an hour: 50 → 1']);
  expect((await settings(other(), 'show')).content).toContain('Videos an hour: 50');
  await house.press(shown, 'Take these settings', otto.id);
  expect((await settings(other(), 'show')).content).toContain('Videos an hour: 1\n');

  expect(sightOf(await house.ending(await house.hallo(other()))).files).toHaveLength(1);
  const refused = await house.hallo(other());
  expect(refused.original()?.content).toMatch(/^This server makes one video an hour\./);
});
