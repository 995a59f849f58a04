import { MessageFlags } from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { connectClient, files, halloCommand, startStandIn, stopAll } from './support.ts';

afterEach(stopAll);

test('a real client connects with nothing but another base URL and sees its guilds', async () => {
  const discord = await startStandIn();
  const client = await connectClient(discord);
  expect(client.user.id).toBe(discord.applicationId);
  expect(client.guilds.cache.map(guild => guild.name)).toEqual(['Portrait Club', 'Talking Statues']);
  expect(client.channels.cache.get(discord.places.ageRestricted.id)).toMatchObject({ nsfw: true });
  expect(discord.connections()).toBe(1);
});

test('a command with files is deferred with its message, edited with a video and followed up', async () => {
  const discord = await startStandIn();
  const client = await connectClient(discord);
  await client.application.commands.set([halloCommand]);
  const { guild, general, ada, ben } = discord.places;
  const seen: unknown[] = [];
  client.on('interactionCreate', async interaction => {
    if (!interaction.isChatInputCommand()) return;
    const image = interaction.options.getAttachment('image', true);
    seen.push(
      interaction.options.getNumber('pose_weight'),
      image.contentType,
      image.width,
      (await (await fetch(image.url)).bytes()).length,
    );
    seen.push(interaction.attachmentSizeLimit, interaction.appPermissions.has('AttachFiles'));
    const deferred = await interaction.deferReply({ withResponse: true });
    seen.push(deferred.interaction.responseMessageLoading, deferred.resource?.message?.id);
    await interaction.editReply({ content: 'half way' });
    await interaction.editReply({
      content: `done <@${interaction.user.id}>`,
      files: [{ attachment: Buffer.from('video'), name: 'hallo.mp4', description: 'A face that speaks' }],
    });
    await interaction.followUp({ content: 'only you', flags: MessageFlags.Ephemeral });
  });
  const handle = await discord.members.command({
    guildId: guild.id,
    channelId: general.id,
    memberId: ada.id,
    name: 'hallo',
    options: { ...files, pose_weight: 2 },
  });
  expect(await handle.acknowledged).toEqual({ kind: 'deferred', type: 5, ephemeral: false });
  const followUp = await discord.waitFor(() => handle.followUps()[0]);
  const original = handle.original();
  expect(seen).toEqual([2, 'image/png', 1, files.image.file.bytes.length, 20 * 1024 * 1024, true, true, original?.id]);
  expect(original?.attachments[0]).toMatchObject({
    filename: 'hallo.mp4',
    contentType: 'video/mp4',
    description: 'A face that speaks',
    sizeBytes: 5,
  });
  expect(original?.pings).toEqual([]);
  expect(followUp).toMatchObject({ content: 'only you', ephemeralFor: ada.id });
  expect(discord.messages.history(original?.id ?? '').map(each => [each.message.loading, each.message.content])).toEqual([
    [true, ''],
    [false, 'half way'],
    [false, `done <@${ada.id}>`],
  ]);
  expect(discord.messages.inChannel(general.id, { as: ben.id }).map(each => each.id)).toEqual([original?.id]);
});
