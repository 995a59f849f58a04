import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startDiscord } from '../../sandbox/discord/index.ts';
import { rawClient } from './raw.ts';
import { halloCommand, startStandIn, stopAll } from './support.ts';

afterEach(stopAll);

async function start() {
  const discord = await startStandIn();
  return { discord, raw: rawClient(discord), path: `/channels/${discord.places.general.id}/messages` };
}

const button = (customId: string) => ({ type: 2, style: 1, label: 'x', custom_id: customId });
const row = (...components: unknown[]) => ({ type: 1, components });

test('unknown routes and methods are refused as Discord refuses them', async () => {
  const { raw, path } = await start();
  expect(await raw.refused('GET', '/nothing/here')).toEqual({ status: 404, code: 0, message: '404: Not Found' });
  expect(await raw.refused('DELETE', path)).toMatchObject({ status: 405, code: 0 });
});

test.each([
  ['content too long', { content: 'x'.repeat(2_001) }, { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } }],
  ['content of a wrong type', { content: 7 }, { content: { _errors: [{ code: 'STRING_TYPE_CONVERT' }] } }],
  [
    'six rows',
    { components: Array.from({ length: 6 }, (_, at) => row(button(`${at}`))) },
    { components: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } },
  ],
  [
    'a custom id twice',
    { components: [row(button('a'), button('a'))] },
    { components: { _errors: [{ code: 'COMPONENT_CUSTOM_ID_DUPLICATED' }] } },
  ],
  [
    'a button without a custom id',
    { components: [row({ type: 2, style: 1, label: 'x' })] },
    { components: { 0: { components: { 0: { custom_id: {} } } } } },
  ],
  [
    'a custom id too long',
    { components: [row(button('x'.repeat(101)))] },
    { components: { 0: { components: { 0: { custom_id: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } } } } } },
  ],
  [
    'a value offered twice',
    {
      components: [
        row({
          type: 3,
          custom_id: 'a',
          options: [
            { label: 'A', value: 'a' },
            { label: 'B', value: 'a' },
          ],
        }),
      ],
    },
    {
      components: { 0: { components: { 0: { options: { _errors: [{ code: 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED' }] } } } } },
    },
  ],
  [
    'more chosen beforehand than can be chosen',
    { components: [row({ type: 6, custom_id: 'a', default_values: ['1', '2'].map(id => ({ id, type: 'role' })) })] },
    { components: { 0: { components: { 0: { default_values: {} } } } } },
  ],
  [
    'roles chosen beforehand in a menu of channels',
    { components: [row({ type: 8, custom_id: 'a', default_values: [{ id: '1', type: 'role' }] })] },
    { components: { 0: { components: { 0: { default_values: {} } } } } },
  ],
  ['a new component without the flag', { components: [{ type: 10, content: 'x' }] }, { components: { 0: {} } }],
  [
    'content beside new components',
    { flags: 32768, content: 'x', components: [{ type: 10, content: 'x' }] },
    { content: { _errors: [{ code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2' }] } },
  ],
  [
    'a gallery of a file that is not there',
    { flags: 32768, components: [{ type: 12, items: [{ media: { url: 'attachment://a.mp4' } }] }] },
    { components: {} },
  ],
  ['eleven embeds', { embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) }, { embeds: {} }],
])('a message with %s is refused, with a tree that says where', async (_what, body, errors) => {
  const { raw, path } = await start();
  expect(await raw.refused('POST', path, body)).toMatchObject({ status: 400, code: 50035, errors });
});

test('an empty message, JSON that is none, and a foreign content type are refused', async () => {
  const { raw, path } = await start();
  expect(await raw.refused('POST', path, {})).toMatchObject({ status: 400, code: 50006 });
  expect(await raw.refused('POST', path, '{oh')).toMatchObject({ status: 400, code: 50109 });
  expect(await raw.refused('POST', path, 'x', { 'content-type': 'text/plain' })).toMatchObject({ code: 50035 });
});

test.each([
  ['an upper-case name', { ...halloCommand, name: 'Hallo' }, { 0: { name: {} } }],
  ['no description', { name: 'hallo' }, { 0: { description: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } } }],
  [
    'a required option after an optional one',
    {
      name: 'a',
      description: 'a',
      options: [
        { type: 3, name: 'x', description: 'x' },
        { type: 3, name: 'y', description: 'y', required: true },
      ],
    },
    { 0: { options: { 1: { _errors: [{ code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID' }] } } } },
  ],
  [
    'a range on a text',
    { name: 'a', description: 'a', options: [{ type: 3, name: 'x', description: 'x', max_value: 3 }] },
    { 0: {} },
  ],
])('a command with %s is not registered', async (_what, command, errors) => {
  const { discord, raw } = await start();
  expect(await raw.refused('PUT', `/applications/${discord.applicationId}/commands`, [command])).toMatchObject({
    code: 50035,
    errors,
  });
  expect(discord.commands.list()).toEqual([]);
});

test('a name twice and commands of another application are refused', async () => {
  const { discord, raw } = await start();
  const path = `/applications/${discord.applicationId}/commands`;
  expect(await raw.refused('PUT', path, [halloCommand, halloCommand])).toMatchObject({ code: 50035 });
  expect(await raw.refused('PUT', '/applications/1/commands', [])).toMatchObject({ status: 403, code: 20012 });
});

test('a command keeps its id as long as its name stays', async () => {
  const { discord, raw } = await start();
  await raw.register();
  const path = `/applications/${discord.applicationId}/commands`;
  const list = async () => z.array(z.looseObject({ id: z.string() })).parse(await (await raw.send('GET', path)).json());
  const before = await list();
  await raw.send('PUT', path, [{ ...halloCommand, description: 'New' }]);
  expect(await list()).toMatchObject([{ id: before[0]?.id, description: 'New' }]);
});

test('the stand-in listens on loopback only and answers to its names only', async () => {
  await expect(startDiscord({ host: '0.0.0.0' })).rejects.toThrow('loopback only');
  const { discord } = await start();
  const { request } = await import('node:http');
  const status = await new Promise(resolve =>
    request(discord.url, { headers: { host: 'evil.example' } }, response => resolve(response.statusCode)).end(),
  );
  expect(status).toBe(403);
  expect(await (await fetch(discord.url)).text()).toContain('stand-in for Discord');
});

test('members can only do what their client offers', async () => {
  const { discord, raw } = await start();
  await raw.register();
  const { general, moderators, ada } = discord.places;
  const command = (options: Record<string, never>, channelId = general.id) =>
    discord.members.command({ channelId, memberId: ada.id, name: 'hallo', options });
  const text = { file: { name: 'a.txt', bytes: Buffer.from('a') } };
  const wrong = (options: object) =>
    discord.members.command({ channelId: general.id, memberId: ada.id, name: 'hallo', options: { ...options } });
  await expect(command({})).rejects.toThrow('option image is required');
  await expect(wrong({ image: text, audio: text })).rejects.toThrow('must be one of image');
  await expect(wrong({ pose_weight: 9 })).rejects.toThrow('must be at most 3');
  await expect(wrong({ nonsense: 9 })).rejects.toThrow('no option nonsense');
  await expect(command({}, moderators.id)).rejects.toThrow('lacks ViewChannel');
});
