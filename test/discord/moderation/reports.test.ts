/** Reports of videos, through real discord.js: the form, the card, hiding, and what a moderator makes of it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportOpeningOf } from '../../../src/core/moderation/case.ts';
import type { Render } from '../../../src/core/render.ts';
import { type Bot, customIdsOf, labelsOf, messageOf, renderInState, startBot, videoDone } from '../support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
  bot.core.state.policy = { moderationChannelId: places().moderators.id, hideAfterReports: 2 };
});
afterEach(() => bot.stop());

const places = () => bot.discord.places;
const card = () => bot.discord.messages.inChannel(places().moderators.id).at(-1);

async function video(options = {}): Promise<Render> {
  await bot.video(10);
  const render = await renderInState(bot, { ...videoDone(bot.clock.now()), videoKey: 'videos/v.mp4' }, options);
  await bot.announcer.outcome(render);
  return bot.core.change(render.id, { phase: 'closed', rung: 'interaction' });
}

async function report(render: Render, memberId: string, why = 'this is me') {
  const customId = `hallo:report:${render.id}`;
  const pressed = bot.discord.members.press({ messageId: render.messageId ?? '', customId, memberId });
  const acknowledged = await pressed.acknowledged;
  if (acknowledged.kind !== 'modal') return pressed.original()?.content;
  const sent = await bot.discord.members.submitModal({ interaction: pressed, values: { why } });
  await sent.acknowledged;
  await bot.router.idle();
  await bot.desk.idle();
  return sent.original()?.content;
}

async function pressCard(label: string, memberId = places().mia.id) {
  const customId = customIdsOf(card())[labelsOf(card()).indexOf(label)] ?? '';
  const handle = bot.discord.members.press({ messageId: card()?.id ?? '', customId, memberId });
  await handle.acknowledged;
  await bot.router.idle();
  await bot.desk.idle();
  return handle;
}

test('anybody reports a video once: one card, whose count grows, with their words made harmless', async () => {
  const render = await video();
  const { ben, otto } = places();
  bot.core.state.policy = { ...bot.core.state.policy, hideAfterReports: 0 };
  expect(await report(render, ben.id, 'not me @everyone **x**')).toBe('Thank you. The moderators have been told.');
  expect(bot.core.calls).toContain(`answersNoMore ${render.id}`);
  expect(await report(render, ben.id)).toContain('reported this video already');
  expect(card()?.content).toContain('**Reported by 1 member**');
  expect(card()?.content).toContain(`> <@${ben.id}>: not me everyone x`);
  expect(card()?.mentions).toMatchObject({ everyone: false, userIds: [] });
  expect(labelsOf(card())).toContain('Remove video');
  await report(render, otto.id, 'nor me');
  expect(card()?.content).toContain('**Reported by 2 members**');
  expect(bot.discord.messages.inChannel(places().moderators.id)).toHaveLength(1);
  expect(messageOf(bot, render)?.attachments).toHaveLength(1);
});

test('past the threshold the video is hidden until a moderator decides; Dismiss shows it again from the kept file', async () => {
  const render = await video();
  const { ada, ben, otto } = places();
  await report(render, ben.id);
  expect(messageOf(bot, render)?.attachments).toHaveLength(1);
  await report(render, otto.id);
  expect(messageOf(bot, render)).toMatchObject({ attachments: [], components: [] });
  expect(messageOf(bot, render)?.content).toBe(
    'This video was reported by several members. It is hidden until a moderator decides.',
  );
  expect(card()?.content).toContain('The video is hidden until one of you decides.');
  expect(bot.kept.extended).toContain('videos/v.mp4');
  await pressCard('Dismiss');
  expect(messageOf(bot, render)?.attachments).toMatchObject([{ sizeBytes: 10 }]);
  expect(messageOf(bot, render)?.content).toContain(`<@${ada.id}>'s portrait speaks.`);
  expect(labelsOf(messageOf(bot, render))).toEqual(['Try again', 'Again with…', 'Delete', 'Report']);
});

test('a moderator who shows a video again is told in private where its file is gone, and only then', async () => {
  const [kept, gone] = [await video(), await video()];
  await report(kept, places().ben.id);
  await pressCard('Remove video');
  expect((await pressCard('Undo')).followUps()).toEqual([]);
  await report(gone, places().ben.id);
  expect((await pressCard('Remove video')).followUps()).toEqual([]);
  bot.core.state.videoPath = undefined;
  const [told, ...more] = (await pressCard('Undo')).followUps();
  expect(told?.content).toBe(
    'The file of this video is no longer kept, so its message can’t show it again. The decision stands.',
  );
  expect(told?.flags).toBe(64);
  expect(more).toEqual([]);
});

test('a video that is too large to be shown again is linked, not left hidden', async () => {
  const render = await video();
  await report(render, places().ben.id);
  await pressCard('Remove video');
  const route = `/channels/${render.channelId}/messages/*`;
  bot.discord.faults.order({ fault: 'answer', method: 'PATCH', route, status: 413 });
  await pressCard('Undo');
  expect(messageOf(bot, render)?.attachments).toEqual([]);
  expect(messageOf(bot, render)?.content).toContain('https://files.example/out.mp4');
  expect(card()?.content).toContain('The video is visible.');
  expect(bot.alarms).toEqual([]);
});

test('a video that Discord refuses to hide is alarmed, also where no other try is made', async () => {
  const render = await video();
  await report(render, places().ben.id);
  const route = `/channels/${render.channelId}/messages/*`;
  bot.discord.faults.order({ fault: 'answer', method: 'PATCH', route, status: 400, code: 50035 });
  await pressCard('Remove video');
  expect(bot.alarms).toEqual([expect.stringContaining('a reported video could not be changed')]);
});

test('a case that can’t be brought in line for now holds no other up', async () => {
  const [first, second] = [await video(), await video()];
  // Nothing can be kept for longer: the disk is full.
  Object.freeze(bot.kept.extended);
  bot.core.state.policy = { ...bot.core.state.policy, hideAfterReports: 1 };
  await report(first, places().ben.id);
  bot.core.state.policy = { ...bot.core.state.policy, hideAfterReports: 0 };
  await report(second, places().ben.id);
  expect(card()?.content).toContain(second.messageId);
  expect(bot.alarms).toEqual([expect.stringContaining('a case could not be shown')]);
  bot.kept.extended = [];
  await bot.advance(60_000);
  await bot.desk.idle();
  expect(messageOf(bot, first)?.attachments).toEqual([]);
  expect(card()?.content).toContain(first.messageId);
});

test('Remove takes a video away, Undo brings it back; a warning or a suspension takes it away too', async () => {
  const render = await video();
  await report(render, places().ben.id);
  await pressCard('Remove video');
  expect(messageOf(bot, render)).toMatchObject({ content: 'A moderator has removed this video.', attachments: [] });
  await pressCard('Undo');
  expect(messageOf(bot, render)?.attachments).toHaveLength(1);
  await pressCard('Suspend until lifted');
  expect(messageOf(bot, render)?.attachments).toEqual([]);
  expect(await bot.store.suspensionOf(places().guild.id, places().ada.id, bot.clock.now())).toMatchObject({ untilMs: null });
});

test('a press after a restart, and a message that was deleted meanwhile, are no trouble', async () => {
  const render = await video();
  await report(render, places().ben.id);
  bot.discord.members.remove({ messageId: render.messageId ?? '', memberId: places().mia.id });
  await pressCard('Remove video');
  expect(card()?.content).toContain('The message of the video is gone.');
  expect(await bot.store.nextDueAtMs()).toBeUndefined();
});

test('what Discord refuses for the moment is tried again, and the reporter does not wait for it', async () => {
  const render = await video();
  const route = `/channels/${places().moderators.id}/messages`;
  bot.discord.faults.order({ fault: 'answer', method: 'POST', route, status: 503, times: 2 });
  expect(await report(render, places().ben.id)).toBe('Thank you. The moderators have been told.');
  expect(card()).toBeUndefined();
  for (let n = 0; n < 4; n += 1) {
    await bot.advance(60_000);
    await bot.desk.idle();
  }
  expect(card()?.content).toContain('**Reported by 1 member**');
});

test('a message that the bot may not change is tried again, the card says so, and the operator is told', async () => {
  const render = await video();
  await report(render, places().ben.id);
  const route = `/channels/${render.channelId}/messages/*`;
  bot.discord.faults.order({ fault: 'answer', method: 'PATCH', route, status: 403, code: 50013 });
  await pressCard('Remove video');
  expect(card()?.content).toContain('The message of the video is being changed; if that fails, it is tried again.');
  expect(bot.alarms).toEqual([expect.stringContaining('a reported video could not be changed')]);
  await bot.advance(3_600_000);
  await bot.desk.idle();
  expect(messageOf(bot, render)?.content).toBe('A moderator has removed this video.');
  expect(card()?.content).toContain('The video is removed.');
});

test('however much reporters say, the card shows what was decided', async () => {
  const render = await video();
  const { ben, otto, mia, ada } = places();
  bot.core.state.policy = { ...bot.core.state.policy, hideAfterReports: 0 };
  for (const { id } of [ben, otto, mia, ada]) await report(render, id, 'wörter '.repeat(43).trim());
  const words = { memberId: '1', atMs: 1, why: 'wörter '.repeat(43).trim() };
  await bot.store.report(reportOpeningOf(render), words, 0);
  await pressCard('Suspend until lifted');
  expect(card()?.content).toContain('It ends when it is lifted.');
  expect(card()?.content).toContain(`<@${mia.id}>: wörter`);
});

test('a video whose record is gone, by retention or by its member, is reported by its message, and can be removed', async () => {
  const render = await video();
  const { ada, ben, guild } = places();
  bot.core.renders.delete(render.id);
  expect(await report(render, ben.id, 'this is me')).toBe('Thank you. The moderators have been told.');
  const [held] = await bot.store.openCases(guild.id, 5);
  expect(held).toMatchObject({ memberId: ada.id, channelId: render.channelId, messageId: render.messageId, reports: 1 });
  expect(card()?.content).toContain(`<@${ada.id}> (${ada.id})`);
  await pressCard('Remove video');
  expect(messageOf(bot, render)).toMatchObject({ content: 'A moderator has removed this video.', attachments: [] });
  await pressCard('Undo');
  expect(messageOf(bot, render)?.content).toContain('its file can no longer be reached');
});

test('a message without a video, whatever its button says, is not reported', async () => {
  const render = await video();
  bot.core.renders.delete(render.id);
  await bot.calls.asBot({
    ...{ method: 'PATCH', route: `/channels/${render.channelId}/messages/${render.messageId ?? ''}` },
    body: { attachments: [] },
  });
  expect(await report(render, places().ben.id)).toBe('This video is not known any more.');
});

test('garbage in the form is answered, and nothing is reported', async () => {
  const render = await video();
  expect(await report(render, places().ben.id, ' \u200b\n— ')).toBe('Please say in some words what is wrong with the video.');
  expect(await bot.store.openCases(places().guild.id, 5)).toEqual([]);
});

test('a private video has no Report, and a video of elsewhere is not known', async () => {
  const hidden = await video({ private: true });
  expect(labelsOf(messageOf(bot, hidden))).not.toContain('Report');
  const render = await video();
  bot.core.change(render.id, { guildId: places().second.guild.id });
  expect(await report(render, places().ben.id)).toBe('This video is not known any more.');
});
