/** What a member is shown of themselves, and what is deleted when they wish so; through real discord.js. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bot, customIdsOf, renderInState, startBot } from '../discord/support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

const prepared = (name: string) => ({
  ...{ portraitKey: `${name}-portrait`, portraitUrl: 'u', voiceKey: `${name}-voice`, voiceUrl: 'u', voiceSeconds: 1, notes: [] },
});

async function use() {
  const { guild, general, ada } = bot.discord.places;
  const where = { guildId: guild.id, channelId: general.id, memberId: ada.id };
  const handle = await bot.discord.members.command({ ...where, name: 'hallo-data' });
  expect(await handle.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  return handle;
}

async function press(messageId: string, customId: string) {
  const handle = bot.discord.members.press({ messageId, customId, memberId: bot.discord.places.ada.id });
  await handle.acknowledged;
  await bot.router.idle();
}

test('who never made a video is told that nothing is kept', async () => {
  const text = (await use()).original()?.content;
  expect(text).toContain('No consent of yours.');
  expect(text).toContain('No record of a video of yours here.');
  expect(text).toContain('videos): 0.');
});

test('everything is shown, deleted only after a question, and what stays is named', async () => {
  const { guild, ada, mia } = bot.discord.places;
  await bot.core.consents.give(ada.id);
  const closed = await renderInState(bot, { phase: 'closed', videoKey: 'done-video', prepared: prepared('done') });
  const gone = await renderInState(bot, { phase: 'closed', videoKey: 'gone-video', prepared: prepared('gone') });
  const open = await renderInState(bot, { phase: 'rendering', prepared: { ...prepared('open'), voiceKey: 'done-voice' } });
  await bot.store.suspend(guild.id, ada.id, { untilMs: null, why: 'spam' }, { by: mia.id, atMs: bot.clock.now() });
  bot.core.state.consented = false;

  const handle = await use();
  const text = handle.original()?.content ?? '';
  expect(text).toContain(`version 1, given <t:${Math.floor(bot.clock.now() / 1000)}:f>`);
  expect(text).toContain('2 that have ended, 1 under way');
  // Three of the one, one more of that under way, none of the expired.
  expect(text).toContain('videos): 4.');
  expect(text).toContain('You are suspended until it is lifted.');

  const messageId = handle.original()?.id ?? '';
  await press(messageId, customIdsOf(handle.original())[0] ?? '');
  expect(bot.discord.messages.get(messageId)?.content).toContain('Delete all of it?');
  expect(bot.core.renders.size).toBe(3);
  await press(messageId, customIdsOf(bot.discord.messages.get(messageId))[0] ?? '');
  const after = bot.discord.messages.get(messageId);
  expect(after?.content).toContain('It is deleted.');
  expect(after?.content).toContain('warnings, suspensions and the audit log');
  expect(after?.components).toEqual([]);
  expect([...bot.core.renders.keys()]).toEqual([open.id]);
  expect([closed.id, gone.id].some(id => bot.core.renders.has(id))).toBe(false);
  const removed = bot.core.calls.filter(call => call.startsWith('remove'));
  // The voice is still needed by what is under way.
  expect(removed.sort()).toEqual(
    ['done-portrait', 'done-video', 'gone-portrait', 'gone-video', 'gone-voice'].map(key => `remove ${key}`),
  );
  expect(await bot.core.consents.of(ada.id)).toBeUndefined();
  expect(bot.core.calls).toContain(`forgetMember ${guild.id} ${ada.id}`);
  expect(await bot.store.suspensionOf(guild.id, ada.id, bot.clock.now())).toMatchObject({ why: 'spam' });
  expect((await use()).original()?.content).toContain('You are suspended');
});

test('a video that moderators look at stays until they have decided', async () => {
  const { guild, general, ada } = bot.discord.places;
  const held = await renderInState(bot, { phase: 'closed', videoKey: 'held-video', prepared: prepared('held') });
  const none = { messageId: null, reason: null, detail: null, portraitHash: null, portraitKey: null };
  const where = { guildId: guild.id, channelId: general.id, memberId: ada.id, renderId: held.id };
  await bot.store.openCase({ ...none, ...where, kind: 'report' });
  const handle = await use();
  expect(handle.original()?.content).toContain('looking at 1 of them');
  const messageId = handle.original()?.id ?? '';
  await press(messageId, customIdsOf(handle.original())[0] ?? '');
  await press(messageId, customIdsOf(bot.discord.messages.get(messageId))[0] ?? '');
  expect([...bot.core.renders.keys()]).toEqual([held.id]);
  expect(bot.core.calls.filter(call => call.startsWith('remove'))).toEqual([]);
});
