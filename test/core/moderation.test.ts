/** What moderators decided, in the life of a render: on a real store, with everything beyond it played. */
import { access } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decided, opened, reported, undone, videoWanted } from '../../src/core/moderation/case.ts';
import { createModeration } from '../../src/core/moderation/moderation.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { type Core, createScript, makeDirectory, openCore, type Script, until } from './house.ts';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let clock: ManualClock;
let script: Script;
let core: Core;
let cards = 0;
beforeEach(async () => {
  directory = await makeDirectory();
  clock = createManualClock();
  script = createScript();
  cards = 0;
  core = await openCore(directory.path, clock, script, {}, async storage => {
    const onCase = () => {
      cards += 1;
    };
    const deps = { clock, isSamePicture: (a: string, b: string) => a === b, onCase };
    Object.assign(script.moderation, createModeration(storage.moderation, deps));
  });
});
afterEach(async () => {
  await core.drain(0);
  await core.storage.close();
  await directory.clear();
});

const store = () => core.storage.moderation;
const closed = (id: string) => until({ clock, script }, async () => (await core.get(id)).phase === 'closed');
const isThere = (path: string | undefined) =>
  path === undefined
    ? false
    : access(path).then(
        () => true,
        () => false,
      );

function failsWith(detail: string) {
  script.onStatus = async () => ({
    kind: 'failed',
    detail,
    metrics: { costUsd: null, remainingCredits: null, renderMs: null },
  });
}

test('a render that the filter declined becomes one case, which names its message', async () => {
  failsWith('declined by safety');
  const id = await core.ask();
  await closed(id);
  const [held, ...others] = await store().openCases((await core.get(id)).guildId, 9);
  expect(held).toMatchObject({ kind: 'blocked', renderId: id, reason: 'blocked-other', detail: 'declined by safety' });
  expect(held?.messageId).toBe('m1');
  expect([others.length, cards]).toEqual([0, 1]);
});

test('where the record can not be written for a while, the member is told once, and the case comes all the same', async () => {
  failsWith('declined by safety');
  const { ended } = script.moderation;
  let refusals = 3;
  script.moderation.ended = async render => {
    refusals -= 1;
    if (refusals >= 0) throw new Error('disk full');
    return ended(render);
  };
  const id = await core.ask();
  await closed(id);
  expect(script.delivered).toHaveLength(1);
  expect(await store().openCases((await core.get(id)).guildId, 9)).toHaveLength(1);
});

test('a failure of another kind is no case', async () => {
  failsWith('CUDA');
  await closed(await core.ask());
  expect(cards).toBe(0);
});

test('of a portrait that was declined as a child’s or as sexual nothing but the hash is left, and no Try again', async () => {
  script.classify = () => 'blocked-sexual';
  failsWith('x');
  const id = await core.ask();
  await closed(id);
  const render = await core.get(id);
  expect(await isThere(await core.storage.files.path(render.prepared?.portraitKey ?? ''))).toBe(false);
  expect(await isThere(await core.storage.files.path(render.prepared?.voiceKey ?? ''))).toBe(true);
  expect(await core.service.keptInputs(render)).toBeUndefined();
  expect(await store().openCases(render.guildId, 9)).toMatchObject([{ portraitHash: 'hash', portraitKey: null }]);
});

test('a blocked portrait is refused before anything is uploaded or ordered, and its file goes', async () => {
  const guildId = (await core.get(await core.ask())).guildId;
  await until({ clock, script }, () => script.delivered.length === 1);
  await store().blockPicture(guildId, { hash: 'hash', note: null }, { by: 'mod', atMs: clock.now() });
  const id = await core.ask();
  await closed(id);
  const render = await core.get(id);
  expect(render.outcome).toMatchObject({
    kind: 'failed',
    reason: 'policy',
    charged: 'no',
    problem: { code: 'portrait-blocked' },
  });
  expect(script.submits).toHaveLength(1);
  expect(await isThere(await core.storage.files.path(`inputs/${id}-portrait.jpg`))).toBe(false);
});

test('a video is hidden at the threshold, shown by a dismissal, removed by any other decision, and as before after Undo', () => {
  const hand = { by: 'mod', atMs: 5 };
  const opening = {
    ...{ guildId: '1', kind: 'report' as const, renderId: 'r', memberId: '2', channelId: '3', messageId: '4' },
    ...{ reason: null, detail: null, portraitHash: null, portraitKey: null },
  };
  const first = reported(opened(opening, 'c', 0), 2, 1);
  expect(videoWanted(first)).toBe('shown');
  const hidden = reported(first, 2, 2);
  expect(videoWanted(hidden)).toBe('hidden');
  for (const [decision, looks] of [
    ['dismiss', 'shown'],
    ['remove', 'removed'],
    ['warn', 'removed'],
    ['suspend-open', 'removed'],
  ] as const) {
    const after = decided(hidden, decision, hand);
    if (after === undefined) throw new Error('not decided');
    expect(videoWanted(after)).toBe(looks);
    expect(decided(after, 'dismiss', hand)).toBeUndefined();
    const back = undone(after, after.revision, 6);
    expect(back && videoWanted(back)).toBe('hidden');
  }
  expect(decided(opened({ ...opening, kind: 'blocked' }, 'b', 0), 'remove', hand)).toBeUndefined();
  // Undone, a dismissal has seen no report; standing, the count begins anew with it.
  const dismissed = decided(first, 'dismiss', hand);
  if (dismissed === undefined) throw new Error('not decided');
  const back = undone(dismissed, dismissed.revision, 6);
  expect(back && videoWanted(reported(back, 2, 7))).toBe('hidden');
  expect(videoWanted(reported(dismissed, 2, 7))).toBe('shown');
  expect(videoWanted(reported(reported(dismissed, 2, 7), 2, 8))).toBe('hidden');
});
