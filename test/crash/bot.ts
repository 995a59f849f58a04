/** `hallo start` with faults: the bot ends itself, or finds its disk full, where the harness's orders say so. */
import { fail, settings, stopOnSignal } from '../../src/cli/settings.ts';
import { startBot } from '../../src/main.ts';
import { takeDetour } from './detour.ts';
import { orderedFaults } from './orders.ts';

const config = settings();
const { token } = config.discord;
const { CRASH_ORDERS: orders, CRASH_DETOUR: detour } = process.env;
if (token === undefined || orders === undefined) fail('DISCORD_TOKEN and CRASH_ORDERS are needed.');
if (detour !== undefined) takeDetour(detour);
const answer = await startBot({ ...config, discord: { ...config.discord, token } }, { faults: orderedFaults(orders) });
if (!answer.ok) fail(answer.problem);
stopOnSignal(answer.bot.stop);
