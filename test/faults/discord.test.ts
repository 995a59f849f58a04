/** Discord's REST goes wrong while renders are on their way, one row a fault: where each video is found in the end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault, InteractionHandle, SandboxMessage } from '../../sandbox/discord/index.ts';
import { gatedEngine } from '../e2e/gate.ts';
import { type House, openHouse } from '../e2e/house.ts';
import { sightOf } from '../e2e/sight.ts';
import { writeVideo } from '../support/make-media.ts';

/** Where a video was found. */
type Found =
  | 'its message'
  | 'a link in its message'
  | 'a message that points back'
  | 'a direct message'
  | '/hallo-renders'
  | 'nowhere';

type Row = {
  fault: string;
  found: Found;
  mentioned?: false;
  /** what goes wrong as soon as the provider is at work */
  orders?: (calls: Calls) => Fault[];
  meanwhile?: (handle: InteractionHandle) => void;
  where?: 'general' | 'hidden' | 'removed';
  who?: 'otto';
};

/** The calls of one render alone, for the rows of a table run at the same time. */
type Calls = ReturnType<typeof callsOf>;
const callsOf = (token: string, { channelId, id }: SandboxMessage) => ({
  edit: { method: 'PATCH', route: `/webhooks/:application/${token}/messages/@original` },
  editByBot: { method: 'PATCH', route: `/channels/${channelId}/messages/${id}`, times: 1_000 },
});

const edits = (fault: string, found: Found, how: object, more: Partial<Row> = {}): Row => ({
  ...{ fault, found, orders: ({ edit }) => [{ fault: 'answer', status: 500, ...edit, ...how }] },
  ...more,
});
const limited = (scope: 'user' | 'shared' | 'global'): Row => ({
  ...{ fault: `429 of scope ${scope}`, found: 'its message' },
  orders: ({ edit }) => [{ fault: 'rate-limit', retryAfterMs: 200, scope, ...edit }],
});
const cut = (fault: string, handled: boolean): Row => ({
  ...{ fault, found: 'its message' },
  orders: ({ edit }) => [{ fault: 'drop', handled, ...edit }],
});

const WHILE_THE_TOKEN_LIVES: Row[] = [
  limited('user'),
  limited('shared'),
  limited('global'),
  {
    ...{ fault: '500, 502, 503 and 504 in turn', found: 'its message' },
    orders: ({ edit }) => [500, 502, 503, 504].map(status => ({ fault: 'answer', status, ...edit })),
  },
  edits('503 after it was carried out', 'its message', { status: 503, handled: true }),
  edits('500 until the token has ended', 'its message', { times: 1_000 }),
  cut('the connection cut before it was carried out', false),
  cut('the connection cut after it was carried out', true),
  edits('400 for reasons unknown', 'its message', { status: 400, code: 50035 }),
  edits('413, once', 'its message', { status: 413, code: 40005, withFiles: true }),
  edits('413, whatever its size', 'a link in its message', { status: 413, code: 40005, times: 2, withFiles: true }),
  edits('the token refused before its time', 'its message', { status: 401, code: 50027 }),
  { fault: 'the message deleted', found: 'nowhere', mentioned: false, meanwhile: handle => remove(handle) },
  { fault: 'the channel hidden from the bot', found: 'its message', mentioned: false, where: 'hidden' },
];

const AFTER_THE_TOKEN: Row[] = [
  { fault: 'nothing else', found: 'its message' },
  {
    ...{ fault: '30046, too many edits of an old message', found: 'a message that points back' },
    orders: ({ editByBot }) => [{ fault: 'answer', status: 400, code: 30046, ...editByBot }],
  },
  { fault: 'the channel hidden from the bot', found: 'a direct message', mentioned: false, where: 'hidden' },
  {
    ...{ fault: 'the channel hidden, no direct messages', found: '/hallo-renders', mentioned: false },
    ...{ where: 'hidden', who: 'otto' },
  },
  { fault: 'the bot removed from the guild', found: 'a direct message', mentioned: false, where: 'removed' },
];

const MINUTE_MS = 60_000;
const POSE = 2.5;
/** Large enough to be made smaller. */
const video = { seconds: 1, width: 256, height: 256 };
const folder = mkdtempSync(join(tmpdir(), 'hallo-faults-'));
const gate = gatedEngine(join(folder, 'video.mp4'));
let house: House;
/** A first video in each place, whose "Try again" begins further renders with the same files. */
let firsts: Record<NonNullable<Row['where']>, SandboxMessage>;

beforeAll(async () => {
  await writeVideo(join(folder, 'video.mp4'), video);
  house = await openHouse({ engine: gate.engine });
  const { guild, general, moderators, second } = house.discord.places;
  gate.open();
  const options = { pose_weight: POSE };
  const begin = (guildId: string, channelId: string) =>
    house.hallo({ guildId, channelId, options, memberId: house.discord.places.mia.id });
  const [one, two, three] = [
    await begin(guild.id, general.id),
    await begin(guild.id, moderators.id),
    await begin(second.guild.id, second.general.id),
  ];
  firsts = { general: await house.ending(one), hidden: await house.ending(two), removed: await house.ending(three) };
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true });
});

function remove(handle: InteractionHandle): void {
  house.discord.members.remove({ messageId: handle.original()?.id ?? '', memberId: house.discord.places.mia.id });
}

/** Many renders at once, on a machine that may be busy. */
const patient = { hurry: false, forMs: 90_000 };

type Begun = { row: Row; memberId: string; handle: InteractionHandle; message: SandboxMessage };
/** Where a video was found, and what its making came to. */
type Told = { found: Found; mentioned: boolean; deadTokenUsed: number };

/** Renders of all rows at once, held at the provider until everything was ordered, then let go to their end. */
async function play(rows: readonly Row[], { late }: { late: boolean }): Promise<Map<Row, Told>> {
  const { discord } = house;
  gate.shut();
  const handles = await Promise.all(
    rows.map(row => house.press(firsts[row.where ?? 'general'], 'Try again', discord.places[row.who ?? 'mia'].id)),
  );
  await house.until(() => handles.every(handle => handle.original()?.content.startsWith('Rendering')), patient);
  if (late) house.advance(16 * MINUTE_MS);
  const refused: string[] = [];
  const off = discord.events.on('request', ({ path, status }) => void (status === 401 && refused.push(path)));
  const begun = rows.map((row, at) => begin(row, handles[at]));
  if (rows.some(row => row.where === 'hidden')) discord.world.setAppPermissions(firsts.hidden.channelId, []);
  if (rows.some(row => row.where === 'removed')) discord.world.removeGuild(discord.places.second.guild.id);
  if (rows.some(row => row.who === 'otto')) discord.world.setDirectMessages(discord.places.otto.id, false);
  gate.open();
  // Most end in the machine's own time; for those that don't the clock runs ahead.
  const left = async () => (await house.renders()).filter(render => render.phase !== 'closed').length;
  const mayLast = rows.filter(row => row.fault.includes('until')).length;
  await house.until(async () => (await left()) <= mayLast, patient);
  await house.until(async () => (await left()) === 0);
  discord.world.setAppPermissions(firsts.hidden.channelId, null);
  off();
  const told = begun.map(async each => {
    const deadTokenUsed = refused.filter(path => path.includes(each.handle.token)).length;
    return [each.row, { ...(await findVideo(each)), deadTokenUsed }] as const;
  });
  return new Map(await Promise.all(told));
}

/** What goes wrong with one row's render. */
function begin(row: Row, handle: InteractionHandle | undefined): Begun {
  const message = handle?.original();
  if (handle === undefined || message === undefined) throw new Error(`nothing is rendered for "${row.fault}"`);
  for (const fault of row.orders?.(callsOf(handle.token, message)) ?? []) house.discord.faults.order(fault);
  row.meanwhile?.(handle);
  return { row, memberId: handle.memberId, handle, message };
}

async function findVideo({ memberId, handle, message }: Begun): Promise<{ found: Found; mentioned: boolean }> {
  const { messages } = house.discord;
  const own = handle.original();
  const posted = messages.inChannel(message.channelId);
  const pointsBack = posted.find(each => each.id !== message.id && each.content.includes(message.id) && hasVideo(each));
  const ids = [message.id, pointsBack?.id];
  const mentioned = posted.some(each => each.pings.includes(memberId) && ids.includes(each.reference?.messageId));
  const direct = messages.direct(memberId).find(each => each.content.includes(`<#${message.channelId}>`) && hasVideo(each));
  if (hasVideo(own)) return { found: 'its message', mentioned };
  if (own?.content.includes('it is here: http')) return { found: 'a link in its message', mentioned };
  if (pointsBack !== undefined) return { found: 'a message that points back', mentioned };
  if (direct !== undefined) return { found: 'a direct message', mentioned };
  return { found: (await isListed(memberId)) ? '/hallo-renders' : 'nowhere', mentioned };
}

async function isListed(memberId: string): Promise<boolean> {
  const { channelId } = firsts.general;
  const list = await house.discord.members.command({ channelId, memberId, name: 'hallo-renders' });
  const shown = await house.until(() => list.original()?.loading === false && list.original(), { hurry: false });
  return shown.content.includes('done, here it is') && hasVideo(shown);
}

const hasVideo = (message: SandboxMessage | undefined) =>
  message !== undefined && sightOf(message).files.some(name => name.endsWith('.mp4'));

describe.each([
  ['while the video is made', WHILE_THE_TOKEN_LIVES, false],
  ['after the token has ended', AFTER_THE_TOKEN, true],
] as const)('what goes wrong %s: it is paid once, and found in the end', (_when, rows, late) => {
  let told: Map<Row, Told>;
  let bill: { submits: number; usd: number };
  beforeAll(async () => {
    const before = { submits: house.wire.count('submit'), ...(await house.record()) };
    told = await play(rows, { late });
    const { billedUsd } = await house.record();
    bill = { submits: house.wire.count('submit') - before.submits, usd: billedUsd - before.billedUsd };
  }, 200_000);

  test.each(rows.map(row => [row.fault, row.found, row] as const))('%s: in %s', (fault, found, row) => {
    const deadTokenUsed = fault === 'the token refused before its time' ? 1 : 0;
    expect(told.get(row)).toEqual({ found, mentioned: row.mentioned ?? true, deadTokenUsed });
  });

  test('one submit and one bill for each of them', () => {
    expect(bill.submits).toBe(rows.length);
    expect(bill.usd).toBeCloseTo(rows.length * 0.42);
  });
});

describe('the first answer to a command', () => {
  const CALLBACK = { route: '/interactions/:id/:token/callback' };
  const rows: Record<string, Fault> = {
    '500': { fault: 'answer', status: 500, ...CALLBACK },
    '500 after it was carried out': { fault: 'answer', status: 500, handled: true, ...CALLBACK },
    '429': { fault: 'rate-limit', retryAfterMs: 100, scope: 'user', ...CALLBACK },
    'the connection cut before it was carried out': { fault: 'drop', handled: false, ...CALLBACK },
    'the connection cut after it was carried out': { fault: 'drop', handled: true, ...CALLBACK },
  };
  test.each(Object.entries(rows))('%s: the deferral stands, and gets its end', async (_name, fault) => {
    house.discord.faults.order(fault);
    await house.order({ fault: 'failed' });
    const handle = await house.press(firsts.general, 'Try again', house.discord.places.mia.id);
    expect((await handle.acknowledged).kind).toBe('deferred');
    expect((await house.ending(handle)).content).toContain('Nothing was charged.');
  });
});

describe("Discord's CDN, while the files are fetched", () => {
  const CDN = { route: '/ephemeral-attachments/**' };

  test('503, then 429, then the connection cut: they are fetched again, and the video comes', { timeout: 60_000 }, async () => {
    const faults: Fault[] = [
      { fault: 'answer', status: 503, ...CDN },
      { fault: 'answer', status: 429, ...CDN },
      { fault: 'drop', handled: false, ...CDN },
    ];
    for (const fault of faults) house.discord.faults.order(fault);
    expect(sightOf(await house.ending(await house.hallo())).files).toHaveLength(1);
  });

  test('404, the link expired: told at once, in private, and free', async () => {
    house.discord.faults.order({ fault: 'answer', status: 404, ...CDN });
    const { lines, private: isPrivate } = sightOf(await house.ending(await house.hallo()));
    expect(lines).toEqual([expect.stringContaining('could not be fetched from Discord'), 'Nothing was charged.']);
    expect(isPrivate).toBe(true);
  });
});
