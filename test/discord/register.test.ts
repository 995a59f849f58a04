import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { type Discord, startDiscord } from '../../sandbox/discord/index.ts';
import { registerCommands, sameCommands } from '../../src/discord/register.ts';
import { type Calls, createCalls } from '../../src/discord/rest.ts';

let discord: Discord;
let calls: Calls;
beforeEach(async () => {
  discord = await startDiscord();
  calls = createCalls({ apiBase: discord.apiBase, token: discord.token, retries: 0 });
});
afterEach(async () => {
  calls.close();
  await discord.close();
});

const data = COMMANDS.map(command => command.data);

test('commands are registered once, and again only when something changed', async () => {
  expect(await registerCommands(calls, data)).toEqual({ kind: 'overwritten', count: data.length });
  expect(await registerCommands(calls, data)).toEqual({ kind: 'unchanged' });
  expect(await registerCommands(calls, [...data].reverse(), discord.applicationId)).toEqual({ kind: 'unchanged' });
  const [first, ...others] = data;
  const changed = first === undefined ? [] : [{ ...first, description: 'Another description' }, ...others];
  expect(await registerCommands(calls, changed)).toEqual({ kind: 'overwritten', count: data.length });
  expect(
    discord.commands
      .list()
      .map(command => command.name)
      .sort(),
  ).toEqual(COMMANDS.map(command => command.data.name).sort());
});

test('a command that is no longer declared goes away', async () => {
  await registerCommands(calls, data);
  await registerCommands(calls, data.slice(0, 1));
  expect(discord.commands.list()).toHaveLength(1);
});

test('what Discord refuses is an answer that names the step', async () => {
  discord.faults.order({ fault: 'answer', method: 'PUT', status: 403, code: 50001 });
  expect(await registerCommands(calls, data)).toEqual({ kind: 'failed', step: 'write', answer: 'no-channel' });
  const stranger = createCalls({ apiBase: discord.apiBase, token: 'wrong', retries: 0 });
  expect(await registerCommands(stranger, data)).toEqual({ kind: 'failed', step: 'application', answer: 'token-dead' });
  expect(await registerCommands(stranger, data)).toEqual({ kind: 'failed', step: 'application', answer: 'token-dead' });
  stranger.close();
});

test('what Discord adds, leaves out or orders otherwise is no change; everything else is', () => {
  const ours = {
    name: 'a',
    description: 'b',
    contexts: [0, 1],
    options: [
      { name: 'x', type: 3 },
      { name: 'y', type: 3 },
    ],
  };
  const theirs = {
    ...{ id: '1', application_id: '2', version: '3', nsfw: false, default_member_permissions: null, name_localizations: {} },
    ...ours,
    contexts: [1, 0],
    options: [
      { type: 3, name: 'x', required: false },
      { type: 3, name: 'y' },
    ],
  };
  expect(sameCommands([theirs], [ours])).toBe(true);
  expect(sameCommands([theirs], [{ ...ours, options: [...ours.options].reverse() }])).toBe(false);
  expect(sameCommands([theirs], [{ ...ours, options: [{ name: 'x', type: 3, min_value: 0 }] }])).toBe(false);
  expect(sameCommands([theirs], [])).toBe(false);
});
