/** Every way in which a member can speak to the bot, through real discord.js: each leads to its handler, and garbage is answered calmly. */
import { ApplicationCommandType, ComponentType, Routes } from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { type Command, type Components, type MenuCommand, tell } from '../../src/discord/command.ts';
import { toCustomId } from '../../src/discord/custom-id.ts';
import { modalFields } from '../../src/discord/modal-fields.ts';
import { checkboxes, labelled, modalOf, paragraph, radios, textField } from '../../src/discord/views/modal.ts';
import { type Bot, startBot, useHallo } from './support.ts';

let bot: Bot;
afterEach(() => bot.stop());

const choices = [
  { value: 'a', label: 'A' },
  { value: 'b', label: 'B' },
];
const formNamed = (customId: string) =>
  modalOf(
    customId,
    'A form',
    paragraph('Please fill in.'),
    labelled('Why', 'in a word', textField('why', { maxLength: 20 })),
    labelled('Ticks', undefined, checkboxes('ticks', choices)),
    labelled('One', undefined, radios('one', choices)),
    labelled('Roles', undefined, { type: ComponentType.RoleSelect, custom_id: 'roles', required: false, max_values: 5 }),
  );

/** A bot whose `/hallo` opens a form, with a menu command each on messages and on users, and handlers that note what they got. */
async function startNoting(formId: string) {
  const seen: unknown[] = [];
  const menu = (type: ApplicationCommandType.Message | ApplicationCommandType.User, name: string): MenuCommand => ({
    data: { type, name },
    async handle(interaction, context) {
      seen.push([interaction.commandType, interaction.targetId]);
      await tell(interaction, 'seen', context);
    },
  });
  const hallo: Command = {
    data: { name: 'hallo', description: 'opens a form' },
    handle: async (interaction, { answers }) => void (await answers.showModal(interaction, formNamed(formId))),
  };
  const commands = [hallo, menu(ApplicationCommandType.Message, 'Look at it'), menu(ApplicationCommandType.User, 'Look at it')];
  const components: Components = {
    buttons: {},
    selects: {
      again: async (interaction, args, context) => {
        seen.push([...args, ...interaction.values]);
        await tell(interaction, 'chosen', context);
      },
    },
    modals: {
      again: async (interaction, args, context) => {
        seen.push([...args, modalFields(interaction)]);
        await tell(interaction, 'sent', context);
      },
    },
  };
  bot = await startBot({ commands, components });
  return seen;
}

async function openForm() {
  const { handle, acknowledged } = await useHallo(bot, { image: undefined, audio: undefined });
  expect(acknowledged.kind).toBe('modal');
  return handle;
}

/** A message of the bot with these components. */
async function messageWith(...components: unknown[]): Promise<string> {
  const { general } = bot.discord.places;
  const body = { content: 'x', components: components.map(each => ({ type: 1, components: [each] })) };
  const answer = await bot.calls.asBot({ method: 'POST', route: Routes.channelMessages(general.id), body });
  expect(answer.kind).toBe('ok');
  return bot.discord.messages.inChannel(general.id).at(-1)?.id ?? '';
}

test('a form comes back with every field under its name, text as it was typed', async () => {
  const seen = await startNoting(toCustomId('again', 'r1'));
  const moderators = bot.discord.world.roleNamed(bot.discord.places.guild.id, 'moderator').id;
  const values = { why: '`@everyone`\u202e', ticks: ['b'], one: 'a', roles: [moderators] };
  const sent = await bot.discord.members.submitModal({ interaction: await openForm(), values });
  expect(await sent.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(seen).toEqual([['r1', values]]);
});

test('fields that were left open are there, empty', async () => {
  const seen = await startNoting(toCustomId('again', 'r1'));
  const sent = await bot.discord.members.submitModal({ interaction: await openForm(), values: { why: 'x', one: 'b' } });
  await sent.acknowledged;
  expect(seen).toEqual([['r1', { why: 'x', ticks: [], one: 'b', roles: [] }]]);
});

test.each(['other:form', 'hallo:steal:r1', 'hallo:again', 'hallo:delete:r1'])(
  'a form %s that nobody knows is answered',
  async id => {
    const seen = await startNoting(id);
    const sent = await bot.discord.members.submitModal({ interaction: await openForm(), values: { why: 'x', one: 'b' } });
    expect(await sent.acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
    expect(sent.original()?.content).toContain('Something went wrong on my side');
    expect(seen).toEqual([]);
  },
);

test('what was chosen in a menu reaches the handler of its verb; a menu of another make is taken without a word', async () => {
  const seen = await startNoting('x');
  const { guild, general, ada } = bot.discord.places;
  const ids = [bot.discord.world.roleNamed(guild.id, 'moderator').id];
  const messageId = await messageWith(
    { type: ComponentType.RoleSelect, custom_id: toCustomId('again', 'r1') },
    { type: ComponentType.ChannelSelect, custom_id: toCustomId('again', 'r2') },
    { type: ComponentType.StringSelect, custom_id: 'other', options: choices },
  );
  const choose = (customId: string, values: string[]) =>
    bot.discord.members.choose({ messageId, customId, memberId: ada.id, values }).acknowledged;
  expect((await choose(toCustomId('again', 'r1'), ids)).kind).toBe('message');
  expect((await choose(toCustomId('again', 'r2'), [general.id])).kind).toBe('message');
  expect((await choose('other', ['a'])).kind).toBe('deferred-update');
  expect(seen).toEqual([
    ['r1', ...ids],
    ['r2', general.id],
  ]);
});

test('commands of a message and of a member lead to their own handlers, also under one name', async () => {
  const seen = await startNoting('x');
  const { general, ada, ben } = bot.discord.places;
  const { id: messageId } = bot.discord.members.say({ channelId: general.id, memberId: ben.id, content: 'hello' });
  const use = { channelId: general.id, memberId: ada.id, name: 'Look at it' };
  expect((await bot.discord.members.menu({ ...use, messageId }).acknowledged).kind).toBe('message');
  expect((await bot.discord.members.menu({ ...use, userId: ben.id }).acknowledged).kind).toBe('message');
  expect(seen).toEqual([
    [ApplicationCommandType.Message, messageId],
    [ApplicationCommandType.User, ben.id],
  ]);
});
