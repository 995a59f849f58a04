import { afterEach, expect, test } from 'vitest';
import { form, rawClient } from './raw.ts';
import { connectClient, startStandIn, stopAll } from './support.ts';

afterEach(stopAll);

async function start(options = {}) {
  const discord = await startStandIn(options);
  const raw = rawClient(discord);
  return { discord, raw, path: `/channels/${discord.places.general.id}/messages` };
}

test('a message without the bot token is refused', async () => {
  const { raw, path } = await start();
  const refusal = await raw.refused('POST', path, { content: 'x' }, { authorization: 'Bot wrong' });
  expect(refusal).toMatchObject({ status: 401, code: 0 });
});

test('what the app may not do in the channel is refused', async () => {
  const { discord, raw, path } = await start();
  const { general } = discord.places;
  const file = form({}, { name: 'a.txt', bytes: Buffer.from('a') });
  discord.world.setAppPermissions(general.id, ['ViewChannel', 'SendMessages']);
  expect(await raw.refused('POST', path, file)).toMatchObject({ status: 403, code: 50013 });
  expect(await raw.refused('POST', path, { content: 'x', message_reference: { message_id: '1' } })).toMatchObject({
    code: 160002,
  });
  discord.world.setAppPermissions(general.id, ['ViewChannel']);
  expect(await raw.refused('POST', path, { content: 'x' })).toMatchObject({ status: 403, code: 50013 });
  discord.world.setAppPermissions(general.id, []);
  expect(await raw.refused('POST', path, { content: 'x' })).toMatchObject({ status: 403, code: 50001 });
  discord.world.setAppPermissions(general.id, null);
  await raw.json('POST', path, { content: 'x' });
});

test('an interaction states what the app may do in its channel', async () => {
  const { discord, raw } = await start();
  const client = await connectClient(discord);
  discord.world.setAppPermissions(discord.places.general.id, ['ViewChannel']);
  const stated = new Promise(resolve => client.on('interactionCreate', it => resolve(it.appPermissions.toArray())));
  await raw.used();
  expect(await stated).toEqual(['ViewChannel']);
});

test('channels, guilds and messages that are not there are unknown', async () => {
  const { discord, raw, path } = await start();
  expect(await raw.refused('GET', '/channels/1')).toMatchObject({ status: 404, code: 10003 });
  expect(await raw.refused('GET', '/guilds/1')).toMatchObject({ status: 404, code: 10004 });
  expect(await raw.refused('GET', `/guilds/${discord.places.guild.id}/members/1`)).toMatchObject({ code: 10007 });
  expect(await raw.refused('PATCH', `${path}/1`, { content: 'x' })).toMatchObject({ status: 404, code: 10008 });
});

test('a message mentions whom allowed_mentions lets it, an edit mentions nobody anew', async () => {
  const { discord, raw, path } = await start();
  const { ada, ben, general } = discord.places;
  const content = `<@${ada.id}> <@${ben.id}> @everyone`;
  const made = await raw.json('POST', path, { content, allowed_mentions: { parse: [], users: [ben.id] } });
  await raw.json('PATCH', `${path}/${made.id}`, { content });
  await raw.json('POST', path, { content: `<@${ada.id}>`, allowed_mentions: { parse: [] } });
  expect(discord.messages.inChannel(general.id).map(each => each.pings)).toEqual([[ben.id], []]);
  const both = { content, allowed_mentions: { parse: ['users'], users: [ada.id] } };
  expect(await raw.refused('POST', path, both)).toMatchObject({ code: 50035 });
});

test('an enforced nonce gives the message that it made before', async () => {
  const { discord, raw, path } = await start();
  const first = await raw.json('POST', path, { content: 'once', nonce: 'n1', enforce_nonce: true });
  const again = await raw.json('POST', path, { content: 'once', nonce: 'n1', enforce_nonce: true });
  expect(again.id).toBe(first.id);
  expect(discord.messages.inChannel(discord.places.general.id)).toHaveLength(1);
  await raw.json('POST', path, { content: 'twice', nonce: 'n1' });
  expect(discord.messages.inChannel(discord.places.general.id)).toHaveLength(2);
});

test('a reply to a message that is gone is refused, unless that was allowed', async () => {
  const { raw, path } = await start();
  const reference = { message_id: '1' };
  const refusal = await raw.refused('POST', path, { content: 'x', message_reference: reference });
  expect(refusal).toMatchObject({
    code: 50035,
    errors: { message_reference: { _errors: [{ code: 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE' }] } },
  });
  await raw.json('POST', path, { content: 'x', message_reference: { ...reference, fail_if_not_exists: false } });
});

test('a member who closed their direct messages gets none', async () => {
  const { discord, raw } = await start();
  const { ada, ben } = discord.places;
  const channel = await raw.json('POST', '/users/@me/channels', { recipient_id: ada.id });
  await raw.json('POST', `/channels/${channel.id}/messages`, { content: 'hello' });
  expect(discord.messages.direct(ada.id).map(each => each.content)).toEqual(['hello']);
  discord.world.setDirectMessages(ben.id, false);
  const closed = await raw.json('POST', '/users/@me/channels', { recipient_id: ben.id });
  expect(await raw.refused('POST', `/channels/${closed.id}/messages`, { content: 'x' })).toMatchObject({
    status: 403,
    code: 50007,
  });
});

test('messages older than an hour take few edits', async () => {
  const { discord, raw, path } = await start({ oldMessageEditsPerHour: 2 });
  const made = await raw.json('POST', path, { content: 'old' });
  discord.clock.advance(61 * 60_000);
  await raw.json('PATCH', `${path}/${made.id}`, { content: '1' });
  await raw.json('PATCH', `${path}/${made.id}`, { content: '2' });
  expect(await raw.refused('PATCH', `${path}/${made.id}`, { content: '3' })).toMatchObject({ status: 400, code: 30046 });
});

test('a removed channel is unknown, and commands there are impossible', async () => {
  const { discord, raw, path } = await start();
  await raw.register();
  discord.world.removeChannel(discord.places.general.id);
  expect(await raw.refused('POST', path, { content: 'x' })).toMatchObject({ code: 10003 });
  await expect(raw.used()).rejects.toThrow('no channel');
});
