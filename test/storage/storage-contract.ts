import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Storage, StorageAnswer } from '../../src/storage/storage.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

export type StorageHouse = { open(clock: ManualClock, owner: string): Promise<StorageAnswer>; clear(): Promise<void> };

/** What files, settings and wake-ups keep, whichever store they are in. */
export function storageContract(name: string, makeHouse: () => Promise<StorageHouse>): void {
  describe(`files, settings and wake-ups in ${name}`, () => {
    let house: StorageHouse;
    let clock: ManualClock;
    let storage: Storage;
    let outside: string;

    async function open(): Promise<Storage> {
      const opened = await house.open(clock, `owner-${clock.now()}`);
      if (!opened.ok) throw new Error(opened.detail);
      return opened.storage;
    }
    async function made(content: string | Buffer): Promise<string> {
      const path = join(outside, `made-${randomBytes(4).toString('hex')}`);
      await writeFile(path, content);
      return path;
    }

    beforeEach(async () => {
      house = await makeHouse();
      clock = createManualClock();
      storage = await open();
      outside = await mkdtemp(join(tmpdir(), 'hallo-outside-'));
    });
    afterEach(async () => {
      await storage.close();
      await house.clear();
      await rm(outside, { recursive: true, force: true });
    });

    test('files live until they expire, and survive a restart; a large one comes back as it was', async () => {
      const large = randomBytes(5_000_000);
      expect(await storage.files.put([{ key: 'videos/a.mp4', path: await made(large) }], clock.now() + 1_000)).toEqual([
        { sizeBytes: 5_000_000 },
      ]);
      await storage.files.put([{ key: 'inputs/b.wav', path: await made('voice') }], clock.now() + 1_000);
      await storage.close();
      storage = await open();
      const { files } = storage;
      expect(large.equals(await readFile((await files.path('videos/a.mp4')) ?? ''))).toBe(true);
      expect(await files.extend('videos/a.mp4', clock.now() + 2_000)).toBe(true);
      await clock.advance(1_500);
      expect(await files.path('inputs/b.wav')).toBeUndefined();
      expect(await files.extend('inputs/b.wav', clock.now() + 2_000)).toBe(false);
      expect(await files.sweep()).toBe(1);
      await files.remove('videos/a.mp4');
      expect(await files.path('videos/a.mp4')).toBeUndefined();
      expect(await files.sweep()).toBe(0);
    });

    test('a file that is put again is the newer one, and is kept until the later time', async () => {
      const { files } = storage;
      await files.put([{ key: 'inputs/a.wav', path: await made('one') }], clock.now() + 9_000);
      await files.put([{ key: 'inputs/a.wav', path: await made('the other') }], clock.now() + 1_000);
      await clock.advance(5_000);
      expect(await readFile((await files.path('inputs/a.wav')) ?? '', 'utf8')).toBe('the other');
    });

    test('a file is kept for part of an hour too', async () => {
      const { files } = storage;
      await files.put([{ key: 'inputs/a.wav', path: await made('x') }], clock.now() + 4.3333333 * 3_600_000);
      expect(await files.extend('inputs/a.wav', clock.now() + 5.3333333 * 3_600_000)).toBe(true);
      expect(await files.path('inputs/a.wav')).toBeDefined();
    });

    test('a file key never leaves the folder', async () => {
      await expect(storage.files.path('videos/../../etc.mp4')).resolves.toBeUndefined();
      await expect(storage.files.put([{ key: '../x.mp4', path: 'y' }], 0)).rejects.toThrow('not a file key');
    });

    test('settings that have expired are swept, whether anybody asks for them or not; the others stay', async () => {
      await storage.settings.set('draft:1', { name: 'x","expires":1}' }, 1);
      await storage.settings.set('draft:2', { name: 'x","expires":1}' }, 3_600_000);
      await storage.settings.set('kept', { expires: 1 });
      await clock.advance(1_000);
      // The one store goes by the clock, the other by the machine's time.
      await sleep(5);
      expect(await storage.settings.sweep()).toBe(1);
      expect(await storage.settings.sweep()).toBe(0);
      expect([await storage.settings.get('draft:1'), await storage.settings.get('kept')]).toEqual([undefined, { expires: 1 }]);
      expect(await storage.settings.get('draft:2')).toBeDefined();
    });

    test('a video is known by what it was made of, as long as it is kept, to its own member in its own server', async () => {
      const { knownVideos } = storage;
      const video = { guildId: 'g1', memberId: 'm1', madeOf: 'a', renderId: 'r1', untilMs: clock.now() + 1_000 };
      await knownVideos.remember(video);
      await knownVideos.remember({ ...video, memberId: 'm2', renderId: 'r2', untilMs: clock.now() + 2_000.5 });
      const find = (change: Partial<typeof video> = {}) => knownVideos.find({ ...video, ...change }, clock.now());
      expect([await find(), await find({ memberId: 'm2' })]).toEqual(['r1', 'r2']);
      expect([await find({ guildId: 'g2' }), await find({ memberId: 'm3' }), await find({ madeOf: 'b' })]).toEqual([
        ...[undefined, undefined, undefined],
      ]);
      await storage.close();
      storage = await open();
      expect(await storage.knownVideos.find(video, clock.now())).toBe('r1');
      await clock.advance(1_000);
      expect(await storage.knownVideos.find(video, clock.now())).toBeUndefined();
      expect(await storage.knownVideos.sweep(clock.now())).toBe(1);
      expect(await storage.knownVideos.sweep(clock.now())).toBe(0);
      expect(await storage.knownVideos.find({ ...video, memberId: 'm2' }, clock.now())).toBe('r2');
    });

    test('the last video that was made of the same counts; what is forgotten is forgotten by video, member or server', async () => {
      const { knownVideos } = storage;
      const untilMs = clock.now() + 1_000;
      const find = async (guildId: string, memberId: string, madeOf: string) =>
        knownVideos.find({ guildId, memberId, madeOf }, clock.now());
      const all = async () => [
        ...[await find('g1', 'm1', 'a'), await find('g1', 'm1', 'b'), await find('g1', 'm2', 'a'), await find('g2', 'm1', 'a')],
      ];
      const each = [
        ...([
          ['g1', 'm1', 'a'],
          ['g1', 'm1', 'b'],
          ['g1', 'm2', 'a'],
          ['g2', 'm1', 'a'],
        ] as const),
      ];
      const fill = async () => {
        for (const [guildId, memberId, madeOf] of each)
          await knownVideos.remember({ guildId, memberId, madeOf, untilMs, renderId: `${guildId}${memberId}${madeOf}` });
      };
      await fill();
      await knownVideos.remember({ guildId: 'g1', memberId: 'm1', madeOf: 'a', untilMs, renderId: 'newer' });
      expect(await all()).toEqual(['newer', 'g1m1b', 'g1m2a', 'g2m1a']);
      await knownVideos.forget('g1m1a');
      await knownVideos.forget('newer');
      expect(await all()).toEqual([undefined, 'g1m1b', 'g1m2a', 'g2m1a']);
      await knownVideos.forgetMember('g1', 'm1');
      expect(await all()).toEqual([undefined, undefined, 'g1m2a', 'g2m1a']);
      await fill();
      await knownVideos.forgetGuild('g1');
      expect(await all()).toEqual([undefined, undefined, undefined, 'g2m1a']);
    });

    test('settings hold JSON by name, and survive a restart', async () => {
      await storage.settings.set('policy:1', { list: [1, 'two', null] });
      await storage.settings.set('policy:2', 'gone');
      await storage.settings.delete('policy:2');
      await storage.close();
      storage = await open();
      expect(await storage.settings.get('policy:1')).toEqual({ list: [1, 'two', null] });
      expect(await storage.settings.get('policy:2')).toBeUndefined();
      await storage.settings.set('policy:1', 'changed');
      expect(await storage.settings.get('policy:1')).toBe('changed');
    });

    test('changes of one setting at the same time are all kept, and each learns what it changed', async () => {
      const { settings } = storage;
      const add = (by: number) =>
        settings.change('policy:1', before => {
          const sum = typeof before === 'number' ? before : 0;
          return { value: sum + by, answer: sum };
        });
      const before = await Promise.all(Array.from({ length: 20 }, () => add(1)));
      expect(before.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index));
      expect(await settings.get('policy:1')).toBe(20);
      await settings.change('policy:1', () => ({ value: undefined, answer: undefined }));
      expect(await settings.get('policy:1')).toBeUndefined();
      await settings.set('policy:1', 5, 1);
      await clock.advance(1_000);
      await sleep(5);
      // What has expired stands for nothing.
      expect([await add(3), await settings.get('policy:1')]).toEqual([0, 3]);
    });

    test('a setting that can not be read does not pass for one that was never set', async () => {
      const { settings } = storage;
      await storage.close();
      await expect(settings.get('policy:1')).rejects.toThrow();
      await expect(settings.set('policy:1', {})).rejects.toThrow();
      storage = await open();
    });

    test('wake-ups fire at their time, a later call replaces the earlier', async () => {
      const { wakeups } = storage;
      const woken: string[] = [];
      await wakeups.start({ wake: id => woken.push(id), look() {}, changed() {}, abandoned() {} });
      await wakeups.wakeAt('a', clock.now() + 1_000);
      await wakeups.wakeAt('a', clock.now() + 3_000);
      await wakeups.wakeAt('b', clock.now() + 2_000);
      await clock.advance(2_500);
      expect(woken).toEqual(['b']);
      await clock.advance(1_000);
      expect(woken).toEqual(['b', 'a']);
    });
  });
}
