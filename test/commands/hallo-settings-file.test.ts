/** Export and import of a guild's settings, through real discord.js and the stand-in. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InteractionHandle } from '../../sandbox/discord/index.ts';
import type { Policy } from '../../src/core/policy.ts';
import { policyFile } from '../../src/core/policy-file.ts';
import { LONGEST_CONTENT } from '../../src/discord/platform.ts';
import { LANGUAGES } from '../../src/discord/texts/languages.ts';
import { fileProblemsText } from '../../src/discord/views/settings-file.ts';
import { type Bot, customIdsOf, labelsOf, startBot, texts } from '../discord/support.ts';
import { OPEN_POLICY } from '../support/requests.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

const places = () => bot.discord.places;
const policy = (guildId = places().guild.id) => bot.core.policies.of(guildId);
const fileOf = (change: Partial<Policy>, guildId = places().guild.id) => policyFile(guildId, { ...OPEN_POLICY, ...change });

async function settled(handle: InteractionHandle) {
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, ...acknowledged, message: handle.original(), text: handle.original()?.content ?? '' };
}

async function use(subcommand: string, options: Parameters<Bot['discord']['members']['command']>[0]['options'] = {}) {
  const { guild, general, otto } = places();
  const where = { guildId: guild.id, channelId: general.id, memberId: otto.id };
  return settled(await bot.discord.members.command({ ...where, name: 'hallo-settings', subcommand, options }));
}
const importing = (text: string) => use('import', { file: { file: { name: 'settings.json', bytes: Buffer.from(text) } } });

async function take({ message }: Awaited<ReturnType<typeof use>>) {
  const press = { messageId: message?.id ?? '', customId: customIdsOf(message)[0] ?? '', memberId: places().otto.id };
  return settled(bot.discord.members.press(press));
}

async function exported(): Promise<string> {
  const { message } = await use('export');
  const answer = await fetch(message?.attachments[0]?.url ?? '');
  return answer.text();
}

test('what is exported, in private, brings everything back after a reset', async () => {
  const { guild, general } = places();
  await bot.core.policies.set(guild.id, { perHour: 5, language: 'ja', allowedChannels: [general.id], spoilerAlways: true });
  const told = await use('export');
  expect(told).toMatchObject({
    kind: 'deferred',
    ephemeral: true,
    message: { attachments: [{ filename: 'hallo-settings.json' }] },
  });
  const file = await exported();
  const before = await policy();
  await bot.core.policies.reset(guild.id);

  const shown = await importing(file);
  expect(shown).toMatchObject({ kind: 'deferred', ephemeral: true });
  expect(shown.text).toBe(
    [
      '**This would change:**',
      'Videos an hour: 1000 → 5',
      `Channels where it works: everywhere → <#${general.id}>`,
      "Language of public messages: the member's own → 日本語",
      'Every video behind a spoiler: no → yes',
    ].join('\n'),
  );
  expect(labelsOf(shown.message)).toEqual(['Take these settings']);
  expect(await policy()).toEqual(OPEN_POLICY);

  const taken = await take(shown);
  expect(taken).toMatchObject({ kind: 'message', ephemeral: true });
  expect(taken.text).toBe(shown.text.replace('**This would change:**', '**Changed:**'));
  expect(await policy()).toEqual(before);
  expect(bot.logs).toContainEqual({
    event: 'policy-changed',
    facts: { guildId: guild.id, memberId: places().otto.id, changed: 'perHour allowedChannels language spoilerAlways' },
  });
  const [entry] = await bot.store.auditLog(guild.id, { beforeSeq: null, limit: 1 });
  expect(entry).toMatchObject({ by: places().otto.id });
  expect(JSON.stringify(entry)).toContain('Videos an hour: 1000 → 5; ');
  expect((await take(shown)).text).toContain('This file has expired');
});

test('a file that changes nothing says so, and offers nothing', async () => {
  const shown = await importing(await exported());
  expect([shown.text, labelsOf(shown.message)]).toEqual([texts.say('en', 'settings.unchanged'), []]);
});

describe('roles and channels', () => {
  test('of another server are left out, which is said; those of this one stay', async () => {
    const { guild, second, general, moderators } = places();
    await bot.core.policies.set(guild.id, { allowedChannels: [general.id] });
    const shown = await importing(
      fileOf({ perHour: 9, allowedChannels: [], moderationChannelId: moderators.id }, second.guild.id),
    );
    expect(shown.text).toBe(`**This would change:**\nVideos an hour: 1000 → 9\n${texts.say('en', 'settings.file.elsewhere')}`);
    await take(shown);
    expect(await policy()).toMatchObject({ perHour: 9, allowedChannels: [general.id], moderationChannelId: null });
  });

  test('that are gone are left out, and named', async () => {
    const { general } = places();
    const shown = await importing(fileOf({ allowedChannels: [general.id, '123'], deniedRoles: ['456'] }));
    expect(shown.text).toContain(`Channels where it works: everywhere → <#${general.id}>`);
    expect(shown.text).toContain('not on this server were left out: Roles that may not, Channels where it works.');
    await take(shown);
    expect(await policy()).toMatchObject({ allowedChannels: [general.id], deniedRoles: [] });
  });

  test('a channel for moderators in which the bot can not post is refused, also when it was shown before', async () => {
    const { moderators } = places();
    const shown = await importing(fileOf({ moderationChannelId: moderators.id }));
    expect(shown.text).toContain(`Channel for moderators: none → <#${moderators.id}>`);
    bot.discord.world.setAppPermissions(moderators.id, ['ViewChannel']);
    expect((await take(shown)).text).toContain(`In <#${moderators.id}> I am missing: Send Messages, Attach Files.`);
    expect((await importing(fileOf({ moderationChannelId: moderators.id }))).text).toContain('I am missing');
    expect((await policy()).moderationChannelId).toBeNull();
  });
});

test('what is wrong in a file is named by its keys, all of it, and nothing is taken', async () => {
  const file = JSON.parse(fileOf({ ping: false }));
  Object.assign(file.settings, { perHour: -1, 'per_`hour`\n@everyone': 3, language: '<@1>', moderationChannelId: 7 });
  const { text, message } = await importing(JSON.stringify(file));
  expect(text).toBe(
    [
      '**Nothing was changed.** This needs another look:',
      '`perHour`: `-1` will not do. A whole number from 0 to 1000000.',
      '`language`: `…1…` will not do. One of these: `de`, `en`, `es-ES`, `fr`, `ja`, `pt-BR`, `null`.',
      '`moderationChannelId`: `7` will not do. The id of a channel in quotation marks, or `null`.',
      '`per_…hour…everyone`: there is no such setting.',
    ].join('\n'),
  );
  expect(labelsOf(message)).toEqual([]);
  expect(await policy()).toEqual(OPEN_POLICY);
});

test('no JSON, another file, one that is too large', async () => {
  expect((await importing('perHour: 7')).text).toContain('can not be read as JSON');
  expect((await importing('{"a":1}')).text).toContain('not one with settings of `/hallo`');
  expect((await importing(fileOf({}).replace('"version": 1', '"version": 2'))).text).toContain('of version 2; I read version 1');
  const { text } = await importing(`${fileOf({})}${' '.repeat(16 * 1024)}`);
  expect(text).toBe('Nothing was changed. The file is too large: up to 16 KB will do.');
});

test('whoever may no longer manage the server takes nothing', async () => {
  const shown = await importing(fileOf({ perHour: 9 }));
  const { guild, otto } = places();
  bot.discord.world.addMember(guild.id, otto.id, { roles: [] });
  expect((await take(shown)).text).toContain('with the permission Manage Server');
  expect(await policy()).toEqual(OPEN_POLICY);
});

test('however much is wrong, and in every language, it fits into a message', () => {
  const problems = Array.from({ length: 500 }, (_, at) => ({ kind: 'unknown-key' as const, key: `setting-${at}` }));
  for (const locale of Object.keys(LANGUAGES)) {
    const text = fileProblemsText(problems, { locale, texts });
    expect([locale, text.length <= LONGEST_CONTENT]).toEqual([locale, true]);
    expect(text.split('\n').at(-1)).toMatch(/\d/);
  }
});
