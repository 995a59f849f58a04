import { afterEach, beforeEach, expect, test } from 'vitest';
import { aJob, type Bot, labelsOf, messageOf, renderInState, startBot, videoDone } from '../support.ts';

const MINUTE_MS = 60_000;

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

test('the live message shows phase, place in line, times and a bar, and whether Cancel is free', async () => {
  const render = await renderInState(bot, { phase: 'waiting' });
  await bot.announcer.progress(render, { kind: 'waiting', place: 3, reason: 'turn' });
  await bot.announcer.idle();
  expect(messageOf(bot, render)?.content).toContain('Waiting: 3rd in line.');
  expect(labelsOf(messageOf(bot, render))).toEqual(['Cancel (free)']);

  const startedAtMs = bot.clock.now();
  const expectedEndMs = startedAtMs + 180_000;
  const rendering = bot.core.change(render.id, { phase: 'rendering', job: aJob() });
  await bot.advance(5_000);
  await bot.announcer.progress(rendering, { kind: 'rendering', startedAtMs, expectedEndMs, fraction: 0.35, late: false });
  await bot.announcer.idle();
  const content = messageOf(bot, render)?.content;
  expect(content).toContain('▰▰▰▱▱▱▱▱▱▱');
  expect(content).toContain(`<t:${startedAtMs / 1000}:R>`);
  expect(content).toContain(`<t:${expectedEndMs / 1000}:R>`);
  expect(labelsOf(messageOf(bot, render))).toEqual(['Cancel (charged all the same)']);
});

test('an older progress edit that is still in flight can not overwrite the outcome', async () => {
  await bot.video(10);
  const render = await renderInState(bot, { phase: 'rendering' });
  bot.discord.faults.order({ fault: 'latency', method: 'PATCH', delayMs: 300, times: 1 });
  await bot.announcer.progress(render, { kind: 'preparing' });
  const delivered = await bot.announcer.outcome({ ...render, ...videoDone(bot.clock.now()) });
  expect(delivered).toMatchObject({ rung: 'interaction' });
  await bot.announcer.idle();
  expect(messageOf(bot, render)?.content).toContain('portrait speaks');
  expect(messageOf(bot, render)?.attachments).toHaveLength(1);
});

test('progress that comes after the outcome is dropped', async () => {
  await bot.video(10);
  const render = await renderInState(bot, { phase: 'rendering' });
  await bot.announcer.outcome({ ...render, ...videoDone(bot.clock.now()) });
  await bot.announcer.progress(render, { kind: 'preparing' });
  await bot.advance(MINUTE_MS);
  await bot.announcer.idle();
  expect(messageOf(bot, render)?.content).toContain('portrait speaks');
});

test('while Discord is out of reach, progress neither throws nor waits', async () => {
  const render = await renderInState(bot);
  bot.discord.faults.order({ fault: 'drop', method: 'PATCH', handled: false, times: 5 });
  await expect(bot.announcer.progress(render, { kind: 'preparing' })).resolves.toBeUndefined();
  await bot.announcer.idle();
  expect(messageOf(bot, render)).toMatchObject({ loading: true });
});

test('the farewell of a private render says where its result will be, keeps Cancel, and is the last edit', async () => {
  const render = await renderInState(bot, { phase: 'rendering', job: aJob() }, { private: true });
  await bot.announcer.progress(render, { kind: 'preparing' });
  await bot.advance(13.5 * MINUTE_MS);
  await bot.announcer.farewell(render);
  const farewell = messageOf(bot, render);
  expect(farewell?.content).toContain('direct message');
  expect(farewell?.content).toContain('/hallo-renders');
  expect(labelsOf(farewell)).toEqual(['Cancel (charged all the same)']);
  await bot.announcer.progress(render, { kind: 'cancelled', charged: 'yes' });
  await bot.announcer.progress({ ...render, farewellAtMs: bot.clock.now() }, { kind: 'cancelled', charged: 'yes' });
  await bot.advance(10_000);
  await bot.announcer.idle();
  expect(messageOf(bot, render)?.content).toBe(farewell?.content);
});

test('also after a restart a private render that said farewell is edited no more', async () => {
  const render = await renderInState(bot, { phase: 'rendering', farewellAtMs: bot.clock.now() }, { private: true });
  await bot.announcer.progress(render, { kind: 'preparing' });
  await bot.announcer.idle();
  expect(messageOf(bot, render)).toMatchObject({ loading: true });
});

test('a farewell that comes too late for its token is not sent', async () => {
  const render = await renderInState(bot, { phase: 'rendering' }, { private: true });
  await bot.advance(14 * MINUTE_MS);
  await bot.announcer.farewell(render);
  expect(messageOf(bot, render)).toMatchObject({ loading: true });
});
