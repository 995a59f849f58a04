import { afterEach, beforeEach, expect, test } from 'vitest';
import { hallo } from '../../commands/hallo.ts';
import { COMMANDS } from '../../commands/index.ts';
import { type Bot, inputs, startBot, useHallo } from '../discord/support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

const onlyReply = (handle: Awaited<ReturnType<typeof useHallo>>['handle']) => handle.original()?.content ?? '';

test('/hallo is admitted first, then deferred publicly, and the message is handed to the life cycle', async () => {
  const { handle, acknowledged } = await useHallo(bot, { pose_weight: 2.5, spoiler: true });
  expect(acknowledged).toMatchObject({ kind: 'deferred', ephemeral: false });
  expect(bot.core.calls).toEqual(['admit r1', 'deferred r1']);
  const render = bot.core.renders.get('r1');
  expect(render).toMatchObject({
    messageId: handle.original()?.id,
    guildId: bot.discord.places.guild.id,
    channelId: bot.discord.places.general.id,
    memberId: bot.discord.places.ada.id,
    askedAtMs: handle.createdAt,
    private: false,
    spoiler: true,
    attachmentSizeLimitBytes: 20 * 1024 * 1024,
    weights: { poseWeight: 2.5, faceWeight: 1, lipWeight: 1.2, faceExpandRatio: 1.2 },
    portrait: { kind: 'attachment', name: 'face.png', contentType: 'image/png' },
    voice: { kind: 'attachment', name: 'voice.wav' },
  });
});

test.each([-10, 10])(
  "the age of a token is told by the bot's own clock, also where Discord's is %i minutes ahead",
  async minutes => {
    await bot.stop();
    bot = await startBot({ discordAheadMs: minutes * 60_000 });
    await useHallo(bot);
    expect(bot.core.renders.get('r1')?.askedAtMs).toBe(bot.clock.now());
  },
);

test('with private the deferral is for the member alone', async () => {
  const { handle, acknowledged } = await useHallo(bot, { private: true });
  expect(acknowledged).toMatchObject({ kind: 'deferred', ephemeral: true });
  expect(handle.original()?.ephemeralFor).toBe(bot.discord.places.ada.id);
});

test('an input that is certainly wrong is refused in private, with what would be right, and nothing is admitted', async () => {
  bot.core.state.problem = { code: 'voice-too-long', facts: { seconds: 95.26, maxSeconds: 60 } };
  const { handle, acknowledged } = await useHallo(bot);
  expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(onlyReply(handle)).toBe(
    '**No video this time.** The voice clip lasts 95.3 s. Up to 60 s will do.\nNothing was charged.',
  );
  expect(bot.core.calls).toEqual([]);
});

test('a channel in which the bot may not attach files is refused in private, and named', async () => {
  bot.discord.world.setAppPermissions(bot.discord.places.general.id, ['ViewChannel', 'SendMessages']);
  const { handle, acknowledged } = await useHallo(bot);
  expect(acknowledged.ephemeral).toBe(true);
  expect(onlyReply(handle)).toContain('Attach Files');
  expect(onlyReply(handle)).not.toContain('Send Messages');
  expect(bot.core.calls).toEqual([]);
});

test('a private render needs no right of the bot in the channel', async () => {
  bot.discord.world.setAppPermissions(bot.discord.places.general.id, ['ViewChannel']);
  const { acknowledged } = await useHallo(bot, { private: true });
  expect(acknowledged.kind).toBe('deferred');
});

test('a reached limit is refused in private with the time at which the next one is free', async () => {
  const freeAtMs = bot.clock.now() + 90_500;
  bot.core.state.refusal = { kind: 'limit', refusal: { limit: 'per-hour', size: 20, freeAtMs } };
  const { handle, acknowledged } = await useHallo(bot);
  expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(onlyReply(handle)).toContain(`<t:${Math.ceil(freeAtMs / 1000)}:R>`);
  expect(onlyReply(handle)).toContain('20 videos an hour');
});

test('while the provider takes nothing, and while the bot stops, the member is told so in private', async () => {
  bot.core.state.refusal = { kind: 'paused', reason: 'credits' };
  expect(onlyReply((await useHallo(bot)).handle)).toContain('Nothing was charged');
  bot.core.state.refusal = { kind: 'draining' };
  expect(onlyReply((await useHallo(bot)).handle)).toContain('restarted');
});

test('a deferral that Discord certainly refused closes the row', async () => {
  const route = '/interactions/:id/:token/callback';
  bot.discord.faults.order({ fault: 'answer', route, status: 404, code: 10062, message: 'Unknown interaction' });
  const { guild, general, ada } = bot.discord.places;

  await bot.discord.members.command({
    guildId: guild.id,
    channelId: general.id,
    memberId: ada.id,
    name: 'hallo',
    options: inputs,
  });
  await expect.poll(() => bot.core.calls).toEqual(['admit r1', 'neverDeferred r1']);
});

test('a deferral whose answer was lost is left to be looked for, and is found where it stands', async () => {
  const route = '/interactions/:id/:token/callback';
  bot.discord.faults.order({ fault: 'drop', route, handled: true, times: 1 });
  const { handle } = await useHallo(bot);
  await expect.poll(() => bot.logs.find(line => line.event === 'deferral')?.facts.deferral).toBe('unknown');
  expect(bot.core.calls).toEqual(['admit r1']);
  const render = bot.core.renders.get('r1');
  const found = render && (await bot.announcer.findDeferral(render));
  expect(found).toEqual({ kind: 'stands', messageId: handle.original()?.id });
});

test('an apology is no deferral: a render of which the member was told that it failed is given up', async () => {
  const deferred = await useHallo(bot);
  bot.core.state.failure = new Error('the answer was lost');
  const { acknowledged, handle } = await useHallo(bot);
  expect(acknowledged.kind).toBe('message');
  const render = bot.core.renders.get('r1');
  if (render === undefined) throw new Error('not admitted');
  expect(await bot.announcer.findDeferral(render)).toEqual({ kind: 'stands', messageId: deferred.handle.original()?.id });
  expect(await bot.announcer.findDeferral({ ...render, interactionToken: handle.token })).toEqual({ kind: 'never' });
});

test('a deferral that was taken although Discord answered 500 is not given up', async () => {
  const route = '/interactions/:id/:token/callback';
  bot.discord.faults.order({ fault: 'answer', route, status: 500, handled: true, times: 1 });
  const { acknowledged } = await useHallo(bot);
  expect(acknowledged.kind).toBe('deferred');
  await expect.poll(() => bot.logs.find(line => line.event === 'deferral')?.facts.deferral).toBe('unknown');
  expect(bot.core.calls).toEqual(['admit r1']);
});

test('a deferral that was cut off before Discord took it is sent once more', async () => {
  bot.discord.faults.order({ fault: 'drop', route: '/interactions/:id/:token/callback', handled: false, times: 1 });
  const { acknowledged } = await useHallo(bot);
  expect(acknowledged.kind).toBe('deferred');
  await expect.poll(() => bot.core.calls).toEqual(['admit r1', 'deferred r1']);
});

test('a handler that breaks is logged without the token, and answered with a calm private line', async () => {
  bot.core.state.failure = new Error('database is on fire: /webhooks/123/aW50ZXJhY3Rpb246c2VjcmV0/messages');
  const { handle, acknowledged } = await useHallo(bot);
  expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(onlyReply(handle)).toContain('Something went wrong on my side');
  const line = JSON.stringify(bot.logs.find(each => each.event === 'handler-failed'));
  expect(line).toContain('database is on fire');
  expect(line).not.toContain('aW50ZXJhY3Rpb246');
});

test('a refusal that was cut off on the way is sent once more', async () => {
  bot.core.state.refusal = { kind: 'draining' };
  bot.discord.faults.order({ fault: 'drop', route: '/interactions/:id/:token/callback', handled: false, times: 1 });
  expect(onlyReply((await useHallo(bot)).handle)).toContain('restarted');
});

test('a ledger that fails once the deferral stands leaves the message to the life cycle, without an apology', async () => {
  bot.core.service.deferred = async () => {
    throw new Error('disk full');
  };
  const { handle } = await useHallo(bot);
  await expect.poll(() => bot.logs.map(line => line.event)).toContain('deferral-not-recorded');
  expect(handle.original()).toMatchObject({ loading: true, content: '' });
});

test('after the router was stopped everything is answered with "restarted"', async () => {
  await bot.client.stopTaking();
  const { handle } = await useHallo(bot);
  expect(onlyReply(handle)).toContain('restarted');
  expect(bot.core.calls).toEqual([]);
});

test('the options declare ranges, file types, guild install and guild context', () => {
  expect(hallo.data.contexts).toEqual([0]);
  expect(hallo.data.integration_types).toEqual([0]);
  const options = Object.fromEntries((hallo.data.options ?? []).map(option => [option.name, option]));
  expect(Object.keys(options)).toEqual([
    ...['image', 'audio', 'pose_weight', 'face_weight', 'lip_weight', 'face_expand_ratio', 'preset', 'private', 'spoiler'],
  ]);
  expect(options.pose_weight).toMatchObject({ min_value: 0, max_value: 10 });
  expect(options.image).toMatchObject({ required: true, file_types: expect.arrayContaining(['.png', '.webp']) });
  expect(options.audio).toMatchObject({ required: true, file_types: expect.arrayContaining(['.wav', '.ogg']) });
  expect(new Set(COMMANDS.map(command => command.data.name)).size).toBe(COMMANDS.length);
});
