import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Render } from '../../../src/core/render.ts';
import { aJob, type Bot, customIdsOf, labelsOf, messageOf, renderInState, startBot, useHallo, videoDone } from '../support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
});
afterEach(() => bot.stop());

const places = () => bot.discord.places;

async function press(render: Render, verb: string, memberId = places().ada.id, messageId = render.messageId ?? '') {
  const handle = bot.discord.members.press({ messageId, customId: `hallo:${verb}:${render.id}`, memberId });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { handle, acknowledged, text: handle.original()?.content ?? '' };
}

/** A render with its live message, as it stands in a phase. */
async function live(change: Partial<Render>, options = {}): Promise<Render> {
  const render = await renderInState(bot, change, options);
  await bot.announcer.progress(render, { kind: 'preparing' });
  await bot.announcer.idle();
  return render;
}

async function ended(options = {}): Promise<Render> {
  await bot.video(10);
  const render = await renderInState(bot, videoDone(bot.clock.now()), options);
  await bot.announcer.outcome(render);
  return bot.core.change(render.id, { phase: 'closed', rung: 'interaction' });
}

const otherMembers = () => [places().ben.id];

test('Cancel is free while nothing was submitted: one press, told in private', async () => {
  const render = await live({ phase: 'waiting' });
  const { acknowledged, text } = await press(render, 'cancel');
  expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
  expect(text).toBe('Cancelled. Nothing was charged.');
  expect(bot.core.calls).toContain(`cancel ${render.id}`);
});

test('Cancel asks first where it is charged all the same', async () => {
  const render = await live({ phase: 'rendering', job: aJob() });
  const { handle, text } = await press(render, 'cancel');
  expect(text).toContain('charged all the same');
  expect(bot.core.calls).not.toContain(`cancel ${render.id}`);
  const question = handle.original();
  expect(labelsOf(question)).toEqual(['Cancel anyway']);
  const { acknowledged } = await press(render, 'cancel-paid', places().ada.id, question?.id);
  expect(acknowledged.kind).toBe('update');
  expect(bot.core.calls).toContain(`cancel ${render.id}`);
  expect(bot.discord.messages.get(question?.id ?? '')).toMatchObject({
    content: 'Cancelled. The video will not be posted; it is charged all the same.',
    components: [],
  });
});

test('Cancel that was pressed on an old message checks the state of now', async () => {
  const render = await live({ phase: 'waiting' });
  bot.core.change(render.id, { phase: 'announcing' });
  expect((await press(render, 'cancel')).text).toContain('too late');
  bot.core.change(render.id, { phase: 'rendering', cancelledAtMs: 1 });
  expect((await press(render, 'cancel')).text).toContain('cancelled already');
  expect(bot.core.calls).not.toContain(`cancel ${render.id}`);
});

test.each(['cancel', 'again', 'delete'])('%s by another member is refused in private and does nothing', async verb => {
  const render = verb === 'cancel' ? await live({ phase: 'waiting' }) : await ended();
  for (const memberId of otherMembers()) {
    const { acknowledged, text } = await press(render, verb, memberId);
    expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
    expect(text).toContain('for the member who asked');
  }
  expect(bot.core.calls).toEqual([`admit ${render.id}`, `deferred ${render.id}`]);
  expect(messageOf(bot, render)).toBeDefined();
});

test.each(['mia', 'otto'] as const)('%s, who moderates, may cancel and delete', async name => {
  const moderator = bot.discord.places[name].id;
  const render = await live({ phase: 'waiting' });
  expect((await press(render, 'cancel', moderator)).text).toContain('Cancelled');
  const done = await ended();
  await press(done, 'delete', moderator);
  expect(messageOf(bot, done)).toBeUndefined();
});

test('Delete deletes the message, without a right in the channel', async () => {
  const render = await ended();
  bot.discord.world.setAppPermissions(places().general.id, ['ViewChannel']);
  const { acknowledged } = await press(render, 'delete');
  expect(acknowledged.kind).toBe('deferred-update');
  expect(messageOf(bot, render)).toBeUndefined();
  expect(bot.core.calls).toContain(`answersNoMore ${render.id}`);
});

test('Try again makes a new render of the kept inputs, with the same weights, on the account of who pressed', async () => {
  const render = await ended({ spoiler: true, lip_weight: 3 });
  bot.core.state.kept = {
    portrait: { kind: 'kept', fileKey: 'p', name: 'p.png', seconds: null },
    voice: { kind: 'kept', fileKey: 'v', name: 'v.wav', seconds: 3 },
  };
  const { handle, acknowledged } = await press(render, 'again', places().mia.id);
  expect(acknowledged).toMatchObject({ kind: 'deferred', ephemeral: false });
  const second = bot.core.renders.get('r2');
  expect(second).toMatchObject({
    memberId: places().mia.id,
    ...{ spoiler: true, anew: true },
    weights: { ...render.weights, lipWeight: 3 },
    portrait: { kind: 'kept', fileKey: 'p' },
    messageId: handle.original()?.id,
  });
  expect(second?.messageId).not.toBe(render.messageId);
  expect(messageOf(bot, render)?.attachments).toHaveLength(1);
});

test('Try again says so where the files are no longer kept', async () => {
  const render = await ended();
  const { acknowledged, text } = await press(render, 'again');
  expect(acknowledged.ephemeral).toBe(true);
  expect(text).toContain('no longer kept');
  expect(bot.core.renders.size).toBe(1);
});

test('Try again of a private render stays private', async () => {
  const render = await ended({ private: true });
  bot.core.state.kept = { portrait: render.portrait, voice: render.voice };
  const { acknowledged } = await press(render, 'again');
  expect(acknowledged).toMatchObject({ kind: 'deferred', ephemeral: true });
  expect(bot.core.renders.get('r2')?.private).toBe(true);
});

test('a limit holds for Try again too', async () => {
  const render = await ended();
  bot.core.state.kept = { portrait: render.portrait, voice: render.voice };
  bot.core.state.refusal = { kind: 'limit', refusal: { limit: 'cooldown', size: 60, freeAtMs: bot.clock.now() + 1000 } };
  expect((await press(render, 'again')).text).toContain('60 seconds between two videos');
});

test('a button of a render that belongs to another guild, or is unknown, is refused', async () => {
  const render = await live({ phase: 'waiting' });
  bot.core.change(render.id, { guildId: places().second.guild.id });
  expect((await press(render, 'cancel')).text).toContain('not known any more');
  bot.core.renders.clear();
  expect((await press(render, 'cancel')).text).toContain('not known any more');
});

test('a button of another make is taken politely, without a word', async () => {
  const render = await renderInState(bot);
  await bot.calls.byToken({
    method: 'PATCH',
    route: `/webhooks/${render.applicationId}/${render.interactionToken}/messages/@original`,
    body: { content: 'x', components: [{ type: 1, components: [{ type: 2, style: 2, label: 'x', custom_id: 'other:thing' }] }] },
  });
  expect(customIdsOf(messageOf(bot, render))).toEqual(['other:thing']);
  const handle = bot.discord.members.press({
    messageId: render.messageId ?? '',
    customId: 'other:thing',
    memberId: places().ada.id,
  });
  expect((await handle.acknowledged).kind).toBe('deferred-update');
});

test('Details of a block are for its member and for moderators, or as the policy says at the press', async () => {
  const outcome = { kind: 'failed', reason: 'blocked-hate', detail: 'Toxic **content**', problem: null, charged: 'no' } as const;
  const render = await renderInState(bot, { phase: 'announcing', job: aJob(bot.clock.now()), outcome });
  await bot.announcer.outcome(render);
  const message = messageOf(bot, render);
  expect(message?.content).not.toContain('Toxic');
  expect(message?.content).toContain('Nothing was charged.');
  expect(labelsOf(message)).toEqual(['Details', 'Delete']);
  expect((await press(render, 'details')).text).toBe('The service says: Toxic content');
  expect((await press(render, 'details', places().ben.id)).text).toContain('for the member who asked');
  bot.core.state.policy = { blockedDetailsTo: 'moderators' };
  expect((await press(render, 'details')).text).toBe('On this server the details are for moderators.');
  const { acknowledged, text } = await press(render, 'details', places().mia.id);
  expect(acknowledged.ephemeral).toBe(true);
  expect(text).toBe('The service says: Toxic content');
});

test('what only the member reads is in the member’s language, what all read in the guild’s', async () => {
  bot.core.state.policy = { language: 'de' };
  const problem = { code: 'voice-silent', facts: {} };
  const outcome = { kind: 'failed', reason: 'audio', detail: null, problem, charged: 'no' } as const;
  const { handle } = await useHallo(bot);
  const render = bot.core.change('r1', { phase: 'announcing', outcome });
  await bot.announcer.progress({ ...render, phase: 'preparing', outcome: null }, { kind: 'preparing' });
  await bot.announcer.idle();
  expect(handle.original()?.content).toContain('Porträt und Stimme werden geprüft…');
  await bot.announcer.outcome(render);
  expect(handle.followUps()[0]?.content).toContain('The voice clip is silent.');
});
