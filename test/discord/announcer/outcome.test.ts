import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outcome, Render } from '../../../src/core/render.ts';
import { aJob, type Bot, customIdsOf, labelsOf, messageOf, renderInState, startBot, videoDone } from '../support.ts';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

let bot: Bot;
let shrunkTo: number[];
let shrinkFactor: number | undefined;
beforeEach(async () => {
  shrunkTo = [];
  shrinkFactor = 1;
  bot = await startBot({
    async shrink(_path, maxBytes) {
      shrunkTo.push(maxBytes);
      if (shrinkFactor === undefined) return undefined;
      const kept = bot.core.state.videoPath;
      const path = await bot.video(Math.floor(maxBytes * shrinkFactor), `smaller-${shrunkTo.length}.mp4`);
      bot.core.state.videoPath = kept;
      return path;
    },
  });
});
afterEach(() => bot.stop());

const general = () => bot.discord.places.general.id;
const ada = () => bot.discord.places.ada.id;
const inGeneral = () => bot.discord.messages.inChannel(general());
const direct = () => bot.discord.messages.direct(ada());
const done = (change: Partial<Render> = {}, options = {}) =>
  renderInState(bot, { ...videoDone(bot.clock.now()), ...change }, options);
const failed = (outcome: Partial<Outcome & { kind: 'failed' }> = {}): Partial<Render> => ({
  phase: 'announcing',
  job: aJob(),
  outcome: { kind: 'failed', reason: 'provider', detail: null, problem: null, charged: 'no', ...outcome },
});

test('a video is attached to the deferred message, with alt text, caption, AI line, weights and time', async () => {
  await bot.video(1000);
  const render = await done();
  const delivered = await bot.announcer.outcome(render);
  expect(delivered).toEqual({ kind: 'delivered', rung: 'interaction', channelId: general(), messageId: render.messageId });
  const message = messageOf(bot, render);
  expect(message?.attachments).toMatchObject([
    { filename: `hallo-ai-generated-${render.id}.mp4`, contentType: 'video/mp4', sizeBytes: 1000, spoiler: false },
  ]);
  expect(message?.attachments[0]?.description).toContain('AI-generated');
  expect(message?.content).toContain('AI-generated · pose 1.4 · face 1 · lips 1.2 · expand 1.2 · took 3 min 12 s');
  expect(message?.content).toContain(`<@${ada()}>`);
  expect(message?.pings).toEqual([]);
  expect(labelsOf(message)).toEqual(['Try again', 'Again with…', 'Delete', 'Report']);
});

test('a spoiler hides the attached video, and the link where there is no file', async () => {
  await bot.video(1000);
  const render = await done({}, { spoiler: true });
  await bot.announcer.outcome(render);
  expect(messageOf(bot, render)?.attachments[0]).toMatchObject({ spoiler: true });
  bot.core.state.videoPath = undefined;
  await bot.announcer.outcome(render);
  expect(messageOf(bot, render)?.content).toContain('||https://files.example/out.mp4||');
  expect(messageOf(bot, render)?.attachments).toEqual([]);
});

test('to deliver an outcome twice changes nothing', async () => {
  await bot.video(1000);
  const render = await done();
  await bot.announcer.outcome(render);
  const first = messageOf(bot, render);
  await bot.announcer.outcome(render);
  expect(messageOf(bot, render)?.content).toBe(first?.content);
  expect(messageOf(bot, render)?.attachments).toHaveLength(1);
  expect(inGeneral()).toHaveLength(1);
});

test('a video over the limit of the interaction is re-encoded to fit', async () => {
  bot.discord.world.setAttachmentSizeLimit(bot.discord.places.guild.id, 2 * MIB);
  await bot.video(3 * MIB);
  const render = await done();
  await bot.announcer.outcome(render);
  expect(shrunkTo).toEqual([2 * MIB]);
  expect(messageOf(bot, render)?.attachments[0]?.sizeBytes).toBe(2 * MIB);
});

test('a video that Discord finds too large all the same is made smaller once', async () => {
  await bot.video(3 * MIB);
  const render = await done();
  bot.discord.world.setAttachmentSizeLimit(bot.discord.places.guild.id, 2 * MIB);
  await bot.announcer.outcome(render);
  expect(shrunkTo).toHaveLength(1);
  expect(messageOf(bot, render)?.attachments[0]?.sizeBytes).toBe(Math.floor(3 * MIB * 0.6));
});

test('a video that can be made no smaller is linked with its expiry, and the text is not lost', async () => {
  shrinkFactor = undefined;
  await bot.video(3 * MIB);
  const render = await done();
  bot.discord.world.setAttachmentSizeLimit(bot.discord.places.guild.id, MIB);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'interaction' });
  const message = messageOf(bot, render);
  expect(message?.content).toContain('https://files.example/out.mp4');
  expect(message?.content).toContain(`<t:${(render.job?.submittedAtMs ?? 0) / 1000 + 7 * 24 * 3600}:f>`);
  expect(message?.content).toContain('took 3 min 12 s');
  expect(message?.attachments).toEqual([]);
});

test('after two refusals for size, the link is given', async () => {
  await bot.video(3 * MIB);
  const render = await done();
  bot.discord.world.setAttachmentSizeLimit(bot.discord.places.guild.id, 1000);
  await bot.announcer.outcome(render);
  expect(shrunkTo).toHaveLength(1);
  expect(messageOf(bot, render)?.content).toContain('https://files.example/out.mp4');
});

test('after 14 minutes the token is left alone, and the message is edited with the bot token', async () => {
  await bot.video(1000);
  const render = await done();
  await bot.advance(14 * MINUTE_MS);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'message', messageId: render.messageId });
  expect(messageOf(bot, render)?.attachments).toHaveLength(1);
  expect(inGeneral()).toHaveLength(1);
});

test('a token that died early (401 / 50027) leads to the bot token', async () => {
  await bot.video(1000);
  const render = await done({ askedAtMs: bot.clock.now() + 10 * MINUTE_MS });
  await bot.advance(16 * MINUTE_MS);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'message' });
});

test('a message that was deleted was deleted on purpose: nothing is posted', async () => {
  await bot.video(1000);
  const render = await done();
  bot.discord.members.remove({ messageId: render.messageId ?? '', memberId: bot.discord.places.mia.id });
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'none' });
  await bot.advance(20 * MINUTE_MS);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'none' });
  expect(inGeneral()).toEqual([]);
  expect(direct()).toEqual([]);
});

test('a message too old to be edited leads to a new one in the channel that points back, once', async () => {
  await bot.video(1000);
  const render = await done();
  await bot.advance(20 * MINUTE_MS);
  const route = '/channels/:channel/messages/:message';
  const order = () => bot.discord.faults.order({ fault: 'answer', method: 'PATCH', route, status: 400, code: 30046 });
  order();
  const delivered = await bot.announcer.outcome(render);
  expect(delivered).toMatchObject({ rung: 'channel', channelId: general() });
  order();
  expect(await bot.announcer.outcome(render)).toEqual(delivered);
  expect(inGeneral()).toHaveLength(2);
  expect(inGeneral()[1]?.content).toContain(`/${general()}/${render.messageId}`);
  expect(inGeneral()[1]).toMatchObject({ pings: [], attachments: [{ sizeBytes: 1000 }] });
});

test('a channel that is out of the bot’s sight leads to a direct message without buttons', async () => {
  await bot.video(1000);
  const render = await done();
  await bot.advance(20 * MINUTE_MS);
  bot.discord.world.setAppPermissions(general(), []);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'direct', messageId: direct()[0]?.id });
  expect(direct()[0]?.content).toContain(`<#${general()}>`);
  expect(direct()[0]?.attachments).toHaveLength(1);
  expect(labelsOf(direct()[0])).toEqual([]);
});

test('where direct messages are closed too, the video is kept for /hallo-renders', async () => {
  await bot.video(1000);
  const render = await done();
  await bot.advance(20 * MINUTE_MS);
  bot.discord.world.removeChannel(general());
  bot.discord.world.setDirectMessages(ada(), false);
  expect(await bot.announcer.outcome(render)).toEqual({ kind: 'delivered', rung: 'kept', channelId: null, messageId: null });
});

test('a private video stays private: by the token, then a direct message, then kept', async () => {
  await bot.video(1000);
  const render = await done({}, { private: true });
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'interaction' });
  expect(messageOf(bot, render)).toMatchObject({ ephemeralFor: ada() });
  expect(labelsOf(messageOf(bot, render))).toEqual(['Try again', 'Again with…']);
  await bot.advance(15 * MINUTE_MS);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'direct' });
  bot.discord.world.setDirectMessages(ada(), false);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'kept' });
  expect(bot.discord.messages.inChannel(general(), { as: bot.discord.places.ben.id })).toEqual([]);
});

test('while Discord is out of reach the ladder is tried again later, ever less often, and then goes on', async () => {
  await bot.video(1000);
  const render = await done();
  const order = (times: number) => bot.discord.faults.order({ fault: 'answer', method: 'PATCH', status: 503, times });
  order(2);
  expect(await bot.announcer.outcome(render)).toEqual({ kind: 'again', atMs: bot.clock.now() + 5_000 });
  expect(await bot.announcer.outcome({ ...render, deliveryAttempts: 20 })).toEqual({
    kind: 'again',
    atMs: bot.clock.now() + 5 * MINUTE_MS,
  });
  expect(await bot.announcer.outcome(render)).toMatchObject({ kind: 'delivered' });
});

test('a rate limit that lasts is not waited for: the ladder is tried again after it', async () => {
  const render = await renderInState(bot, failed());
  bot.discord.faults.order({ fault: 'rate-limit', method: 'PATCH', retryAfterMs: 90_000, scope: 'user' });
  const delivered = await bot.announcer.outcome(render);
  expect(delivered.kind === 'again' && delivered.atMs - bot.clock.now()).toBeGreaterThanOrEqual(90_000);
});

test('what is wrong with an input is told in private after a public deferral, and the deferral goes', async () => {
  const problem = { code: 'voice-silent', facts: { seconds: 4 } };
  const render = await renderInState(bot, { ...failed({ reason: 'audio', problem }), job: null });
  const delivered = await bot.announcer.outcome(render);
  expect(delivered).toMatchObject({ kind: 'delivered', rung: 'interaction' });
  expect(messageOf(bot, render)).toBeUndefined();
  const [told, ...others] = inGeneral();
  expect(others).toEqual([]);
  expect(told).toMatchObject({ ephemeralFor: ada() });
  expect(told?.content).toContain('The voice clip is silent.');
  expect(told?.content).toContain('Nothing was charged.');
});

test('a crash between deletion and the private words does not lose them', async () => {
  const render = await renderInState(bot, { ...failed({ reason: 'face' }), job: null });
  bot.discord.faults.order({ fault: 'answer', method: 'POST', route: '/webhooks/:app/:token', status: 500 });
  expect(await bot.announcer.outcome(render)).toMatchObject({ kind: 'again' });
  expect(inGeneral()).toEqual([]);
  expect(await bot.announcer.outcome(render)).toMatchObject({ kind: 'delivered' });
  expect(inGeneral()).toMatchObject([{ ephemeralFor: ada() }]);
});

test('with the token gone, what is wrong with an input is told in public without its particulars', async () => {
  const problem = { code: 'not-audio', facts: { found: 'video/x-secret' } };
  const render = await renderInState(bot, { ...failed({ reason: 'audio', problem }), job: null });
  await bot.advance(20 * MINUTE_MS);
  expect(await bot.announcer.outcome(render)).toMatchObject({ rung: 'message' });
  expect(messageOf(bot, render)?.content).toContain('The voice clip could not be used.');
  expect(messageOf(bot, render)?.content).not.toContain('secret');
});

test('a failure shows its sentence, the cleaned detail, what to do next and what it cost', async () => {
  const detail = 'CUDA out of memory @everyone <@1> **see** https://evil.example/x request id: 0217';
  const render = await renderInState(bot, failed({ detail }));
  await bot.announcer.outcome(render);
  const message = messageOf(bot, render);
  expect(message?.content).toBe(
    [
      '**No video this time.** The video service could not make the video.',
      'The service says: CUDA out of memory everyone 1 see … request id …',
      'Trying again often helps. Nothing was charged.',
    ].join('\n'),
  );
  expect(message?.mentions).toMatchObject({ everyone: false, userIds: [] });
  expect(labelsOf(message)).toEqual(['Try again', 'Delete']);
});

test('the raw detail of blocked content is not shown in public, and trying it again is not offered', async () => {
  const render = await renderInState(bot, failed({ reason: 'blocked-minor', detail: 'RAW TEXT' }));
  await bot.announcer.outcome(render);
  expect(messageOf(bot, render)?.content).not.toContain('RAW TEXT');
  expect(messageOf(bot, render)?.content).toContain('Nothing was charged.');
  expect(labelsOf(messageOf(bot, render))).toEqual(['Details', 'Delete']);
});

test('a submit that nobody knows of says that it may have been charged', async () => {
  const render = await renderInState(bot, { ...failed({ reason: 'submit-unknown', charged: 'maybe' }), job: null });
  await bot.announcer.outcome(render);
  expect(messageOf(bot, render)?.content).toContain('It may have been charged.');
  expect(labelsOf(messageOf(bot, render))).toContain('Try again');
});

test('a cancelled render says what it cost', async () => {
  const render = await renderInState(bot, { phase: 'announcing', outcome: { kind: 'cancelled', charged: 'yes' } });
  await bot.announcer.outcome(render);
  expect(messageOf(bot, render)?.content).toBe('Cancelled. It was charged all the same.');
  expect(customIdsOf(messageOf(bot, render))).toEqual([`hallo:again:${render.id}`, `hallo:delete:${render.id}`]);
});

test('the ping is a short answer to the message that mentions the requester alone', async () => {
  await bot.video(1000);
  const render = await done();
  await bot.announcer.outcome(render);
  await bot.announcer.ping({ ...render, finalChannelId: general(), finalMessageId: render.messageId });
  await bot.announcer.ping({ ...render, finalChannelId: general(), finalMessageId: render.messageId });
  const [, ping, ...others] = inGeneral();
  expect(others).toEqual([]);
  expect(ping).toMatchObject({ pings: [ada()], reference: { messageId: render.messageId } });
});

test('where the guild wants no ping, none is sent', async () => {
  bot.core.state.ping = false;
  const render = await done();
  await bot.announcer.ping(render);
  expect(inGeneral()).toHaveLength(1);
});

test('an interaction that was never answered has no deferral; out of reach, it is not known', async () => {
  const render = await renderInState(bot);
  bot.discord.faults.order({ fault: 'answer', method: 'GET', status: 404, code: 10015 });
  expect(await bot.announcer.findDeferral(render)).toEqual({ kind: 'never' });
  bot.discord.faults.order({ fault: 'answer', method: 'GET', status: 502 });
  expect(await bot.announcer.findDeferral(render)).toMatchObject({ kind: 'again' });
  await bot.advance(14 * MINUTE_MS);
  expect(await bot.announcer.findDeferral(render)).toEqual({ kind: 'never' });
});

test('neither the token of the bot nor one of an interaction is ever logged', async () => {
  await bot.video(1000);
  const render = await done();
  await bot.announcer.outcome(render);
  await bot.announcer.ping(render);
  const logged = JSON.stringify(bot.logs);
  expect(logged).toContain('delivery');
  expect(logged).not.toContain(render.interactionToken);
  expect(logged).not.toContain(bot.discord.token);
});
