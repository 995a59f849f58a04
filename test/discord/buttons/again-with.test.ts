/** "Again with…": a form with the former weights, read strictly; and `/hallo-help`; through real discord.js. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ModalValue } from '../../../sandbox/discord/index.ts';
import { fieldsOf } from '../../../sandbox/discord/rest/component-schema.ts';
import type { Render } from '../../../src/core/render.ts';
import { PRESETS } from '../../../src/core/weights.ts';
import { type Bot, customIdsOf, renderInState, startBot, videoDone } from '../support.ts';

let bot: Bot;
let render: Render;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(() => bot.stop());
beforeEach(async () => {
  bot.core.state.kept = {
    portrait: { kind: 'kept', fileKey: 'p', name: 'portrait.jpg', seconds: null },
    voice: { kind: 'kept', fileKey: 'v', name: 'voice.wav', seconds: 3 },
  };
  await bot.video(10);
  const made = await renderInState(bot, videoDone(bot.clock.now()), { pose_weight: 2.5, spoiler: true });
  await bot.announcer.outcome(made);
  render = bot.core.change(made.id, { phase: 'closed', rung: 'interaction' });
});

async function press(memberId = bot.discord.places.ada.id, messageId = render.messageId ?? '') {
  const handle = bot.discord.members.press({ messageId, customId: `hallo:again-with:${render.id}`, memberId });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, acknowledged, text: handle.original()?.content ?? '' };
}

async function send(values: Record<string, ModalValue>) {
  const { handle: interaction } = await press();
  const handle = await bot.discord.members.submitModal({ interaction, values });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, acknowledged, text: handle.original()?.content ?? '' };
}
const last = () => [...bot.core.renders.values()].at(-1);

test('who would be refused is told so in place of the form', async () => {
  bot.core.state.suspension = { untilMs: null, why: null };
  const { acknowledged, text } = await press();
  bot.core.state.suspension = undefined;
  expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(text).toContain('suspended you');
});

test('the form holds the former weights; what is changed makes another render of the same files', async () => {
  const { acknowledged } = await press();
  const fields = acknowledged.modal && fieldsOf(acknowledged.modal);
  expect(fields).toMatchObject([{ custom_id: 'preset' }, { value: '2.5' }, { value: '1' }, { value: '1.2' }, { value: '1.2' }]);
  expect((await send({ lipWeight: ' 2,25 ' })).acknowledged).toMatchObject({ kind: 'deferred', ephemeral: false });
  expect(last()).toMatchObject({
    weights: { poseWeight: 2.5, faceWeight: 1, lipWeight: 2.25, faceExpandRatio: 1.2 },
    ...{ spoiler: true, portrait: { kind: 'kept', fileKey: 'p' }, voice: { kind: 'kept', fileKey: 'v' } },
  });
});

test('a former weight of many decimals is shown shortened, and stays as it was where nobody changes it', async () => {
  render = bot.core.change(render.id, {
    weights: { ...render.weights, poseWeight: 0.000001234567890123, faceWeight: 1.123456789 },
  });
  const { acknowledged } = await press();
  const fields = acknowledged.modal && fieldsOf(acknowledged.modal);
  expect(fields).toMatchObject([
    { custom_id: 'preset' },
    { value: '0' },
    { value: '1.1235' },
    { value: '1.2' },
    { value: '1.2' },
  ]);
  expect((await send({ lipWeight: '2' })).acknowledged).toMatchObject({ kind: 'deferred' });
  expect(last()?.weights).toEqual({ ...render.weights, lipWeight: 2 });
});

test('a preset sets all weights but those that were changed by hand', async () => {
  await send({ preset: 'lively' });
  expect(last()?.weights).toEqual(PRESETS.lively);
  await send({ preset: 'still', lipWeight: '3' });
  expect(last()?.weights).toEqual({ ...PRESETS.still, lipWeight: 3 });
});

test.each(['eleven', '11', '-1', '1e1', '0x5', '1.2.3', '@everyone', 'NaN'])(
  '%j is no weight: nothing is begun, and what would be right is said',
  async text => {
    const before = bot.core.renders.size;
    const sent = await send({ poseWeight: text, lipWeight: '3' });
    // The render that the test began with, and no other.
    expect(bot.core.renders.size).toBe(before);
    expect(sent.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
    expect(sent.text).toBe('Nothing was begun, and nothing charged.\n**Head**: A number from 0 to 10.');
    expect(customIdsOf(sent.handle.original())).toEqual([`hallo:again-with:${render.id}`]);
  },
);

test('another member is refused; and once the files are gone, that is said instead of a form', async () => {
  expect((await press(bot.discord.places.ben.id)).text).toContain('for the member who asked');
  const { handle: interaction } = await press();
  bot.core.state.kept = undefined;
  expect((await press()).text).toContain('no longer kept');
  const late = await bot.discord.members.submitModal({ interaction });
  await late.acknowledged;
  expect(late.original()?.content).toContain('no longer kept');
});

test('/hallo-help shows a portrait that works, with hints in the member’s language, to them alone', async () => {
  const { guild, general, ben } = bot.discord.places;
  bot.discord.world.setLocale(ben.id, 'de');
  const handle = await bot.discord.members.command({
    ...{ guildId: guild.id, channelId: general.id, memberId: ben.id, name: 'hallo-help' },
  });
  expect(await handle.acknowledged).toMatchObject({ ephemeral: true });
  await bot.router.idle();
  const message = handle.original();
  expect(message?.content).toContain('Ein Gesicht wie im Bild'.slice(4));
  expect(message?.attachments).toMatchObject([{ filename: 'good-portrait.jpg', contentType: 'image/jpeg' }]);
  expect(message?.attachments[0]?.description).toContain('Ein gutes Porträt');
});
