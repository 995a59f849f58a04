/** A wish that was made before is answered with the video that is there. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { admitted } from '../../src/core/admitted.ts';
import { answers } from '../../src/core/known-videos.ts';
import { type Render, type RenderRequest, RUNGS } from '../../src/core/render.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { aRequest } from '../support/requests.ts';
import { type Core, createScript, makeDirectory, openCore, type Script, until } from './house.ts';

describe('an earlier video answers', () => {
  const asked = admitted(aRequest(), 'asked', 0, 0.42);
  const earlier: Render = {
    ...asked,
    id: 'earlier',
    phase: 'closed',
    outcome: { kind: 'video' },
    videoKey: 'v',
    rung: 'message',
  };
  const facts = { fileKept: true, messageStands: true };

  test('the same member in the same guild, where everybody saw it and it still is', () => {
    for (const rung of ['interaction', 'message', 'channel'] as const)
      expect(answers({ ...earlier, rung }, asked, facts)).toBe(true);
    expect(answers(earlier, { ...asked, private: true }, facts)).toBe(true);
  });

  test('nothing else, whatever else is the case', () => {
    const but: fc.Arbitrary<Partial<Render>> = fc.oneof(
      fc.constantFrom<Partial<Render>>({ guildId: 'other' }, { memberId: 'other' }, { id: 'asked' }, { private: true }),
      fc.constantFrom<Partial<Render>>({ videoKey: null }, { outcome: null }, { outcome: { kind: 'cancelled', charged: 'yes' } }),
      fc.constantFrom('announcing' as const, 'rendering' as const).map(phase => ({ phase })),
      fc
        .constantFrom(null, ...RUNGS.filter(rung => rung === 'direct' || rung === 'kept' || rung === 'none'))
        .map(rung => ({ rung })),
    );
    fc.assert(fc.property(but, change => !answers({ ...earlier, ...change }, asked, facts)));
    expect(answers(earlier, { ...asked, anew: true }, facts)).toBe(false);
    expect(answers(earlier, asked, { ...facts, fileKept: false })).toBe(false);
    expect(answers(earlier, asked, { ...facts, messageStands: false })).toBe(false);
  });
});

describe('in the life of a render', () => {
  let directory: Awaited<ReturnType<typeof makeDirectory>>;
  let clock: ManualClock;
  let script: Script;
  let core: Core;
  let blocked: boolean;

  beforeEach(async () => {
    directory = await makeDirectory();
    clock = createManualClock();
    script = createScript();
    script.madeOf = 'the same';
    blocked = false;
    script.moderation.blocksPortrait = async () => blocked;
    core = await openCore(directory.path, clock, script, { cooldownSeconds: 60 });
  });
  afterEach(async () => {
    await core.storage.close();
    await directory.clear();
    expect(script.bugs).toEqual([]);
  });

  async function made(change: Partial<RenderRequest> = {}): Promise<Render> {
    await clock.advance(61_000);
    const id = await core.ask(change);
    await until({ clock, script }, async () => (await core.get(id)).phase === 'closed');
    return core.get(id);
  }
  const spentUsd = async () => (await core.storage.ledger.totals()).bookedTodayUsd;

  test('it ends by the video that is there: nothing ordered, uploaded, booked or counted but for the cooldown', async () => {
    const first = await made();
    expect(first.prepared?.madeOf).toBeUndefined();
    const second = await made();
    expect(second).toMatchObject({
      ...{ outcome: { kind: 'video', free: true }, job: null, costUsd: 0, pingedAtMs: null, rung: 'interaction' },
      ...{ videoKey: first.videoKey, videoBytes: first.videoBytes, outputUrl: first.outputUrl },
      answeredFrom: { renderId: first.id, channelId: 'channel-1', messageId: 'm1', submittedAtMs: first.job?.submittedAtMs },
      prepared: { portraitUrl: null, voiceUrl: null },
    });
    expect(second.prepared?.madeOf).toBeUndefined();
    expect([script.submits.length, script.delivered.length]).toEqual([1, 2]);
    expect(await spentUsd()).toBeCloseTo(0.4);
    const { guildHourMs, memberDayMs, memberLastMs } = await core.storage.ledger.usageOf('guild-1', 'member-1');
    expect([guildHourMs.length, memberDayMs.length, memberLastMs]).toEqual([1, 1, second.admittedAtMs]);
    // Its own inputs are kept, so Try again works; that renders, and counts from then on.
    expect(await core.service.keptInputs(second)).toBeDefined();
    const third = await made({ anew: true });
    expect(third.outcome).toEqual({ kind: 'video' });
    expect((await made()).answeredFrom?.renderId).toBe(third.id);
    expect(script.submits).toHaveLength(2);
  });

  test.each<[string, () => Promise<unknown> | unknown, Partial<RenderRequest>?]>([
    ['another member', () => undefined, { memberId: 'member-2' }],
    ['another guild', () => undefined, { guildId: 'guild-2' }],
    ['Try again', () => undefined, { anew: true }],
    ['the switch of the guild', () => Object.assign(script.policy, { answerRepeats: false })],
    ['other inputs', () => Object.assign(script, { madeOf: 'something else' })],
    ['a message that is gone', () => Object.assign(script, { messageStands: false })],
    ['a file that is gone', async () => core.storage.files.remove((await onlyVideo()).videoKey ?? '')],
    ['a video that was reported or deleted', async () => core.service.answersNoMore((await onlyVideo()).id)],
    ['a video past its time', () => clock.advance(24 * 3_600_000)],
  ])('made anew: %s', async (_what, change, request) => {
    await made();
    await change();
    const second = await made(request);
    expect([second.outcome, second.answeredFrom]).toEqual([{ kind: 'video' }, undefined]);
    expect(script.submits).toHaveLength(2);
  });
  const onlyVideo = async (): Promise<Render> => {
    const [first] = await core.storage.ledger.recent('guild-1', 'member-1', 9);
    if (first === undefined) throw new Error('no render');
    return first;
  };

  test('a private video answers nothing, and is not known by what it was made of', async () => {
    await made({ private: true });
    expect((await made()).outcome).toEqual({ kind: 'video' });
    expect(script.submits).toHaveLength(2);
  });

  test('a report of the one that was shown again is one of the video', async () => {
    await made();
    await core.service.answersNoMore((await made()).id);
    expect((await made()).outcome).toEqual({ kind: 'video' });
  });

  test('a portrait that was blocked meanwhile is refused, not answered', async () => {
    await made();
    blocked = true;
    expect((await made()).outcome).toMatchObject({ kind: 'failed', reason: 'policy' });
  });

  test('cancelled in the same moment it ends free of charge', async () => {
    await made();
    await clock.advance(61_000);
    const { onPrepare } = script;
    script.onPrepare = async render => {
      await core.storage.ledger.requestCancel(render.id);
      const path = join(directory.path, 'made');
      const keep = async (key: string) => {
        await writeFile(path, 'made');
        await core.storage.files.put([{ key, path }], clock.now() + 1_000_000);
        return { fileKey: key, contentType: 'image/jpeg', url: null };
      };
      const [portrait, voice] = [await keep('inputs/p.jpg'), await keep('inputs/v.wav')];
      return { ok: true, portrait, voice: { ...voice, seconds: 1 }, notes: [], madeOf: 'the same' };
    };
    const id = await core.ask();
    await until({ clock, script }, async () => (await core.get(id)).phase === 'closed');
    script.onPrepare = onPrepare;
    expect(await core.get(id)).toMatchObject({ outcome: { kind: 'cancelled', charged: 'no' }, costUsd: 0 });
  });
});
