/** Where a result goes when its message can't be edited any more, and what the buttons of a message do. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { InteractionHandle, RecordedRequest, SandboxMessage } from '../../sandbox/discord/index.ts';
import { gatedEngine } from './gate.ts';
import { type House, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

const MINUTE_MS = 60_000;
const POSE = 2.5;
const NOT_YOURS = 'This button is for the member who asked for the video, and for moderators.';
const ENGLISH_FACTS = /^-# AI-generated · pose 2\.5 · face 1 · lips 1\.2 · expand 1\.2 · took /;

const gate = gatedEngine();
let house: House;
/** Finished videos of Ada, whose "Try again" begins further renders: one that all see, one that she alone sees. */
let shared: SandboxMessage;
let secret: SandboxMessage;
let requests: RecordedRequest[] = [];

beforeAll(async () => {
  house = await openHouse({ engine: gate.engine, settings: { HALLO_DEFAULT_AT_ONCE: '1' } });
  house.discord.events.on('request', request => requests.push(request));
  gate.open();
  const options = { pose_weight: POSE };
  const both = [await house.hallo({ options }), await house.hallo({ options: { ...options, private: true } })] as const;
  shared = await house.ending(both[0]);
  secret = await house.ending(both[1]);
});
afterAll(() => house.close());
afterEach(() => {
  gate.open();
  requests = [];
});

const ada = () => house.discord.places.ada.id;
const general = () => house.discord.places.general.id;
const publicly = () => house.discord.messages.inChannel(general(), { as: house.discord.places.ben.id });
const directly = () => house.discord.messages.direct(ada());
const isRendering = () => gate.running(POSE) === 1;

/** A further render of a video's files, held at the provider. */
async function heldRender(of: SandboxMessage): Promise<InteractionHandle> {
  gate.shut();
  const handle = await house.press(of, 'Try again');
  await house.until(() => isRendering() && handle.original()?.content.startsWith('Rendering'));
  return handle;
}

/** Edits by the interaction's token, and calls that Discord refused for its age. */
const byToken = () => requests.filter(each => each.path.includes('/webhooks/')).length;
const refused = () => requests.filter(each => each.status === 401 || each.status === 403);

/** The lines of `/hallo-renders`, the newest first, and the files with it. */
async function listed() {
  const handle = await house.discord.members.command({
    ...{ guildId: house.discord.places.guild.id, channelId: general(), memberId: ada(), name: 'hallo-renders' },
  });
  const message = await house.until(() => {
    const original = handle.original();
    return original?.loading === false && original;
  });
  expect(message.ephemeralFor).toBe(ada());
  return { newest: message.content.split('\n')[1] ?? '', files: sightOf(message).files };
}

describe('the token expires while the video is made', () => {
  test('of a public one the same message gets the video all the same, by the bot token, and a mention; the dead token is left alone', async () => {
    const handle = await heldRender(shared);
    house.advance(14 * MINUTE_MS);
    requests = [];
    house.advance(2 * MINUTE_MS);
    gate.end(POSE);
    const end = await house.ending(handle);
    expect(sightOf(end)).toMatchObject({
      lines: [`<@${ada()}>'s portrait speaks.`, expect.stringMatching(ENGLISH_FACTS)],
      buttons: ['Try again', 'Again with…', 'Delete', 'Report'],
      files: [expect.stringMatching(/\.mp4$/)],
    });
    await house.until(() => publicly().some(each => each.reference?.messageId === end.id && each.pings.includes(ada())));
    expect(byToken()).toBe(0);
    expect(refused()).toEqual([]);
    expect(directly()).toEqual([]);
  });

  test('of a private one the last edit says where the result will be, then it comes as a direct message; nothing is public', async () => {
    const stood = publicly().length;
    const handle = await heldRender(secret);
    // Counted from the press, for the clock has run ahead since.
    house.advance(handle.createdAt + 13.5 * MINUTE_MS - house.clock.now());
    await house.until(() => handle.original()?.content.startsWith('This private message can soon'), { hurry: false });
    const farewell = handle.original()?.content.split('\n')[0];
    expect(farewell).toBe(
      'This private message can soon no longer be updated. The result will come as a direct message from me; if I may not write to you, you find it with `/hallo-renders`.',
    );
    expect(handle.original()?.ephemeralFor).toBe(ada());
    house.advance(2 * MINUTE_MS);
    requests = [];
    gate.end(POSE);
    const [message] = await house.until(() => directly().length > 0 && directly());
    expect(message && sightOf(message)).toMatchObject({
      lines: [`About your \`/hallo\` in <#${general()}>:`, 'Your portrait speaks.', expect.stringMatching(ENGLISH_FACTS)],
      buttons: [],
      files: [expect.stringMatching(/\.mp4$/)],
    });
    expect(handle.original()?.content.split('\n')[0]).toBe(farewell);
    expect(publicly()).toHaveLength(stood);
    expect([byToken(), refused()]).toEqual([0, []]);
  });

  test('of a private one whose member takes no direct messages, `/hallo-renders` shows it with the video', async () => {
    const { world } = house.discord;
    const handle = await heldRender(secret);
    world.setDirectMessages(ada(), false);
    house.advance(16 * MINUTE_MS);
    const sent = directly().length;
    gate.end(POSE);
    await house.until(() => refused().length > 0, { what: 'the refusal of a direct message' });
    const { newest, files } = await house.until(async () => {
      const list = await listed();
      return list.newest.includes('done') && list;
    });
    world.setDirectMessages(ada(), true);
    expect(newest).toMatch(/^1\. <t:\d+:R>: done, here it is$/);
    expect(files[0]).toMatch(/^hallo-ai-generated-.*\.mp4$/);
    expect(directly()).toHaveLength(sent);
    expect(handle.original()?.attachments).toEqual([]);
  });
});

describe('the place of the message is lost while the video is made', () => {
  test('deleted on purpose: nothing is posted again; `/hallo-renders` says so', async () => {
    const handle = await heldRender(shared);
    const message = handle.original();
    house.discord.members.remove({ messageId: message?.id ?? '', memberId: house.discord.places.mia.id });
    const stood = [publicly().length, directly().length];
    gate.end(POSE);
    const list = await house.until(async () => {
      const now = await listed();
      return now.newest.includes('done') && now;
    });
    expect(list.newest).toMatch(/^1\. <t:\d+:R>: done; the message was deleted$/);
    expect([publicly().length, directly().length]).toEqual(stood);
  });

  test('the channel hidden from the bot while the token lives: the same message gets the video all the same', async () => {
    const handle = await heldRender(shared);
    house.discord.world.setAppPermissions(general(), []);
    gate.end(POSE);
    expect(sightOf(await house.ending(handle)).files).toHaveLength(1);
    house.discord.world.setAppPermissions(general(), null);
  });

  test('the channel itself is gone: the video comes as a direct message', async () => {
    const { discord } = house;
    const channel = discord.world.addChannel(discord.places.guild.id, { name: 'short-lived' });
    const sent = directly().length;
    gate.shut();
    await house.hallo({ channelId: channel.id, options: { pose_weight: POSE } });
    await house.until(isRendering);
    discord.world.removeChannel(channel.id);
    gate.end(POSE);
    const message = await house.until(() => directly()[sent]);
    expect(sightOf(message).files).toHaveLength(1);
  });

  test.each([
    ['the video comes as a direct message', true],
    ['and the member takes no direct messages: `/hallo-renders` shows the video', false],
  ])('the channel hidden from the bot, the token expired: %s', async (_name, takesDirectMessages) => {
    const { world } = house.discord;
    const handle = await heldRender(shared);
    house.advance(16 * MINUTE_MS);
    world.setAppPermissions(general(), []);
    world.setDirectMessages(ada(), takesDirectMessages);
    const sent = directly().length;
    gate.end(POSE);
    if (takesDirectMessages) {
      const message = await house.until(() => directly()[sent]);
      expect(sightOf(message).lines[0]).toBe(`About your \`/hallo\` in <#${general()}>:`);
      expect(sightOf(message).files).toHaveLength(1);
    } else {
      const list = await house.until(async () => {
        const now = await listed();
        return now.newest.includes('done') && now;
      });
      expect(list.newest).toMatch(/: done, here it is$/);
      expect(list.files[0]).toMatch(/\.mp4$/);
      expect(directly()).toHaveLength(sent);
    }
    expect(handle.original()?.attachments).toEqual([]);
    world.setAppPermissions(general(), null);
    world.setDirectMessages(ada(), true);
  });
});

describe('Cancel', () => {
  const CONFIRM = 'Your video was already submitted, so it is **charged all the same**. If you cancel, it will not be posted.';

  /** One render held at the provider, and one behind it. */
  async function oneWaits() {
    const held = await heldRender(shared);
    const next = await house.press(shared, 'Try again');
    const message = await house.until(() => {
      const original = next.original();
      return original?.content.startsWith('Waiting: next in line.') && original;
    });
    return { held, next, message };
  }

  test.each(['ada', 'mia'] as const)(
    'while it waits is free, for the requester and for moderators (%s), not for others',
    async who => {
      const { held, next, message } = await oneWaits();
      const sent = house.wire.count('submit');
      expect(sightOf(message).buttons).toEqual(['Cancel (free)']);
      const bens = await house.press(message, 'Cancel', house.discord.places.ben.id);
      expect(sightOf(bens.original() ?? message)).toMatchObject({ lines: [NOT_YOURS], private: true });
      expect(next.original()?.content).toBe(message.content);

      const pressed = await house.press(message, 'Cancel', house.discord.places[who].id);
      expect(sightOf(pressed.original() ?? message)).toMatchObject({ lines: ['Cancelled. Nothing was charged.'], private: true });
      expect(sightOf(await house.ending(next))).toMatchObject({
        lines: ['Cancelled. Nothing was charged.'],
        buttons: ['Try again', 'Delete'],
      });
      gate.end(POSE);
      expect(sightOf(await house.ending(held)).files).toHaveLength(1);
      expect(house.wire.count('submit')).toBe(sent);
    },
  );

  test('while it renders asks first, for it is charged all the same; the video is not posted, and its place is free when the provider is done', async () => {
    const before = await house.record();
    const { held, next } = await oneWaits();
    const message = held.original() ?? shared;
    expect(sightOf(message).buttons).toEqual(['Cancel (charged all the same)']);
    const asked = await house.press(message, 'Cancel');
    const question = asked.original() ?? shared;
    expect(sightOf(question)).toMatchObject({ lines: [CONFIRM], buttons: ['Cancel anyway'], private: true });
    expect(held.original()?.content).toMatch(/^Rendering/);

    await house.press(question, 'Cancel anyway');
    expect(sightOf(asked.original() ?? shared)).toMatchObject({
      lines: ['Cancelled. The video will not be posted; it is charged all the same.'],
      buttons: [],
    });
    await house.until(() => held.original()?.content.startsWith('Cancelled: the video will not be posted.'));
    house.advance(MINUTE_MS);
    expect([gate.running(POSE), next.original()?.content.split('\n')[0]]).toEqual([1, 'Waiting: next in line.']);
    gate.end(POSE);
    expect(sightOf(await house.ending(held))).toMatchObject({
      lines: ['Cancelled. It was charged all the same.'],
      buttons: ['Try again', 'Delete'],
      files: [],
    });
    await house.until(isRendering);
    gate.end(POSE);
    expect(sightOf(await house.ending(next)).files).toHaveLength(1);
    expect((await house.record()).billedUsd - before.billedUsd).toBeCloseTo(0.84);
  });

  test('after the end is refused: "It is too late to cancel"', async () => {
    const held = await heldRender(shared);
    const asked = await house.press(held.original() ?? shared, 'Cancel');
    gate.end(POSE);
    await house.ending(held);
    await house.press(asked.original() ?? shared, 'Cancel anyway');
    expect(asked.original()?.content).toBe('It is too late to cancel: the video is on its way or has ended.');
  });
});

describe('Delete and Try again', () => {
  test('Delete takes the message away for its requester, not for others', async () => {
    const handle = await house.press(shared, 'Try again');
    const message = await house.ending(handle);
    const bens = await house.press(message, 'Delete', house.discord.places.ben.id);
    expect(bens.original()?.content).toBe(NOT_YOURS);
    expect(handle.original()).toBeDefined();
    await house.press(message, 'Delete');
    await house.until(() => handle.original() === undefined);
  });

  test('Try again after a success is a new message with the same files and weights, on the account of who pressed', async () => {
    const bens = await house.press(shared, 'Try again', house.discord.places.ben.id);
    expect(bens.original()?.content).toBe(NOT_YOURS);
    const mias = await house.press(shared, 'Try again', house.discord.places.mia.id);
    const end = await house.ending(mias);
    expect(end.id).not.toBe(shared.id);
    expect(sightOf(end).lines).toEqual([
      `<@${house.discord.places.mia.id}>'s portrait speaks.`,
      expect.stringMatching(ENGLISH_FACTS),
    ]);
    expect(sightOf(house.discord.messages.get(shared.id) ?? end)).toEqual(sightOf(shared));
    expect(new Set(gate.inputs).size).toBe(1);
  });

  test('Try again a day later says that the files are no longer kept', async () => {
    house.advance(25 * 60 * MINUTE_MS);
    const pressed = await house.press(shared, 'Try again');
    expect(sightOf(pressed.original() ?? shared)).toMatchObject({
      lines: ['The portrait and the voice of this video are no longer kept. Please use `/hallo` again with both files.'],
      private: true,
    });
  });
});
