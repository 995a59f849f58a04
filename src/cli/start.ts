import { flushCompileCache } from 'node:module';
import { type Command, Option } from 'commander';
import { ROLES, type Role } from '../config.ts';
import { startBot } from '../main.ts';
import { fail, settings, stopOnSignal } from './settings.ts';

/** `hallo start`: the bot, against Discord. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('start the bot; settings come from the environment and .env')
    .addOption(new Option('--role <role>', 'what this process does; default: HALLO_ROLE, else all').choices(ROLES))
    .action(async (options: { role?: Role }) => {
      const read = settings();
      const config = { ...read, role: options.role ?? read.role };
      const { token } = config.discord;
      if (config.role !== 'all' && config.storage.databaseUrl === undefined) {
        fail(`The role ${config.role} needs DATABASE_URL: processes share a database on Postgres. See docs/scaling.md.`);
      }
      if (token === undefined) {
        fail(
          'DISCORD_TOKEN is not set, so there is no bot to start.',
          'Put the token of your application (https://discord.com/developers/applications) into .env; .env.example shows how.',
          'To try everything without an account or a key: npm run sandbox',
        );
      }
      const ownServer = config.provider.baseUrl !== undefined;
      if (config.role !== 'gateway' && config.provider.apiKey === undefined && !ownServer) {
        fail(
          'SEGMIND_API_KEY is not set, so nobody would render.',
          'Put your key into .env, or render on your own machine: npm run hallo -- serve, and SEGMIND_BASE_URL with its address.',
        );
      }
      const answer = await startBot({ ...config, discord: { ...config.discord, token } });
      if (!answer.ok) fail(answer.problem);
      stopOnSignal(answer.bot.stop);
      // A bot may run for weeks, and be killed then.
      flushCompileCache();
    });
}
