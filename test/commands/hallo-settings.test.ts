/** A guild's policy in the hands of those who manage it, through real discord.js and the stand-in. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InteractionHandle } from '../../sandbox/discord/index.ts';
import { costReport } from '../../src/core/costs.ts';
import { policySchema } from '../../src/core/policy.ts';
import { toCustomId } from '../../src/discord/custom-id.ts';
import { LONGEST_CONTENT } from '../../src/discord/platform.ts';
import { readForm } from '../../src/discord/settings/read-form.ts';
import { fieldsOf, SECTION_NAMES, type Section, settingsOf } from '../../src/discord/settings/sections.ts';
import { settingsView } from '../../src/discord/views/settings.ts';
import { type Bot, startBot, texts } from '../discord/support.ts';
import { NO_BOUNDS, OPEN_POLICY } from '../support/requests.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

const places = () => bot.discord.places;
const policy = () => bot.core.policies.of(places().guild.id);

async function settled(handle: InteractionHandle) {
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, ...acknowledged, text: handle.original()?.content ?? '' };
}

async function use(subcommand: string, memberId = places().otto.id) {
  const { guild, general } = places();
  const where = { guildId: guild.id, channelId: general.id, memberId };
  return settled(await bot.discord.members.command({ ...where, name: 'hallo-settings', subcommand }));
}

type Values = NonNullable<Parameters<Bot['discord']['members']['submitModal']>[0]['values']>;

/** Opens a form and sends it with these values; fields left out stay as the form had them. */
async function fillIn(subcommand: Section, values: Values) {
  const opened = await use(subcommand);
  expect(opened.kind).toBe('modal');
  return settled(await bot.discord.members.submitModal({ interaction: opened.handle, values }));
}

test('show tells every setting and the month, in private, in the language of whoever asks', async () => {
  const shown = await use('show');
  expect(shown).toMatchObject({ kind: 'message', ephemeral: true });
  expect(shown.text).toContain('Videos an hour: 1000');
  expect(shown.text).toContain('This month: 0.84 of 10000.00 US$, 2 videos.');
  places().otto.locale = 'de';
  expect((await use('show')).text).toContain('Videos pro Stunde: 1000');
});

test('costs name average, forecast, what is left until when, and members', async () => {
  const { text } = await use('costs');
  expect(text).toContain('A video costs 0.42 US$ on average. As it goes, the month will cost');
  expect(text).toMatch(/enough for about \d+ videos\. The budget is renewed <t:\d+:R>\./);
  expect(text).toContain('<@100000000000000003>: 0.84 US$, 2 videos');
});

test('each form opens as Discord takes it, in each language, and sent as it is it changes nothing', async () => {
  for (const locale of ['en-US', 'de']) {
    places().otto.locale = locale;
    for (const section of SECTION_NAMES) {
      const sent = await fillIn(section, {});
      expect(sent.text).toBe(texts.say(locale, 'settings.unchanged'));
    }
  }
  expect(bot.core.settings.size).toBe(0);
});

describe('a change is confirmed with before and after, holds at once, and leaves a trace', () => {
  test('numbers', async () => {
    const { text } = await fillIn('limits', { perHour: '5', usdPerMonth: '12,5' });
    expect(text).toBe('**Changed:**\nVideos an hour: 1000 → 5\nUS$ a month: 10000 → 12.5');
    expect(await policy()).toMatchObject({ perHour: 5, usdPerMonth: 12.5, atOnce: OPEN_POLICY.atOnce });
    expect(bot.logs).toContainEqual({
      event: 'policy-changed',
      facts: { guildId: places().guild.id, memberId: places().otto.id, changed: 'perHour usdPerMonth' },
    });
    const where = { channelId: places().general.id, memberId: places().mia.id, name: 'hallo-moderation', subcommand: 'log' };
    const { text: log } = await settled(await bot.discord.members.command(where));
    expect(log).toContain('changed settings (Videos an hour: 1000 → 5; US$ a month: 10000 → 12.5)');
    expect(bot.core.calls).toEqual([`policyChanged ${places().guild.id}`]);
  });

  test('roles and channels', async () => {
    const moderators = bot.discord.world.roleNamed(places().guild.id, 'moderator').id;
    const { text } = await fillIn('access', { deniedRoles: [moderators], allowedChannels: [places().general.id] });
    expect(text).toContain(`Roles that may not: none → <@&${moderators}>`);
    expect(await policy()).toMatchObject({ deniedRoles: [moderators], allowedChannels: [places().general.id] });
    // The next form has them chosen already, so that sending it keeps them.
    expect((await fillIn('access', {})).text).toContain('Nothing changed');
    expect((await fillIn('access', { deniedRoles: [] })).text).toContain(`<@&${moderators}> → none`);
  });

  test('weights, choices, language and switches', async () => {
    expect(await fillIn('weights', { lip_weight: '3' }).catch(() => undefined)).toBeUndefined();
    expect((await fillIn('weights', { lipWeight: '3' })).text).toBe('**Changed:**\nLips: 1.2 → 3');
    const feedback = await fillIn('feedback', { blockedDetailsTo: 'moderators', language: ['de'] });
    expect(feedback.text).toContain("Language of public messages: the member's own → Deutsch");
    const switches = await fillIn('switches', { switches: ['spoilerAlways'] });
    expect(switches.text).toContain('/hallo is switched on: yes → no');
    expect(await policy()).toMatchObject({
      ...{ blockedDetailsTo: 'moderators', language: 'de', spoilerAlways: true, enabled: false },
      weights: { ...OPEN_POLICY.weights, lipWeight: 3 },
    });
  });

  test('a channel for moderators, where the bot may post', async () => {
    const { moderators } = places();
    bot.discord.world.setAppPermissions(moderators.id, ['ViewChannel']);
    const refused = await fillIn('moderation', { moderationChannelId: [moderators.id] });
    expect(refused.text).toContain(`In <#${moderators.id}> I am missing: Send Messages, Attach Files.`);
    expect((await policy()).moderationChannelId).toBeNull();
    bot.discord.world.setAppPermissions(moderators.id, null);
    const taken = await fillIn('moderation', { moderationChannelId: [moderators.id], hideAfterReports: '0' });
    expect(taken.text).toContain(`Channel for moderators: none → <#${moderators.id}>`);
  });

  test('reset asks first, and goes back to the defaults, also from what can not be read', async () => {
    bot.core.settings.set(`policy:${places().guild.id}`, { perHour: 'many', ping: 7, cooldownSeconds: 9 });
    expect((await use('show')).text).toContain('can not be read');
    const { handle } = await use('reset');
    expect(bot.core.settings.size).toBe(1);
    const press = { messageId: handle.original()?.id ?? '', customId: toCustomId('settings-reset', places().guild.id) };
    const { text } = await settled(bot.discord.members.press({ ...press, memberId: places().otto.id }));
    expect(text).toBe('**Changed:**\nSeconds between two videos of a member: 9 → 0');
    expect(bot.core.settings.size).toBe(0);
  });
});

test('the menu below the settings opens the same forms', async () => {
  const { handle } = await use('show');
  const customId = toCustomId('settings', places().guild.id);
  const chosen = await settled(
    bot.discord.members.choose({
      messageId: handle.original()?.id ?? '',
      customId,
      memberId: places().otto.id,
      values: ['limits'],
    }),
  );
  expect(chosen.kind).toBe('modal');
  const sent = await bot.discord.members.submitModal({ interaction: chosen.handle, values: { atOnce: '7' } });
  expect((await settled(sent)).text).toContain('Videos at once: 2 → 7');
});

describe('what is not right is told with what would be, and nothing is changed', () => {
  test.each(['', ' ', '-1', '1e9', '1.5', 'many', '99999999', '0x10', '@everyone', '٣'])('"%s" videos an hour', async given => {
    const opened = await use('limits');
    // As a hand-made request can: a client would keep some of these back.
    const values = { perHour: given === '' ? ' ' : given, atOnce: '3' };
    const sent = await settled(await bot.discord.members.submitModal({ interaction: opened.handle, values }));
    expect(sent).toMatchObject({ kind: 'message', ephemeral: true });
    expect(sent.text).toMatch(
      /^\*\*Nothing was changed\.\*\*.*\nVideos an hour: “[^@]*” will not do\. A whole number from 0 to 1000000\.$/,
    );
    expect(bot.core.settings.size).toBe(0);
    const again = bot.discord.members.press({
      messageId: sent.handle.original()?.id ?? '',
      customId: toCustomId('settings-form', 'limits', places().guild.id),
      memberId: places().otto.id,
    });
    expect((await again.acknowledged).kind).toBe('modal');
  });

  test('garbage in any field of any form is a problem of that field, or a change that is a policy', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.array(fc.string()),
      fc.constantFrom('1', '2.5', ['en'], ['__proto__']),
    );
    const fields = fc.dictionary(
      fc.constantFrom(
        'perHour',
        'usdPerMonth',
        'allowedRoles',
        'language',
        'switches',
        'faceCheck',
        'detailsTo',
        'poseWeight',
        'moderationChannelId',
        '__proto__',
      ),
      anything,
    );
    fc.assert(
      fc.property(fc.constantFrom(...SECTION_NAMES), fields, (section, given) => {
        const read = readForm(section, given, OPEN_POLICY, NO_BOUNDS);
        if (read.ok) expect(policySchema.safeParse({ ...OPEN_POLICY, ...read.change }).success).toBe(true);
        else expect(read.problems).not.toEqual([]);
      }),
    );
  });
});

describe('only those who manage this very server', () => {
  test('the command is not offered to others', async () => {
    await expect(use('show', places().mia.id)).rejects.toThrow('not offered to mia');
  });

  test('a form that was opened by right is refused when the right is gone', async () => {
    const opened = await use('limits');
    const { guild, otto } = places();
    bot.discord.world.addMember(guild.id, otto.id, { roles: [] });
    const sent = await settled(await bot.discord.members.submitModal({ interaction: opened.handle, values: { perHour: '1' } }));
    expect(sent.text).toContain('with the permission Manage Server');
    expect(bot.core.settings.size).toBe(0);
  });

  test('a component of another server is refused', async () => {
    const { second, general, otto, guild } = places();
    for (const [customId, type] of [
      [toCustomId('settings-reset', second.guild.id), 2],
      [toCustomId('settings', second.guild.id), 3],
    ] as const) {
      bot.core.settings.set(`policy:${second.guild.id}`, { perHour: 3 });
      const component =
        type === 2
          ? { type, style: 2, label: 'x', custom_id: customId }
          : { type, custom_id: customId, options: [{ label: 'x', value: 'limits' }] };
      const answer = await bot.calls.asBot({
        method: 'POST',
        route: `/channels/${general.id}/messages`,
        body: { content: 'x', components: [{ type: 1, components: [component] }] },
      });
      expect(answer.kind).toBe('ok');
      const messageId = bot.discord.messages.inChannel(general.id).at(-1)?.id ?? '';
      const used =
        type === 2
          ? bot.discord.members.press({ messageId, customId, memberId: otto.id })
          : bot.discord.members.choose({ messageId, customId, memberId: otto.id, values: ['limits'] });
      expect((await settled(used)).text).toContain('belong to another server');
      expect(bot.core.settings.get(`policy:${second.guild.id}`)).toEqual({ perHour: 3 });
      expect(bot.core.settings.has(`policy:${guild.id}`)).toBe(false);
    }
  });
});

test('every setting of a policy is shown, and can be set in one form', () => {
  const { weights, ...others } = OPEN_POLICY;
  const names = SECTION_NAMES.flatMap(section => fieldsOf(section).flatMap(settingsOf));
  expect(names.toSorted()).toEqual([...Object.keys(others), ...Object.keys(weights)].sort());
  for (const section of SECTION_NAMES) expect(fieldsOf(section).length).toBeLessThanOrEqual(5);
});

test('the fullest settings fit into a message, in every language', () => {
  const ids = Array.from({ length: 25 }, (_, at) => `1${String(at).padStart(18, '0')}`);
  const full = {
    ...OPEN_POLICY,
    allowedRoles: ids,
    deniedRoles: ids,
    allowedChannels: ids,
    deniedChannels: ids,
    moderationChannelId: ids[0] ?? '',
  };
  const report = costReport({ bookedUsd: 9_999, renders: 99_999 }, { budgetUsd: 1e6, estimateUsd: 0.42 }, bot.clock.now());
  for (const locale of ['en', 'de']) {
    const { content } = settingsView({ guildId: '1', policy: full, damaged: true, report }, { locale, texts });
    expect([locale, content.length < LONGEST_CONTENT, content.length]).toEqual([locale, true, content.length]);
  }
});
