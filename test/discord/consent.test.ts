/** Consent before the first render: asked in a form, in which nothing of what was asked for is lost; through real discord.js. */
import { Routes } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InteractionHandle, ModalValue } from '../../sandbox/discord/index.ts';
import { fieldsOf } from '../../sandbox/discord/rest/component-schema.ts';
import { createConsents } from '../../src/core/consents.ts';
import { settingsInMemory } from '../support/settings-in-memory.ts';
import { type Bot, customIdsOf, renderInState, startBot, useHallo, videoDone } from './support.ts';

const ALL = ['rights', 'agreed', 'honest'];

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
  bot.core.state.consented = false;
});
afterEach(() => bot.stop());

async function send(interaction: InteractionHandle, confirmed: ModalValue) {
  const handle = await bot.discord.members.submitModal({ interaction, values: { confirmed } });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, acknowledged, text: handle.original()?.content ?? '' };
}

async function press(messageId: string, customId: string, memberId = bot.discord.places.ada.id) {
  const handle = bot.discord.members.press({ messageId, customId, memberId });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, acknowledged, text: handle.original()?.content ?? '' };
}

test('the first /hallo opens a form; with all confirmed the render begins as it was asked for, and nobody is asked again', async () => {
  const { handle, acknowledged } = await useHallo(bot, { pose_weight: 2.5, private: true, spoiler: true });
  expect(acknowledged.kind).toBe('modal');
  expect(bot.core.calls).toEqual([]);
  const sent = await send(handle, ALL);
  expect(sent.acknowledged).toMatchObject({ kind: 'deferred', ephemeral: true });
  expect(bot.core.renders.get('r1')).toMatchObject({
    ...{ private: true, spoiler: true, weights: { poseWeight: 2.5, faceWeight: 1 }, interactionId: sent.handle.id },
    portrait: { kind: 'attachment', name: 'face.png' },
    voice: { kind: 'attachment', name: 'voice.wav' },
  });
  expect(await bot.core.consents.of(bot.discord.places.ada.id)).toEqual({ version: 1, atMs: bot.clock.now() });
  expect((await useHallo(bot)).acknowledged.kind).toBe('deferred');
  expect((await useHallo(bot, {}, bot.discord.places.ben.id)).acknowledged.kind).toBe('modal');
});

test('the form names what is done with the files, three boxes, and speaks the member’s language', async () => {
  bot.discord.world.user(bot.discord.places.ada.id).locale = 'de';
  const { acknowledged } = await useHallo(bot);
  const text = JSON.stringify(acknowledged.modal);
  expect(text).toContain('Vor deinem Video');
  expect(text).toContain('Hier bleiben sie 24 h gespeichert, und das Video 7 Tage');
  expect(acknowledged.modal && fieldsOf(acknowledged.modal)).toMatchObject([{ options: [{}, {}, {}] }]);
});

test('what is missing is said, the form opens again, and the options are still there', async () => {
  const { handle } = await useHallo(bot, { lip_weight: 3 });
  const some = await send(handle, ['rights']);
  expect(some.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(some.text).toContain('agreed to it, or it is me');
  expect(some.text).toContain('won’t deceive');
  expect(some.text).not.toContain('I have the right');
  expect(bot.core.calls).toEqual([]);
  const message = some.handle.original();
  const again = await press(message?.id ?? '', customIdsOf(message)[0] ?? '');
  expect(again.acknowledged.kind).toBe('modal');
  expect((await send(again.handle, ALL)).acknowledged.kind).toBe('deferred');
  expect(bot.core.renders.get('r1')?.weights.lipWeight).toBe(3);
});

test('a form that comes back after a quarter of an hour is told to have expired; nothing was consented to', async () => {
  const { handle } = await useHallo(bot);
  await bot.advance(15 * 60_000);
  const late = await send(handle, ALL);
  expect(late.text).toContain('expired');
  expect(bot.core.calls).toEqual([]);
  expect(await bot.core.consents.of(bot.discord.places.ada.id)).toBeUndefined();
});

test('a form is worth one render', async () => {
  const { handle } = await useHallo(bot);
  await send(handle, ALL);
  expect((await send(handle, ALL)).text).toContain('expired');
  expect(bot.core.calls).toEqual(['admit r1', 'deferred r1']);
});

test('the same form sent twice at once is worth one render', async () => {
  const { handle } = await useHallo(bot);
  const sent = await Promise.all([send(handle, ALL), send(handle, ALL)]);
  expect(sent.map(({ acknowledged }) => acknowledged.kind).sort()).toEqual(['deferred', 'message']);
  expect(bot.core.calls).toEqual(['admit r1', 'deferred r1']);
});

test('another member’s form is as unknown as none', async () => {
  const { handle } = await useHallo(bot);
  const { general, ben } = bot.discord.places;
  const button = { type: 2, style: 1, label: 'x', custom_id: `hallo:consent:${handle.id}` };
  const body = { content: 'x', components: [{ type: 1, components: [button] }] };
  await bot.calls.asBot({ method: 'POST', route: Routes.channelMessages(general.id), body });
  const messageId = bot.discord.messages.inChannel(general.id).at(-1)?.id ?? '';
  expect((await press(messageId, button.custom_id, ben.id)).text).toContain('not meant for you');
  expect((await press(messageId, button.custom_id)).acknowledged.kind).toBe('modal');
});

test('guards and limits are looked at again when the form comes back', async () => {
  const { handle } = await useHallo(bot);
  bot.core.state.suspension = { untilMs: null, why: null };
  expect((await send(handle, ALL)).text).toContain('suspended you');
  bot.core.state.suspension = undefined;
  bot.core.state.refusal = { kind: 'limit', refusal: { limit: 'per-hour', size: 20, freeAtMs: null } };
  const { handle: other } = await useHallo(bot, {}, bot.discord.places.ben.id);
  expect((await send(other, ALL)).text).toContain('20 videos an hour');
  expect(bot.core.renders.size).toBe(0);
});

test('who is suspended or in the wrong channel is told that, and not asked for consent first', async () => {
  bot.core.state.policy = { deniedChannels: [bot.discord.places.general.id] };
  expect((await useHallo(bot)).handle.original()?.content).toContain('switched off in this channel');
});

test('Try again by a moderator who has not consented asks them first', async () => {
  bot.core.state.consented = true;
  await bot.video(10);
  const render = await renderInState(bot, videoDone(bot.clock.now()));
  await bot.announcer.outcome(render);
  bot.core.change(render.id, { phase: 'closed', rung: 'interaction' });
  bot.core.state.consented = false;
  bot.core.state.kept = {
    portrait: { kind: 'kept', fileKey: 'p', name: 'portrait.jpg', seconds: null },
    voice: { kind: 'kept', fileKey: 'v', name: 'voice.wav', seconds: 3 },
  };
  const { mia } = bot.discord.places;
  const pressed = await press(render.messageId ?? '', `hallo:again:${render.id}`, mia.id);
  expect(pressed.acknowledged.kind).toBe('modal');
  expect((await send(pressed.handle, ALL)).acknowledged.kind).toBe('deferred');
  expect(bot.core.renders.get('r2')).toMatchObject({ memberId: mia.id, portrait: { kind: 'kept', fileKey: 'p' } });
});

test('a consent to an earlier text is asked for again', async () => {
  await createConsents(settingsInMemory(bot.core.settings), bot.clock.now, 0).give(bot.discord.places.ada.id);
  expect((await useHallo(bot)).acknowledged.kind).toBe('modal');
});
