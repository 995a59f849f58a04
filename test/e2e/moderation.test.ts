/** Moderation by the whole, unchanged bot: what a moderator does in Discord is felt by the next `/hallo`. */

import { copyFile, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OptionValue, SandboxMessage } from '../../sandbox/discord/index.ts';
import { fixtureVideo } from '../server/harness.ts';
import { type House, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

let house: House;
beforeAll(async () => {
  const engine = {
    name: 'film',
    async render({ outputPath }: { outputPath: string }) {
      await copyFile(fixtureVideo, outputPath);
      return { ok: true as const };
    },
  };
  house = await openHouse({ engine, settings: { HALLO_DEFAULT_FACE_CHECK: 'off' } });
});
afterAll(() => house.close());

const places = () => house.discord.places;

async function moderate(subcommand: string, options: Record<string, OptionValue> = {}): Promise<SandboxMessage> {
  const { guild, general, mia } = places();
  const where = { guildId: guild.id, channelId: general.id, memberId: mia.id };
  const handle = await house.discord.members.command({ ...where, name: 'hallo-moderation', subcommand, options });
  await handle.acknowledged;
  return house.until(() => (handle.original()?.content ? handle.original() : undefined));
}

test('declined by the filter: a case, a suspension that the next /hallo meets, and its end', async () => {
  await house.order({ fault: 'failed', text: 'Violent content detected: gore' });
  const end = await house.ending(await house.hallo());
  expect(end.content).not.toContain('gore');
  const list = await moderate('list');
  expect(list.content).toContain(`1. declined · <@${places().ada.id}>`);
  const opened = (await house.press(list, 'Open 1', places().mia.id)).original();
  expect(opened?.content).toContain('The service says: Violent content detected: gore');
  if (opened === undefined) throw new Error('no case');
  await house.press(opened, 'Suspend 1 hour', places().mia.id);
  const refused = await house.hallo();
  expect(refused.original()?.content).toContain('A moderator has suspended you from `/hallo` on this server. It ends <t:');
  expect((await moderate('lift', { member: places().ada.id })).content).toContain('may make videos again');
  expect(sightOf(await house.ending(await house.hallo())).files).toHaveLength(1);
});

test('a picture that was blocked by hand is refused when it comes again cropped and mirrored, before anything is ordered', async () => {
  const bytes = await readFile(new URL('../../sandbox/samples/portrait.jpg', import.meta.url));
  const blocked = await moderate('block', { image: { file: { name: 'known.jpg', bytes } }, note: 'asked to' });
  expect(blocked.content).toContain('The picture is blocked here.');
  const { width, height } = await sharp(bytes).metadata();
  const part = sharp(bytes).extract({ left: 40, top: 30, width: width - 70, height: height - 50 });
  const changed = await part.flop().jpeg({ quality: 40 }).toBuffer();
  const before = (await house.record()).requests.length;
  const handle = await house.hallo({ options: { image: { file: { name: 'other.jpg', bytes: changed } } } });
  const words = await house.until(() => handle.followUps().at(-1)?.content);
  expect(words).toContain('The moderators of this server have blocked this portrait. Please use another one.');
  expect(words).toContain('Nothing was charged.');
  expect((await house.record()).requests).toHaveLength(before);
});
