import { afterEach, expect, test } from 'vitest';
import { form, rawClient } from './raw.ts';
import { startStandIn, stopAll } from './support.ts';

afterEach(stopAll);

const minutes = (count: number) => count * 60_000;

async function start(options = {}) {
  const discord = await startStandIn(options);
  return { discord, raw: rawClient(discord) };
}

test('an interaction that is answered after three seconds is unknown, and the member learns that nobody answered', async () => {
  const { discord, raw } = await start();
  const handle = await raw.used();
  discord.clock.advance(3_100);
  expect(await handle.acknowledged).toMatchObject({ kind: 'none' });
  expect(await raw.refused('POST', raw.callback(handle), { type: 5 })).toMatchObject({ status: 404, code: 10062 });
});

test('an interaction can be answered once', async () => {
  const { raw } = await start();
  const handle = await raw.deferred();
  expect(await raw.refused('POST', raw.callback(handle), { type: 5 })).toMatchObject({ status: 400, code: 40060 });
});

test('the callback tells the id of the message only when it is asked for', async () => {
  const { raw } = await start();
  const handle = await raw.used();
  const answer = await raw.json('POST', `${raw.callback(handle)}?with_response=true`, { type: 5, data: { flags: 64 } });
  const id = handle.original()?.id;
  expect(answer.interaction).toMatchObject({
    response_message_id: id,
    response_message_loading: true,
    response_message_ephemeral: true,
  });
  expect(answer.resource).toMatchObject({ type: 5, message: { id, flags: 64 | 128 } });
  const other = await raw.used();
  expect((await raw.send('POST', raw.callback(other), { type: 5 })).status).toBe(204);
});

test('the token works for fifteen minutes of the clock, then never again', async () => {
  const { discord, raw } = await start();
  const handle = await raw.deferred();
  discord.clock.advance(minutes(14.9));
  await raw.json('PATCH', raw.original(handle), { content: 'in time' });
  discord.clock.advance(minutes(0.2));
  expect(await raw.refused('PATCH', raw.original(handle), { content: 'late' })).toMatchObject({ status: 401, code: 50027 });
  const followUp = `/webhooks/${discord.applicationId}/${handle.token}`;
  expect(await raw.refused('POST', followUp, { content: 'late' })).toMatchObject({ status: 401, code: 50027 });
  expect(handle.original()?.content).toBe('in time');
});

test('after the token a public answer is edited with the bot token, an ephemeral one is not there', async () => {
  const { discord, raw } = await start();
  const [open, hidden] = [await raw.deferred(), await raw.deferred(64)];
  discord.clock.advance(minutes(16));
  const path = (id: string | undefined) => `/channels/${discord.places.general.id}/messages/${id}`;
  await raw.json('PATCH', path(open.original()?.id), { content: 'late but there' });
  expect(open.original()).toMatchObject({ content: 'late but there', loading: false });
  expect(await raw.refused('PATCH', path(hidden.original()?.id), { content: 'x' })).toMatchObject({ status: 404, code: 10008 });
});

test('what is done without an answer before is refused: unknown webhook', async () => {
  const { raw } = await start();
  const handle = await raw.used();
  expect(await raw.refused('PATCH', raw.original(handle), { content: 'x' })).toMatchObject({ status: 404, code: 10015 });
});

test('a deleted answer is an unknown message on every way', async () => {
  const { discord, raw } = await start();
  const handle = await raw.deferred();
  const id = handle.original()?.id ?? '';
  discord.members.remove({ messageId: id, memberId: discord.places.mia.id });
  expect(handle.original()).toBeUndefined();
  const gone = { status: 404, code: 10008 };
  expect(await raw.refused('PATCH', raw.original(handle), { content: 'x' })).toMatchObject(gone);
  expect(await raw.refused('PATCH', `/channels/${discord.places.general.id}/messages/${id}`, { content: 'x' })).toMatchObject(
    gone,
  );
});

test('the first follow-up of a waiting deferral takes its place and its visibility', async () => {
  const { discord, raw } = await start();
  const handle = await raw.deferred();
  await raw.json('POST', `/webhooks/${discord.applicationId}/${handle.token}`, { content: 'no secret', flags: 64 });
  expect(handle.followUps()).toEqual([]);
  expect(handle.original()).toMatchObject({ content: 'no secret', ephemeralFor: null });
});

test('after the deferral was deleted a follow-up has the visibility that it asks for', async () => {
  const { discord, raw } = await start();
  const handle = await raw.deferred();
  await raw.json('DELETE', raw.original(handle));
  await raw.json('POST', `/webhooks/${discord.applicationId}/${handle.token}`, { content: 'for you', flags: 64 });
  expect(handle.followUps()[0]).toMatchObject({ content: 'for you', ephemeralFor: discord.places.ada.id });
  expect(discord.messages.inChannel(discord.places.general.id, { as: discord.places.ben.id })).toEqual([]);
});

test('an edit keeps only the attachments that it lists, and adds those that it brings', async () => {
  const { raw } = await start();
  const handle = await raw.deferred();
  const [one, two] = [
    { name: 'one.txt', bytes: Buffer.from('1') },
    { name: 'two.txt', bytes: Buffer.from('2') },
  ];
  await raw.json('PATCH', raw.original(handle), form({ attachments: [{ id: 0, description: 'first' }] }, one, two));
  const kept = handle.original()?.attachments ?? [];
  expect(kept.map(each => [each.filename, each.description])).toEqual([
    ['one.txt', 'first'],
    ['two.txt', null],
  ]);
  const spoiler = { name: 'SPOILER_three.mp4', bytes: Buffer.from('333') };
  await raw.json('PATCH', raw.original(handle), form({ attachments: [{ id: kept[1]?.id }, { id: 0 }] }, spoiler));
  expect(handle.original()?.attachments).toMatchObject([
    { filename: 'two.txt' },
    { filename: 'SPOILER_three.mp4', spoiler: true, contentType: 'video/mp4' },
  ]);
  expect((await fetch(kept[0]?.url ?? '')).status).toBe(404);
  expect(await raw.refused('PATCH', raw.original(handle), { attachments: [{ id: '123' }] })).toMatchObject({ code: 50035 });
});

test("a file over the guild's limit is refused with 413, the message stays as it was", async () => {
  const { discord, raw } = await start();
  discord.world.setAttachmentSizeLimit(discord.places.guild.id, 1_000);
  const handle = await raw.deferred();
  const big = { name: 'big.mp4', bytes: Buffer.alloc(1_001) };
  expect(await raw.refused('PATCH', raw.original(handle), form({ content: 'x' }, big))).toMatchObject({
    status: 413,
    code: 40005,
  });
  expect(handle.original()?.loading).toBe(true);
  await raw.json('PATCH', raw.original(handle), form({ content: 'x' }, { name: 'fits.mp4', bytes: Buffer.alloc(1_000) }));
  expect(handle.original()?.attachments[0]?.sizeBytes).toBe(1_000);
});

test('attachment links are signed and expire by the clock', async () => {
  const { discord, raw } = await start();
  const handle = await raw.deferred();
  await raw.json('PATCH', raw.original(handle), form({}, { name: 'a.mp4', bytes: Buffer.from('0123456789') }));
  const url = handle.original()?.attachments[0]?.url ?? '';
  const response = await fetch(url);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'video/mp4',
    '0123456789',
  ]);
  const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
  expect((await fetch(url.replace(/hm=./, 'hm=z'))).status).toBe(404);
  discord.clock.advance(24 * 3_600_000 + 1_000);
  const expired = await fetch(url);
  expect([expired.status, await expired.text()]).toEqual([404, 'This content is no longer available.']);
  expect((await fetch(handle.original()?.attachments[0]?.url ?? '')).status).toBe(200);
});
