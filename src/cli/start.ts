import { flushCompileCache } from 'node:module';
import type { Command } from 'commander';
import { startBot } from '../main.ts';
import { fail, settings, stopOnSignal } from './settings.ts';

/** `hallo start`: the bot, against Discord. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('start the bot; settings come from the environment and .env')
    .action(async () => {
      const config = settings();
      const { token } = config.discord;
      if (token === undefined) {
        fail(
          'DISCORD_TOKEN is not set, so there is no bot to start.',
          'Put the token of your application (https://discord.com/developers/applications) into .env; .env.example shows how.',
          'To try everything without an account or a key: npm run sandbox',
        );
      }
      const ownServer = config.provider.baseUrl !== undefined;
      if (config.provider.apiKey === undefined && !ownServer) {
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
