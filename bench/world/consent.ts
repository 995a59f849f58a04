import { readFile } from 'node:fs/promises';
import type { Discord } from '../../sandbox/discord/index.ts';
import { throughModals } from '../../sandbox/run/agree.ts';

/** Uses `/hallo` once as ada and agrees to what is asked before a first video, so that from then on a command is deferred. */
export async function agreeOnce(discord: Discord): Promise<void> {
  const file = async (name: string) => ({
    file: { name, bytes: await readFile(new URL(`../../sandbox/samples/${name}`, import.meta.url)) },
  });
  const options = { image: await file('portrait.jpg'), audio: await file('voice.wav') };
  const { general, ada } = discord.places;
  const first = await discord.members.command({ channelId: general.id, memberId: ada.id, name: 'hallo', options });
  await (await throughModals(discord, first)).acknowledged;
}
