/** What is kept is deleted when its time is over: through the whole house, by the files and the books that are left. */
import { afterEach, expect, test } from 'vitest';
import { type House, openHouse } from './house.ts';
import { sightOf } from './sight.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let house: House;
afterEach(() => house.close());

/** How many files there are of inputs and of videos. */
async function left(): Promise<{ inputs: number; videos: number }> {
  const names = await house.files();
  return {
    inputs: names.filter(name => name.includes('inputs')).length,
    videos: names.filter(name => name.includes('videos')).length,
  };
}
// In steps of what lies between two sweeps: one that is still going on when the clock is moved puts the next one off by as much.
const strideMs = 10 * 60_000;
const come = (inputs: number, videos: number) =>
  house.until(
    async () => {
      const now = await left();
      return now.inputs === inputs && now.videos === videos;
    },
    { what: `${inputs} inputs and ${videos} videos`, strideMs },
  );

test('portraits and voices go after a day, videos after a week, records after 90 days; a server may choose less', async () => {
  house = await openHouse();
  const { discord } = house;
  const { otto, second } = discord.places;
  const where = { guildId: second.guild.id, channelId: second.general.id };
  const form = await discord.members.command({ ...where, memberId: otto.id, name: 'hallo-settings', subcommand: 'files' });
  await form.acknowledged;
  const values = { keepInputsHours: '2', keepVideosDays: '1' };
  await (await discord.members.submitModal({ interaction: form, values })).acknowledged;

  const beganMs = house.clock.now();
  const until = (ms: number) => house.advance(beganMs + ms - house.clock.now());
  for (const place of [{}, where]) expect(sightOf(await house.ending(await house.hallo(place))).files).toHaveLength(1);
  expect(await left()).toEqual({ inputs: 4, videos: 2 });
  until(2 * HOUR_MS + 30 * 60_000);
  await come(2, 2);
  until(DAY_MS - HOUR_MS);
  expect(await left()).toEqual({ inputs: 2, videos: 2 });
  until(DAY_MS + 30 * 60_000);
  await come(0, 1);
  until(7 * DAY_MS - HOUR_MS);
  expect(await left()).toEqual({ inputs: 0, videos: 1 });
  until(7 * DAY_MS + 30 * 60_000);
  await come(0, 0);
  until(90 * DAY_MS - HOUR_MS);
  expect(await house.renders()).toHaveLength(2);
  until(90 * DAY_MS + 30 * 60_000);
  await house.until(async () => (await house.renders()).length === 0, { what: 'books without renders', strideMs });
});
