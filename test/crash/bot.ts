/** `hallo start` with faults: the bot ends itself, or finds its disk full, where the harness's orders say so. */
import { fail, settings, stopOnSignal } from '../../src/cli/settings.ts';
import { startBot } from '../../src/main.ts';
import { orderedFaults } from './orders.ts';

const config = settings();
const { token } = config.discord;
const orders = process.env.CRASH_ORDERS;
if (token === undefined || orders === undefined) fail('DISCORD_TOKEN and CRASH_ORDERS are needed.');
const answer = await startBot({ ...config, discord: { ...config.discord, token } }, { faults: orderedFaults(orders) });
if (!answer.ok) fail(answer.problem);
stopOnSignal(answer.bot.stop);
