/** The same portrait, voice and weights again: answered with the video that is there, free of charge, as long as it may be. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SandboxMessage } from '../../sandbox/discord/index.ts';
import { type Ask, type House, openHouse, portraitFile } from './house.ts';
import { sightOf } from './sight.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ settings: { HALLO_DEFAULT_ANSWER_REPEATS: '1' } });
});
afterAll(() => house.close());

const ordered = async () => (await house.record()).requests.length;
const asked = async (ask: Ask = {}): Promise<SandboxMessage> => house.ending(await house.hallo(ask));

async function pressedAgain(message: SandboxMessage): Promise<SandboxMessage> {
  return house.ending(await house.press(message, 'Try again'));
}

/** Through the form of the reports, as another member. */
async function report(message: SandboxMessage): Promise<void> {
  const form = await house.press(message, 'Report', house.discord.places.ben.id);
  const sent = await house.discord.members.submitModal({ interaction: form, values: { why: 'that is me' } });
  await sent.acknowledged;
}

async function deleteData(): Promise<void> {
  const { guild, general, ada } = house.discord.places;
  const where = { guildId: guild.id, channelId: general.id, memberId: ada.id };
  const handle = await house.discord.members.command({ ...where, name: 'hallo-data' });
  await handle.acknowledged;
  const shown = await house.until(() => handle.original());
  await house.press(shown, 'Delete my data');
  const question = await house.until(() => house.discord.messages.get(shown.id));
  await house.press(question, 'Yes, delete it');
  await house.until(() => house.discord.messages.get(shown.id)?.content.includes('It is deleted.'));
}

test('it is answered with the video, its place and a button for a new one; the rest is made', async () => {
  const first = await asked();
  const before = house.wire.count('upload');
  const second = await asked();
  expect(await ordered()).toBe(1);
  expect(house.wire.count('upload')).toBe(before);
  const { guild, general, ada } = house.discord.places;
  const { lines, buttons, files } = sightOf(second);
  const link = `https://discord.com/channels/${guild.id}/${general.id}/${first.id}`;
  expect(lines[0]).toBe(`<@${ada.id}>'s portrait speaks.`);
  expect(lines[1]?.replace(/<t:\d+:R>/, '<time>')).toBe(
    `This video was there already: the portrait, the voice and the weights are those of [<time>](${link}). Nothing was charged; “Try again” makes a new one.`,
  );
  // How long that one took, not this one.
  expect(lines[2]).toMatch(/^-# AI-generated · pose 1\.4 · face 1 · lips 1\.2 · expand 1\.2 · took \d\d s$/);
  expect(buttons).toEqual(['Try again', 'Again with…', 'Delete', 'Report']);
  expect(files).toHaveLength(1);
  const bytes = async (message: SandboxMessage) =>
    Buffer.from(await (await fetch(message.attachments[0]?.url ?? '')).arrayBuffer());
  expect((await bytes(second)).equals(await bytes(first))).toBe(true);
  expect(house.discord.messages.inChannel(general.id).filter(each => each.content.includes('your video is ready'))).toHaveLength(
    1,
  );

  // Another name, other weights, another member, another server, in private: what is the same, and what is not.
  const renamed = { file: { ...portraitFile.file, name: 'other.png' } };
  expect(sightOf(await asked({ options: { image: renamed } })).lines[1]).toContain('was there already');
  expect(sightOf(await asked({ options: { private: true } })).lines[1]).toContain('was there already');
  expect(await ordered()).toBe(1);
  await asked({ options: { lip_weight: 2 } });
  await asked({ memberId: house.discord.places.ben.id });
  const { second: other } = house.discord.places;
  await asked({ guildId: other.guild.id, channelId: other.general.id });
  expect(await ordered()).toBe(4);

  const anew = await pressedAgain(second);
  expect(sightOf(anew).lines[1]).toContain('AI-generated');
  expect(await ordered()).toBe(5);
  const { requests, billedUsd } = await house.record();
  expect(billedUsd).toBeCloseTo(requests.reduce((sum, each) => sum + (each.costUsd ?? 0), 0));
});

test.each<[string, (message: SandboxMessage) => Promise<unknown>]>([
  ['was deleted by its button', message => house.press(message, 'Delete')],
  [
    'was deleted in Discord',
    async message => house.discord.members.remove({ messageId: message.id, memberId: house.discord.places.mia.id }),
  ],
  ['was reported', report],
  ['was reported where it was shown again', async () => report(await asked())],
  ['went with its member’s data', deleteData],
])('what %s is made anew', async (_what, happens) => {
  const message = await pressedAgain(await asked());
  const before = await ordered();
  await happens(message);
  const next = await asked();
  expect(sightOf(next).lines.join('\n')).not.toContain('was there already');
  expect(await ordered()).toBe(before + 1);
});

test('a week later its file is gone, and so is what was known of it', async () => {
  await asked();
  const before = await ordered();
  house.advance(7 * 24 * 3_600_000 + 60_000);
  await asked();
  expect(await ordered()).toBe(before + 1);
});
