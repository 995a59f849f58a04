/** Moderation through real discord.js: cards, their buttons, suspensions and warnings, and `/hallo-moderation`. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Render } from '../../../src/core/render.ts';
import { type Bot, customIdsOf, inputs, labelsOf, messageOf, renderInState, startBot, useHallo } from '../support.ts';

let bot: Bot;
beforeEach(async () => {
  bot = await startBot();
  bot.core.state.policy = { moderationChannelId: places().moderators.id };
});
afterEach(() => bot.stop());

const places = () => bot.discord.places;
const cards = () => bot.discord.messages.inChannel(places().moderators.id);
const card = () => cards().at(-1);

/** A render that the provider's filter declined, told to its member, and brought before the moderators. */
async function declined(detail = 'Image rejected: @everyone a well-known person', more: Partial<Render> = {}) {
  const render = await renderInState(bot, {
    phase: 'closed',
    outcome: { kind: 'failed', reason: 'blocked-person', detail, problem: null, charged: 'no' },
    prepared: {
      ...{ portraitKey: 'inputs/p.jpg', portraitUrl: 'https://x/p', voiceKey: 'v', voiceUrl: 'https://x/v', voiceSeconds: 3 },
      ...{ notes: [], portraitHash: 'the portrait' },
    },
    ...more,
  });
  await bot.announcer.outcome(render);
  await bot.desk.ended(render);
  await bot.desk.idle();
  return render;
}

async function pressCard(label: string, memberId = places().mia.id, message = card()) {
  const index = labelsOf(message).indexOf(label);
  const customId = customIdsOf(message)[index] ?? `no button ${label}`;
  const handle = bot.discord.members.press({ messageId: message?.id ?? '', customId, memberId });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  await bot.desk.idle();
  return { acknowledged, text: handle.original()?.content ?? '', followUp: handle.followUps().at(-1)?.content };
}

async function moderate(subcommand: string, options: object = {}, memberId = places().mia.id) {
  const { guild, general } = places();
  const where = { guildId: guild.id, channelId: general.id, memberId };
  const handle = await bot.discord.members.command({ ...where, name: 'hallo-moderation', subcommand, options: { ...options } });
  const acknowledged = await handle.acknowledged;
  await bot.router.idle();
  return { acknowledged, handle, text: handle.original()?.content ?? '' };
}

const asked = async (memberId = places().ada.id) => (await useHallo(bot, {}, memberId)).handle.original()?.content ?? '';

test('a declined render is calm in public, and a card with all of it for the moderators', async () => {
  const render = await declined();
  expect(messageOf(bot, render)?.content).not.toContain('Image rejected');
  expect(cards()).toHaveLength(1);
  expect(card()?.content).toContain('**Declined by the safety filter**');
  expect(card()?.content).toContain(`<@${places().ada.id}> (${places().ada.id})`);
  expect(card()?.content).toContain(`/${render.channelId}/${render.messageId}`);
  expect(card()?.content).toContain('The service says: Image rejected: everyone a well-known person');
  expect(card()?.content).toContain('So far: 1 declined, 0 reported, 0 warnings.');
  expect(card()?.mentions).toMatchObject({ everyone: false, userIds: [] });
  expect(labelsOf(card())).toEqual([
    ...['Dismiss', 'Warn', 'Block this portrait'],
    ...['Suspend 1 hour', 'Suspend 1 day', 'Suspend 7 days', 'Suspend until lifted'],
  ]);
  // Said again after a crash, it is the same card.
  await bot.desk.ended(render);
  await bot.desk.idle();
  expect(cards()).toHaveLength(1);
});

test('the portrait is on the card only where the policy allows it, spoilered, and of some categories never', async () => {
  const path = await bot.video(10, 'p.jpg');
  bot.kept.files.set('inputs/p.jpg', path);
  await declined();
  expect(card()?.attachments).toEqual([]);
  bot.core.state.policy = { ...bot.core.state.policy, cardPortraits: true };
  await declined();
  expect(card()?.attachments).toMatchObject([{ filename: 'SPOILER_portrait.jpg' }]);
  for (const reason of ['blocked-minor', 'blocked-sexual'] as const) {
    await declined('', { outcome: { kind: 'failed', reason, detail: 'x', problem: null, charged: 'no' } });
    expect(card()?.attachments).toEqual([]);
  }
  expect(cards()).toHaveLength(4);
});

test('a suspension from the card: told until when, lifted by Undo', async () => {
  await declined();
  expect((await pressCard('Suspend 1 day')).acknowledged.kind).toBe('update');
  const endsAt = Math.floor((bot.clock.now() + 24 * 3_600_000) / 1000);
  expect(card()?.content).toContain(`**Suspended** by <@${places().mia.id}>`);
  expect(labelsOf(card())).toEqual(['Undo', 'Block this portrait']);
  expect(await asked()).toContain(`A moderator has suspended you from \`/hallo\` on this server. It ends <t:${endsAt}:R>.`);
  await pressCard('Undo');
  expect(labelsOf(card())).toContain('Dismiss');
  expect((await useHallo(bot)).acknowledged.kind).toBe('deferred');
});

test('a warning that Discord did not bring to its member is told again, and nothing is ordered until it was', async () => {
  await declined();
  await pressCard('Warn');
  const route = '/interactions/:id/:token/callback';
  bot.discord.faults.order({ fault: 'answer', method: 'POST', route, status: 500, times: 2 });
  const { general, guild, ada } = places();
  const where = { guildId: guild.id, channelId: general.id, memberId: ada.id };
  const lost = await bot.discord.members.command({ ...where, name: 'hallo', options: inputs });
  await expect.poll(() => bot.logs.filter(({ event }) => event === 'answer-refused')).toHaveLength(2);
  await bot.router.idle();
  expect(lost.original()).toBeUndefined();
  expect(await asked()).toContain('A moderator has warned you');
  expect(bot.core.calls.filter(call => call.startsWith('admit'))).toHaveLength(1);
  expect((await useHallo(bot)).acknowledged.kind).toBe('deferred');
});

test('of two moderators who press at once one decides, and the other learns who did', async () => {
  await declined();
  const { mia, otto } = places();
  const shown = card();
  const both = await Promise.all([pressCard('Dismiss', mia.id, shown), pressCard('Suspend 7 days', otto.id, shown)]);
  const late = both.filter(({ followUp }) => followUp !== undefined);
  expect(late).toHaveLength(1);
  expect(late[0]?.followUp).toMatch(/^Another moderator was quicker.*\*\*(Dismissed|Suspended)\*\* by <@\d+>/);
  expect((await bot.store.auditLog(places().guild.id, { beforeSeq: null, limit: 9 })).map(entry => entry.by)).toHaveLength(2);
});

test('Undo on a card that has changed since does nothing but show how it stands', async () => {
  await declined();
  await pressCard('Dismiss');
  const old = card();
  await pressCard('Undo');
  await pressCard('Warn');
  const customId = customIdsOf(old)[0] ?? '';
  const { id } = card() ?? { id: '' };
  const guildId = places().guild.id;
  const [, , caseId = '', revision] = customId.split(':');
  expect(await bot.store.undo(guildId, caseId, Number(revision), { by: 'x', atMs: 1 })).toMatchObject({ kind: 'already' });
  expect(bot.discord.messages.get(id)?.content).toContain('**Warned**');
});

test('a warning is told with the next /hallo, once, and nothing is ordered then', async () => {
  await declined();
  await pressCard('Warn');
  expect(await asked()).toContain('A moderator has warned you');
  expect(bot.core.calls.filter(call => call.startsWith('admit'))).toHaveLength(1);
  expect((await useHallo(bot)).acknowledged.kind).toBe('deferred');
});

test('a member who presses a moderators’ button is refused, whatever it is', async () => {
  await declined();
  bot.core.state.policy = { moderationChannelId: places().general.id };
  await declined();
  const message = bot.discord.messages.inChannel(places().general.id).at(-1);
  for (const label of ['Dismiss', 'Suspend until lifted', 'Block this portrait']) {
    const { acknowledged, text } = await pressCard(label, places().ben.id, message);
    expect(acknowledged).toMatchObject({ kind: 'message', ephemeral: true });
    expect(text).toContain('for members who may moderate others');
  }
  expect(await bot.store.openCases(places().guild.id, 9)).toHaveLength(2);
});

test('a blocked portrait is known from then on, and Unblock takes it back', async () => {
  await declined();
  await pressCard('Block this portrait');
  expect(card()?.content).toContain('This portrait is blocked here');
  expect(await bot.desk.blocksPortrait(places().guild.id, 'the portrait')).toBe(true);
  expect(await bot.desk.blocksPortrait(places().second.guild.id, 'the portrait')).toBe(false);
  await pressCard('Unblock the portrait');
  expect(await bot.desk.blocksPortrait(places().guild.id, 'the portrait')).toBe(false);
});

test('without a channel, or with a closed one, the case waits in the record, and the operator is told', async () => {
  bot.core.state.policy = { moderationChannelId: null };
  await declined();
  expect(cards()).toEqual([]);
  expect(bot.alarms).toEqual([]);
  bot.core.state.policy = { moderationChannelId: '999' };
  await declined();
  expect(bot.alarms).toEqual([expect.stringContaining('a card could not be shown')]);
  const { handle, text } = await moderate('list');
  expect(text).toContain(`1. declined · <@${places().ada.id}>`);
  const opened = await pressCard('Open 1', places().mia.id, handle.original());
  expect(opened.text).toContain('**Declined by the safety filter**');
  // Open again, and the card comes by itself.
  bot.core.state.policy = { moderationChannelId: places().moderators.id };
  await bot.advance(3_600_000);
  await bot.desk.idle();
  expect(cards()).toHaveLength(1);
});

test('/hallo-moderation: suspend with a reason, list, record, lift, log', async () => {
  const { ada, mia } = places();
  const member = ada.id;
  expect((await moderate('suspend', { member, length: 'hour', why: 'be *kind*' })).text).toContain(`<@${ada.id}> is suspended`);
  expect(await asked()).toContain('The reason given: be kind');
  expect((await moderate('list')).text).toMatch(/<@\d+>: ends <t:\d+:R>, by <@\d+>. Reason: be kind/);
  expect((await moderate('record', { member })).text).toContain('Suspended: ends');
  expect((await moderate('lift', { member })).text).toBe(`<@${ada.id}> may make videos again.`);
  expect((await moderate('lift', { member })).text).toBe(`<@${ada.id}> is not suspended.`);
  const { text } = await moderate('log');
  expect(text).toContain(`<@${mia.id}>: lifted the suspension of <@${ada.id}>`);
  expect(text).toContain('(be kind)');
  expect(text.split('\n')).toHaveLength(3);
});

test('/hallo-moderation: a picture is blocked by hand, listed, and allowed again', async () => {
  const image = { file: { name: 'logo.png', bytes: Buffer.from('picture') } };
  const blocked = await moderate('block', { image, note: 'a logo' });
  const id = blocked.text.match(/`(\w+)`/)?.[1] ?? '';
  expect((await moderate('pictures')).text).toContain(`\`${id}\` · <@${places().mia.id}>`);
  expect(await bot.desk.blocksPortrait(places().guild.id, 'hash of logo.png')).toBe(true);
  expect((await moderate('unblock', { picture: 'nonsense' })).text).toBe('No blocked picture has this number here.');
  expect((await moderate('unblock', { picture: id })).text).toBe('The picture may be used again.');
  expect((await moderate('pictures')).text).toBe('No picture is blocked here.');
});

test('cards speak the language of their guild', async () => {
  bot.core.state.policy = { ...bot.core.state.policy, language: 'de' };
  await declined();
  expect(card()?.content).toContain('**Vom Sicherheitsfilter abgelehnt**');
  await pressCard('Verwerfen');
  expect(card()?.content).toContain('**Verworfen** von');
});

test('as long as words may be, a list shows whole lines, and the log’s next page begins where this one ended', async () => {
  const { ada, guild } = places();
  const words = 'word '.repeat(40);
  for (let n = 0; n < 10; n += 1) {
    await bot.store.suspend(guild.id, `${BigInt(ada.id) + BigInt(n)}`, { untilMs: null, why: words }, { by: ada.id, atMs: n });
  }
  await bot.store.openCase({
    ...{ guildId: guild.id, kind: 'blocked', renderId: 'r', memberId: ada.id, channelId: '1', messageId: null, reason: null },
    ...{ detail: null, portraitHash: null, portraitKey: null },
  });
  expect((await moderate('list')).text).toContain('1. declined');
  const { text } = await moderate('log');
  const seqs = [...text.matchAll(/^(\d+)\. /gm)].map(match => Number(match[1]));
  expect(text.split('\n').at(-1)).toBe(`Older ones: \`before: ${seqs.at(-1)}\``);
  expect(text.length).toBeLessThanOrEqual(2_000);
});
