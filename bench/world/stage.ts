import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Discord, startDiscord } from '../../sandbox/discord/index.ts';
import { type BenchProvider, type ProviderOptions, startBenchProvider } from './provider.ts';

/** The stand-ins for Discord and the provider, and a folder that goes at the end. */
export type Stage = { discord: Discord; provider: BenchProvider; folder: string };

/** Does something on a stage of its own; whatever was started by it has to be ended by it. */
export async function onStage<T>(work: (stage: Stage) => Promise<T>, options: ProviderOptions = {}): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-bench-'));
  const [discord, provider] = await Promise.all([startDiscord(), startBenchProvider(options)]);
  try {
    return await work({ discord, provider, folder });
  } finally {
    await Promise.all([discord.close(), provider.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}
