/** Whatever a payload states, the member gets an answer, and what is admitted can be kept and read again. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OptionValue } from '../../sandbox/discord/index.ts';
import { renderRequestSchema } from '../../src/core/render.ts';
import { WEIGHT_RANGES } from '../../src/core/weights.ts';
import { type Bot, startBot } from '../discord/support.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(() => bot.stop());

const contentType = fc.oneof(fc.string(), fc.constantFrom('image/png', 'audio/ogg', '', 'text/html; charset=utf-8'));
const file = fc
  .record(
    {
      name: fc.string(),
      bytes: fc.uint8Array({ maxLength: 20 }),
      contentType,
      durationSecs: fc.oneof(fc.double(), fc.integer()),
    },
    { requiredKeys: ['name', 'bytes'] },
  )
  .map((given): OptionValue => ({ file: given }));
const weight = fc.oneof(fc.double(), fc.integer(), fc.double({ min: 0, max: 10, noNaN: true }));
const options: fc.Arbitrary<Record<string, OptionValue>> = fc.record(
  {
    ...{ image: file, audio: file, private: fc.boolean(), spoiler: fc.boolean() },
    ...{ pose_weight: weight, face_weight: weight, lip_weight: weight, face_expand_ratio: weight },
  },
  { requiredKeys: [] },
);

test('a /hallo of any options is answered, and admitted with values in their ranges alone', async () => {
  const { guild, general, ada } = bot.discord.places;
  const where = { guildId: guild.id, channelId: general.id, memberId: ada.id };
  await fc.assert(
    fc.asyncProperty(options, async given => {
      const before = bot.core.renders.size;
      const handle = await bot.discord.members.command({ ...where, name: 'hallo', options: given, lenient: true });
      const { kind } = await handle.acknowledged;
      await bot.router.idle();
      expect(kind).toMatch(/^(message|deferred)$/);
      const admitted = [...bot.core.renders.values()].slice(before);
      expect(admitted).toHaveLength(kind === 'deferred' ? 1 : 0);
      for (const render of admitted) {
        expect(renderRequestSchema.parse(JSON.parse(JSON.stringify(render)))).toMatchObject({ guildId: guild.id });
        for (const [name, value] of Object.entries(render.weights)) {
          const { min, max } = Object.entries(WEIGHT_RANGES).find(([each]) => each === name)?.[1] ?? { min: 0, max: 0 };
          expect({ name, value, fits: value >= min && value <= max }).toEqual({ name, value, fits: true });
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(bot.core.renders.size).toBeGreaterThan(0);
  expect(bot.discord.connections()).toBe(1);
});
