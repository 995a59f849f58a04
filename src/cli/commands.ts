import type { Command } from 'commander';
import { COMMANDS } from '../../commands/index.ts';
import { DISCORD_API_BASE } from '../discord/platform.ts';
import { type Registration, registerCommands } from '../discord/register.ts';
import { createCalls } from '../discord/rest.ts';
import { fail, settings } from './settings.ts';

/** `hallo commands`: registers the commands, only if they changed. */
export function addCommands(program: Command): void {
  program
    .command('commands')
    .description('register the slash commands at Discord, only if they changed (the bot does so on every start)')
    .action(async () => {
      const { token, apiBase } = settings().discord;
      if (token === undefined) fail('DISCORD_TOKEN is not set; .env.example shows how.');
      const calls = createCalls({ apiBase: apiBase ?? DISCORD_API_BASE, token });
      const registration = await registerCommands(
        calls,
        COMMANDS.map(command => command.data),
      );
      calls.close();
      switch (registration.kind) {
        case 'unchanged':
          return console.log('The commands are registered as they are.');
        case 'overwritten':
          return console.log(`Registered ${registration.count} commands.`);
        case 'failed':
          return fail(`The commands are not registered: ${troubleOf(registration)}`);
      }
    });
}

function troubleOf({ step, answer }: Extract<Registration, { kind: 'failed' }>): string {
  if (answer === 'token-dead') return 'Discord refuses DISCORD_TOKEN. Copy it anew from the developer portal.';
  if (answer === 'unreachable') return 'Discord cannot be reached. Try again later.';
  return `Discord refused (${step}: ${answer}).`;
}
