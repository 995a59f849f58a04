/** Moderation by the whole, unchanged bot: what a moderator does in Discord is felt by the next `/hallo`. */

import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OptionValue, SandboxMessage } from '../../sandbox/discord/index.ts';
import { gatedEngine } from './gate.ts';
import { type House, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

const gate = gatedEngine();
let house: House;
beforeAll(async () => {
  gate.open();
  house = await openHouse({
    engine: gate.engine,
    settings: { HALLO_DEFAULT_FACE_CHECK: 'off', HALLO_DEFAULT_AT_ONCE: '1' },
  });
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

test('suspended while their video waits in line: it ends before it is ordered, free, and they alone are told until when and why', async () => {
  gate.shut();
  const { ada, ben } = places();
  const first = await house.hallo({ memberId: ben.id });
  await house.until(async () => (await house.record()).requests.at(-1)?.state === 'PROCESSING');
  const second = await house.hallo();
  await house.until(() => second.original()?.content.includes('in line'));
  const ordered = (await house.record()).requests.length;
  await moderate('suspend', { member: ada.id, length: 'day', why: 'be kind' });
  gate.open();
  expect(sightOf(await house.ending(first)).files).toHaveLength(1);
  const words = await house.until(() => second.followUps().at(-1)?.content);
  expect(words).toMatch(/^\*\*No video this time\.\*\* A moderator has suspended you .* It ends <t:\d+:R>\./);
  expect(words).toContain('The reason given: be kind\nNothing was charged.');
  expect((await house.record()).requests).toHaveLength(ordered);
  await moderate('lift', { member: ada.id });
});
