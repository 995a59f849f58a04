/** The command of a message's menu that makes its picture speak, through real discord.js on the stand-in. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { InteractionHandle } from '../../sandbox/discord/index.ts';
import { fieldsOf, type Modal, type ModalField } from '../../sandbox/discord/rest/component-schema.ts';
import { inputNameOf } from '../../src/discord/attachment.ts';
import { type Bot, inputs, startBot } from '../discord/support.ts';

type Files = NonNullable<Parameters<Bot['discord']['members']['say']>[0]['files']>;

const PICTURE = inputs.image.file;
const CLIP = inputs.audio.file;
const VOICE_MESSAGE = { name: 'voice-message.ogg', bytes: CLIP.bytes, contentType: 'audio/ogg' };
const NOTES = { name: 'notes.txt', bytes: Buffer.from('notes') };

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(() => bot.stop());
beforeEach(async () => {
  await bot.core.consents.forget(bot.discord.places.ada.id);
  bot.core.renders.clear();
  bot.core.state.policy = { messageCommand: true };
  bot.core.state.consented = true;
  bot.core.state.suspension = undefined;
  bot.core.state.problem = undefined;
});

/** Ada uses the command on a message of Ben's. */
async function animate(...files: Files) {
  const { ada, ben, general } = bot.discord.places;
  const message = bot.discord.members.say({ channelId: general.id, memberId: ben.id, content: 'look', files });
  const handle = bot.discord.members.menu({
    ...{ channelId: general.id, memberId: ada.id, messageId: message.id },
    name: 'Animate with Hallo',
  });
  return answerOf(handle);
}

async function send(interaction: InteractionHandle, files: Record<string, Files>) {
  const values = Object.fromEntries(Object.entries(files).map(([name, given]) => [name, { files: given }]));
  return answerOf(await bot.discord.members.submitModal({ interaction, values }));
}

async function answerOf(handle: InteractionHandle) {
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  const modal = acknowledged.modal;
  return { handle, acknowledged, text: handle.original()?.content ?? '', asked: modal ? fieldsOf(modal) : [] };
}

const renders = () => [...bot.core.renders.values()];

test('where the guild has not allowed it, a private sentence says who can', async () => {
  bot.core.state.policy = {};
  const { acknowledged, text } = await animate(PICTURE, CLIP);
  expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(text).toContain('Manage Server');
  expect(text).toContain('`/hallo-settings`');
  expect(renders()).toEqual([]);
});

test('a picture and a voice message become a render of the one who asked, with the guild’s weights', async () => {
  const weights = { poseWeight: 2, faceWeight: 1, lipWeight: 1.5, faceExpandRatio: 1.2 };
  bot.core.state.policy = { messageCommand: true, weights };
  const { handle, acknowledged } = await animate(NOTES, VOICE_MESSAGE, PICTURE, { ...PICTURE, name: 'other.png' }, CLIP);
  expect(acknowledged).toMatchObject({ kind: 'deferred', ephemeral: false });
  expect(renders()).toMatchObject([
    {
      ...{ memberId: bot.discord.places.ada.id, interactionId: handle.id, weights, private: false },
      portrait: { kind: 'attachment', name: 'face.png' },
      voice: { kind: 'attachment', name: 'voice-message.ogg' },
    },
  ]);
});

test('a form asks for the picture alone where the message holds a voice; with it the render begins', async () => {
  const { handle, asked } = await animate(CLIP);
  expect(asked).toMatchObject([{ custom_id: 'portrait', required: true }]);
  expect(renders()).toEqual([]);
  const sent = await send(handle, { portrait: [PICTURE] });
  expect(sent.acknowledged).toMatchObject({ kind: 'deferred', ephemeral: false });
  expect(renders()).toMatchObject([
    { portrait: { name: 'face.png' }, voice: { name: 'voice.wav' }, interactionId: sent.handle.id },
  ]);
});

test('a form asks for the voice where the message holds a picture, in the member’s language', async () => {
  const user = bot.discord.world.user(bot.discord.places.ada.id);
  const { locale } = user;
  user.locale = 'de';
  const { handle, acknowledged, asked } = await animate(PICTURE);
  user.locale = locale;
  expect(asked).toMatchObject([{ custom_id: 'voice' }]);
  expect(JSON.stringify(acknowledged.modal)).toContain('was das Porträt sagen soll');
  await send(handle, { voice: [CLIP] });
  expect(renders()).toMatchObject([{ portrait: { name: 'face.png' }, voice: { name: 'voice.wav' } }]);
});

test('of a message without anything usable a form asks for both', async () => {
  const { handle, asked } = await animate(NOTES);
  expect(asked).toMatchObject([{ custom_id: 'portrait' }, { custom_id: 'voice' }]);
  await send(handle, { portrait: [PICTURE], voice: [VOICE_MESSAGE] });
  expect(renders()).toMatchObject([{ portrait: { name: 'face.png' }, voice: { name: 'voice-message.ogg' } }]);
});

test('who has not consented is asked for it; after a form for files, by a button that keeps them', async () => {
  const { handle } = await animate(CLIP);
  bot.core.state.consented = false;
  expect((await animate(PICTURE, CLIP)).acknowledged.modal?.custom_id).toMatch(/^hallo:consent:/);
  const sent = await send(handle, { portrait: [PICTURE] });
  expect(sent.text).toContain('Not confirmed yet');
  const messageId = sent.handle.original()?.id ?? '';
  const customId = `hallo:consent:${sent.handle.id}`;
  const opened = await answerOf(bot.discord.members.press({ messageId, customId, memberId: bot.discord.places.ada.id }));
  const values = { confirmed: ['rights', 'agreed', 'honest'] };
  const confirmed = await answerOf(await bot.discord.members.submitModal({ interaction: opened.handle, values }));
  expect(confirmed.acknowledged.kind).toBe('deferred');
  expect(renders()).toMatchObject([{ portrait: { name: 'face.png' }, voice: { name: 'voice.wav' } }]);
});

test('who has not consented is asked for it before any file, and for the files by a button after it', async () => {
  bot.core.state.consented = false;
  const { handle, acknowledged } = await animate(CLIP);
  expect(acknowledged.modal?.custom_id).toMatch(/^hallo:consent:/);
  const values = { confirmed: ['rights', 'agreed', 'honest'] };
  const confirmed = await answerOf(await bot.discord.members.submitModal({ interaction: handle, values }));
  expect(confirmed.text).toBe('**What is still needed**\n- Portrait');
  const press = { messageId: confirmed.handle.original()?.id ?? '', customId: `hallo:animate:${confirmed.handle.id}` };
  const opened = await answerOf(bot.discord.members.press({ ...press, memberId: bot.discord.places.ada.id }));
  expect(opened.asked).toMatchObject([{ custom_id: 'portrait' }]);
  expect((await send(opened.handle, { portrait: [PICTURE] })).acknowledged.kind).toBe('deferred');
  expect(renders()).toMatchObject([{ portrait: { name: 'face.png' }, voice: { name: 'voice.wav' } }]);
});

test('guards are asked as for /hallo, also when the form comes back', async () => {
  const { handle } = await animate(CLIP);
  bot.core.state.suspension = { untilMs: null, why: null };
  expect((await animate(PICTURE, CLIP)).text).toContain('suspended you');
  expect((await send(handle, { portrait: [PICTURE] })).text).toContain('suspended you');
  expect(renders()).toEqual([]);
});

test('nobody fills a form in to be refused: guards, limits and money come before it', async () => {
  const refused = async () => {
    const { acknowledged, text } = await animate(CLIP);
    expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
    return text;
  };
  bot.core.state.suspension = { untilMs: null, why: null };
  bot.core.state.consented = false;
  expect(await refused()).toContain('suspended you');
  bot.core.state.suspension = undefined;
  bot.core.state.consented = true;
  bot.core.state.problem = { code: 'voice-silent', facts: {} };
  expect(await refused()).toContain('The voice clip is silent');
  bot.core.state.problem = undefined;
  bot.core.state.refusal = { kind: 'limit', refusal: { limit: 'guild-money', size: 5, freeAtMs: null } };
  expect(await refused()).toContain('5 US$');
  bot.core.state.refusal = undefined;
});

test('a form is worth one render, expires, and does nothing where the command was switched off meanwhile', async () => {
  const { handle } = await animate(CLIP);
  await send(handle, { portrait: [PICTURE] });
  expect((await send(handle, { portrait: [PICTURE] })).text).toContain('expired');
  const { handle: late } = await animate(CLIP);
  await bot.advance(15 * 60_000);
  expect((await send(late, { portrait: [PICTURE] })).text).toContain('expired');
  const { handle: off } = await animate(CLIP);
  bot.core.state.policy = {};
  expect((await send(off, { portrait: [PICTURE] })).text).toContain('switched off');
  expect(renders()).toHaveLength(1);
});

const labelled = (component: ModalField) => ({ type: 18 as const, label: 'x', component });

test.each<[string, Modal['components'][number], Record<string, string>]>([
  ['no field', { type: 10, content: 'x' }, {}],
  ['a field of text', labelled({ type: 4, custom_id: 'portrait', style: 1 }), { portrait: 'face.png' }],
  ['a field without a file', labelled({ type: 19, custom_id: 'portrait', required: false }), {}],
])('a form that comes back with %s is told so, and nothing is asked for', async (_, part, values) => {
  const { handle, acknowledged } = await animate(CLIP);
  // The form as another client might have made of it.
  acknowledged.modal?.components.splice(0, 1, part);
  const sent = await answerOf(await bot.discord.members.submitModal({ interaction: handle, values }));
  expect(sent.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(sent.text).toContain('A file is missing');
  expect(renders()).toEqual([]);
});

test.each([
  ['face.PNG', 'image/png', 'portrait'],
  ['download.jfif', 'image/jpeg', 'portrait'],
  ['face.webp', null, 'portrait'],
  ['face.webp', 'application/octet-stream', 'portrait'],
  ['drawing.svg', 'image/svg+xml', undefined],
  ['voice-message.ogg', 'audio/ogg; codecs=opus', 'voice'],
  ['clip.ogg', 'application/ogg', 'voice'],
  ['clip.webm', 'video/webm', 'voice'],
  ['film.mp4', 'video/mp4', undefined],
  ['clip.flac', null, 'voice'],
  ['clip.wav', 'text/plain', undefined],
  ['face.png', 'text/plain', undefined],
  ['', null, undefined],
])('an attachment %j of type %j serves as %s', (name, contentType, serves) => {
  expect(inputNameOf({ name, contentType })).toBe(serves);
});
