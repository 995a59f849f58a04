import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import type { Discord } from '../../sandbox/discord/index.ts';
import { connectClient, files, halloCommand, startStandIn, stopAll } from './support.ts';

afterEach(stopAll);

/** A bot that answers each interaction by what the test says. */
async function startBot(answer: (interaction: Interaction) => Promise<unknown>) {
  const discord = await startStandIn();
  const client: Client<true> = await connectClient(discord);
  await client.application.commands.set([halloCommand]);
  client.on('interactionCreate', interaction => void answer(interaction));
  const hallo = async () => {
    const { general, ada } = discord.places;
    const handle = await discord.members.command({ channelId: general.id, memberId: ada.id, name: 'hallo', options: files });
    await handle.acknowledged;
    return handle;
  };
  return { discord, hallo };
}

const row = (...buttons: ButtonBuilder[]) => new ActionRowBuilder<ButtonBuilder>().addComponents(...buttons);
const button = (id: string) => new ButtonBuilder().setCustomId(id).setLabel(id).setStyle(ButtonStyle.Primary);
const standing = (discord: Discord, text: string) =>
  discord.waitFor(() => discord.messages.inChannel(discord.places.general.id).find(each => each.content === text));

test('a button updates the message that it belongs to', async () => {
  const { discord, hallo } = await startBot(async interaction => {
    if (interaction.isChatInputCommand()) await interaction.reply({ content: 'press', components: [row(button('stop'))] });
    if (interaction.isButton())
      await interaction.update({ content: `${interaction.user.username} pressed ${interaction.customId}`, components: [] });
  });
  const handle = await hallo();
  const message = handle.original();
  const press = { messageId: message?.id ?? '', customId: 'stop', memberId: discord.places.ben.id };
  const pressed = discord.members.press(press);
  expect(await pressed.acknowledged).toMatchObject({ kind: 'update', type: 7 });
  expect((await standing(discord, 'ben pressed stop')).id).toBe(message?.id);
  expect(() => discord.members.press(press)).toThrow('no component stop');
});

test('a deferred update changes its message later, and a follow-up is seen by its member alone', async () => {
  const { discord, hallo } = await startBot(async interaction => {
    if (interaction.isChatInputCommand()) await interaction.reply({ content: 'press', components: [row(button('stop'))] });
    if (!interaction.isButton()) return;
    await interaction.deferUpdate();
    await interaction.editReply({ content: 'changed later' });
    await interaction.followUp({ content: 'psst', flags: MessageFlags.Ephemeral });
  });
  const handle = await hallo();
  const pressed = discord.members.press({
    messageId: handle.original()?.id ?? '',
    customId: 'stop',
    memberId: discord.places.ben.id,
  });
  expect(await pressed.acknowledged).toMatchObject({ kind: 'deferred-update' });
  expect((await standing(discord, 'changed later')).id).toBe(handle.original()?.id);
  expect(await discord.waitFor(() => pressed.followUps()[0])).toMatchObject({ ephemeralFor: discord.places.ben.id });
});

test('an ephemeral message is not there for others', async () => {
  const { discord, hallo } = await startBot(async interaction => {
    if (interaction.isRepliable())
      await interaction.reply({ content: 'secret', components: [row(button('b'))], flags: MessageFlags.Ephemeral });
  });
  const handle = await hallo();
  const press = (memberId: string) => discord.members.press({ messageId: handle.original()?.id ?? '', customId: 'b', memberId });
  expect(() => press(discord.places.otto.id)).toThrow("otto can't see this message");
  expect(await press(discord.places.ada.id).acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
});

test('a menu hands over what was chosen', async () => {
  const { discord, hallo } = await startBot(async interaction => {
    const menu = new StringSelectMenuBuilder()
      .setCustomId('menu')
      .addOptions({ label: 'A', value: 'a' }, { label: 'B', value: 'b' });
    if (interaction.isChatInputCommand()) {
      await interaction.reply({
        content: 'choose',
        components: [new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu)],
      });
    }
    if (interaction.isStringSelectMenu())
      await interaction.update({ content: `chose ${interaction.values.join()}`, components: [] });
  });
  const handle = await hallo();
  const choice = { messageId: handle.original()?.id ?? '', customId: 'menu', memberId: discord.places.ada.id };
  expect(() => discord.members.choose({ ...choice, values: ['c'] })).toThrow("doesn't offer c");
  discord.members.choose({ ...choice, values: ['b'] });
  await standing(discord, 'chose b');
});

test('a modal is the first answer; what is filled in comes as an interaction of its own', async () => {
  const { discord, hallo } = await startBot(async interaction => {
    const input = new TextInputBuilder().setCustomId('why').setStyle(TextInputStyle.Short).setMaxLength(20);
    const label = new LabelBuilder().setLabel('Why?').setTextInputComponent(input);
    if (interaction.isChatInputCommand())
      await interaction.showModal(new ModalBuilder().setCustomId('ask').setTitle('Ask').addLabelComponents(label));
    if (interaction.isModalSubmit())
      await interaction.reply({ content: `because ${interaction.fields.getTextInputValue('why')}` });
  });
  const handle = await hallo();
  expect(await handle.acknowledged).toMatchObject({ kind: 'modal', modal: { custom_id: 'ask', title: 'Ask' } });
  const submit = (why: string) => discord.members.submitModal({ interaction: handle, values: { why } });
  await expect(submit('')).rejects.toThrow('Why? is required');
  await expect(submit('x'.repeat(21))).rejects.toThrow('at most 20');
  expect(await (await submit('I can')).acknowledged).toMatchObject({ kind: 'message' });
  await standing(discord, 'because I can');
});

test('new components show an uploaded file once the flag is set on the edit', async () => {
  const { discord, hallo } = await startBot(async interaction => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await interaction.editReply({
      flags: MessageFlags.IsComponentsV2,
      components: [{ type: 12, items: [{ media: { url: 'attachment://a.mp4' } }] }],
      files: [{ attachment: Buffer.from('video'), name: 'a.mp4' }],
    });
    await interaction.channel?.messages.fetch(await interaction.fetchReply());
  });
  const handle = await hallo();
  const edited = await discord.waitFor(() => handle.original()?.attachments[0] && handle.original());
  expect(edited.flags & MessageFlags.IsComponentsV2).toBeTruthy();
});
