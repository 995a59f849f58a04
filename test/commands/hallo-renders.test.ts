import { afterEach, beforeEach, expect, test } from 'vitest';
import { aJob, type Bot, customIdsOf, labelsOf, renderInState, startBot } from '../discord/support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

async function useRenders(memberId = bot.discord.places.ada.id) {
  const { guild, general } = bot.discord.places;
  const handle = await bot.discord.members.command({ guildId: guild.id, channelId: general.id, memberId, name: 'hallo-renders' });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { acknowledged, message: handle.original() };
}

const video = { phase: 'closed', outcome: { kind: 'video' }, outputUrl: 'https://files.example/out.mp4', job: aJob() } as const;

test('who has made none is told how', async () => {
  const { acknowledged, message } = await useRenders();
  expect(acknowledged).toMatchObject({ kind: 'deferred', ephemeral: true });
  expect(message?.content).toContain('You have not made a video here yet');
});

test('one’s own renders are listed in private, newest first, with state, link, Cancel and Try again', async () => {
  const done = await renderInState(bot, { ...video, rung: 'interaction' });
  bot.core.change(done.id, { finalChannelId: done.channelId, finalMessageId: done.messageId });
  await renderInState(bot, {
    phase: 'closed',
    rung: 'message',
    outcome: { kind: 'failed', reason: 'provider', detail: null, problem: null, charged: 'no' },
  });
  await renderInState(bot, { phase: 'rendering', job: aJob() });
  await renderInState(bot, { phase: 'waiting' });
  const { message } = await useRenders();
  expect(message?.ephemeralFor).toBe(bot.discord.places.ada.id);
  const lines = message?.content.split('\n') ?? [];
  expect(lines.map(line => line.replace(/<t:\d+:R>/, 'then').replace(/\(https:[^)]*\)/, ''))).toEqual([
    '**Your last videos here**',
    '1. then: waiting in line [message]',
    '2. then: rendering [message]',
    '3. then: no video: The video service could not make the video. [message]',
    '4. then: done [message]',
  ]);
  expect(lines[4]).toContain(`https://discord.com/channels/${done.guildId}/${done.channelId}/${done.messageId}`);
  expect(labelsOf(message)).toEqual([
    ...['1: Cancel (free)', '2: Cancel (charged all the same)', '3: Try again', '4: Try again'],
  ]);
  expect(customIdsOf(message)[0]).toBe('hallo:cancel:r4');
});

test('another member’s renders are not listed', async () => {
  await renderInState(bot, { phase: 'waiting' });
  expect((await useRenders(bot.discord.places.ben.id)).message?.content).toContain('You have not made a video');
});

test('a video that was kept for here is attached', async () => {
  await bot.video(500);
  await renderInState(bot, { ...video, rung: 'kept' });
  const { message } = await useRenders();
  expect(message?.content).toContain('done, here it is');
  expect(message?.attachments).toMatchObject([{ filename: 'hallo-ai-generated-r1.mp4', sizeBytes: 500 }]);
});

test('a kept video that is too large is linked, and so is one that Discord refuses', async () => {
  await bot.video(3 * 1024 * 1024);
  await renderInState(bot, { ...video, rung: 'kept' });
  bot.discord.world.setAttachmentSizeLimit(bot.discord.places.guild.id, 1000);
  expect((await useRenders()).message?.content).toContain('https://files.example/out.mp4');
  bot.discord.world.setAttachmentSizeLimit(bot.discord.places.guild.id, 5 * 1024 * 1024);
  bot.discord.faults.order({ fault: 'answer', method: 'PATCH', status: 413, code: 40005 });
  const { message } = await useRenders();
  expect(message?.content).toContain('https://files.example/out.mp4');
  expect(message?.attachments).toEqual([]);
});

test('no more than five are listed, the rows that a message holds', async () => {
  for (let made = 0; made < 7; made += 1) await renderInState(bot, { phase: 'waiting' });
  const { message } = await useRenders();
  expect(message?.content.split('\n')).toHaveLength(6);
  expect(customIdsOf(message)).toHaveLength(5);
});

test('what was told or shown in private, or was deleted, is listed without a link', async () => {
  const hidden = [
    { ...video, rung: 'none' },
    { phase: 'closed', rung: 'interaction', finalMessageId: '1', outcome: { kind: 'cancelled', charged: 'no' } },
  ] as const;
  for (const change of hidden) await renderInState(bot, change);
  const { message } = await useRenders();
  expect(message?.content).toContain('the message was deleted');
  expect(message?.content).not.toContain('[message]');
});
