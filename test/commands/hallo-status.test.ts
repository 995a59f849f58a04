/** What a member is told of the service, of their place and of the limits; through real discord.js. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aJob, type Bot, renderInState, startBot } from '../discord/support.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(() => bot.stop());

async function status(): Promise<string> {
  const { guild, general, ada } = bot.discord.places;
  const where = { guildId: guild.id, channelId: general.id, memberId: ada.id };
  const handle = await bot.discord.members.command({ ...where, name: 'hallo-status' });
  expect(await handle.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  return handle.original()?.content ?? '';
}
const at = (ms: number) => `<t:${Math.ceil(ms / 1000)}:R>`;

test('nothing under way, nothing used: all is left, and /hallo can be used', async () => {
  bot.core.state.policy = { perHour: 20, perMemberDay: 10, usdPerMonth: 50 };
  const text = await status();
  expect(text).toContain('takes orders. A video takes about 5 min.\nNothing of yours is under way.');
  expect(text).toContain('in an hour: 20 of 20 left.');
  expect(text).toContain('in a day: 10 of 10 left.');
  expect(text).toContain('50.00 of 50 US$ left');
  expect(text).toContain('You can use `/hallo` now.');
});

test('a video that is being made: when it is expected', async () => {
  const submittedAtMs = bot.clock.now() - 30_000;
  const render = await renderInState(bot, { phase: 'rendering', job: aJob(submittedAtMs) });
  bot.core.state.usualMs = 45_400;
  const text = await status();
  bot.core.change(render.id, { phase: 'closed' });
  expect(text).toContain('A video takes about 45 s.');
  expect(text).toContain(`rendering, expected <t:${Math.floor((submittedAtMs + 45_400) / 1000)}:R> [message](`);
});

test('the place in line; a limit that is reached says when the next is free; a paused service says so', async () => {
  const render = await renderInState(bot, { phase: 'waiting' });
  const nowMs = bot.clock.now();
  bot.core.state.policy = { perHour: 20, perMemberDay: 2, usdPerMonth: 50, cooldownSeconds: 60 };
  bot.core.state.usage = { guildHourMs: [nowMs], memberDayMs: [nowMs - 1_000, nowMs], memberLastMs: nowMs, guildMonthUsd: 12.5 };
  bot.core.state.paused = 'credits';
  const text = await status();
  expect(text).toContain('the video service is not available to this bot');
  expect(text).toContain('waiting, place 3 in line [message](https://discord.com/channels/');
  expect(text).toContain(render.messageId ?? '?');
  expect(text).toContain('in an hour: 19 of 20 left.');
  expect(text).toContain(`in a day: all 2 taken, the next is free ${at(nowMs - 1_000 + 24 * 3_600_000)}.`);
  expect(text).toContain('37.50 of 50 US$ left');
  expect(text).toContain(`there are 60 seconds between two videos. You can go on ${at(nowMs + 60_000)}.`);
});
