/** Who may press and call what. A press is checked by what the ledger says of the render, not by where the button was found. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { reportOpeningOf } from '../../src/core/moderation/case.ts';
import { policyFile } from '../../src/core/policy-file.ts';
import type { Render } from '../../src/core/render.ts';
import { COMPONENTS } from '../../src/discord/components.ts';
import type { Verb } from '../../src/discord/custom-id.ts';
import { SECTION_NAMES } from '../../src/discord/settings/sections.ts';
import { aJob, type Bot, inputs, startBot, texts } from '../discord/support.ts';
import { OPEN_POLICY } from '../support/requests.ts';

type Actor = {
  who: 'ada' | 'ben' | 'mia' | 'otto';
  /** where the press comes from: the render's guild, or another one */
  from: 'here' | 'elsewhere';
};

/** The render is Ada's, asked for in Portrait Club, where Mia is a moderator and Otto an administrator. */
const ACTORS = {
  'its requester': { who: 'ada', from: 'here' },
  'a stranger': { who: 'ben', from: 'here' },
  'a moderator': { who: 'mia', from: 'here' },
  'an administrator': { who: 'otto', from: 'here' },
  'its requester, in another guild': { who: 'ada', from: 'elsewhere' },
  'an administrator of another guild': { who: 'otto', from: 'elsewhere' },
} as const satisfies Record<string, Actor>;
type ActorName = keyof typeof ACTORS;

const ITS_OWN: readonly ActorName[] = ['its requester'];
const MODERATORS: readonly ActorName[] = ['a moderator', 'an administrator'];
const EVERYBODY_HERE: readonly ActorName[] = ['its requester', 'a stranger', ...MODERATORS];
const EVERYBODY: readonly ActorName[] = [
  'its requester',
  'a stranger',
  ...MODERATORS,
  'its requester, in another guild',
  'an administrator of another guild',
];
const WHO_MANAGES: readonly ActorName[] = ['an administrator'];

/** What a button is about: Ada's renders, what she began to ask for, the rules of their guild, and a case before its moderators. */
type About =
  | 'a public render'
  | 'a private render'
  | 'a public video'
  | 'a private video'
  | 'its guild'
  | 'a case'
  | 'a draft'
  | 'a draft without a voice'
  | 'a settings file'
  | 'oneself';
type Row = [verb: Verb, about: About, obeys: readonly ActorName[], ...more: string[]];

/** Whom each button obeys. Everybody else is refused in private. */
const BUTTONS: readonly Row[] = [
  ...(['cancel', 'cancel-paid', 'again', 'again-with', 'delete', 'details'] as const).flatMap((verb): Row[] => [
    [verb, 'a public render', [...ITS_OWN, ...MODERATORS]],
    [verb, 'a private render', ITS_OWN],
  ]),
  ['report', 'a public video', EVERYBODY_HERE],
  ['report', 'a private video', []],
  ['case', 'a case', MODERATORS, 'dismiss'],
  ['case-undo', 'a case', MODERATORS, '0'],
  ['case-picture', 'a case', MODERATORS, 'block'],
  ['case-open', 'a case', MODERATORS],
  ['consent', 'a draft', ITS_OWN],
  ['animate', 'a draft without a voice', ITS_OWN],
  // Whoever presses acts on what is kept about themselves.
  ['data-delete', 'oneself', EVERYBODY],
  ['data-delete-sure', 'oneself', EVERYBODY],
  ['settings-form', 'its guild', WHO_MANAGES],
  ['settings-reset', 'its guild', WHO_MANAGES],
  ['settings-import', 'a settings file', WHO_MANAGES],
];

/** Commands that every member may use. Any other is for those alone who may manage something. */
const FOR_EVERY_MEMBER = ['Animate with Hallo', 'hallo', 'hallo-data', 'hallo-help', 'hallo-renders', 'hallo-status'];

const REFUSALS = [
  ...(['press.notYours', 'press.unknown', 'settings.notYours', 'settings.otherServer'] as const),
  ...(['moderation.notYours', 'moderation.unknownCase', 'consent.expired', 'animate.expired', 'settings.file.gone'] as const),
];
const REFUSED = new Set(REFUSALS.map(key => texts.say('en-US', key)));

let bot: Bot;
/** What the custom id names, for each thing that a button can be about. */
let named: Record<About, string>;
beforeAll(async () => {
  bot = await startBot();
  const running = { phase: 'rendering', job: aJob() } as const;
  const ended = { phase: 'closed', outcome: { kind: 'video' } } as const;
  const adas = async (change: Partial<Render>) => {
    const { render } = await ownMessage('ada', 'here');
    return bot.core.change(render.id, change);
  };
  const video = await adas(ended);
  const report = { memberId: bot.discord.places.ben.id, atMs: bot.clock.now(), why: 'not nice' };
  const reported = await bot.store.report(reportOpeningOf(video), report, 99);
  const { guildId, memberId, portrait, voice } = video;
  const wishes = { private: false, spoiler: false, portrait, voice, weights: {} };
  const draft = await bot.core.drafts.keep('100000000000000009', { guildId, memberId, wishes });
  const without = await bot.core.drafts.keep('100000000000000011', {
    guildId,
    memberId,
    wishes: { ...wishes, voice: undefined },
  });
  const text = policyFile(guildId, { ...OPEN_POLICY, perHour: 7 });
  const opened = await bot.core.imports.keep('100000000000000010', {
    ...{ guildId, memberId: bot.discord.places.otto.id, wishes: { text } },
  });
  named = {
    'a public render': (await adas(running)).id,
    'a private render': (await adas({ ...running, private: true })).id,
    'a public video': video.id,
    'a private video': (await adas({ ...ended, private: true })).id,
    'its guild': bot.discord.places.guild.id,
    'a case': reported.case.id,
    'a draft': draft.id,
    'a draft without a voice': without.id,
    'a settings file': opened.id,
    oneself: '',
  };
});
afterAll(() => bot.stop());

/** A `/hallo` of the actor's own, with its message. */
async function ownMessage(who: Actor['who'], from: Actor['from']) {
  const { discord } = bot;
  const { guild, general, second } = discord.places;
  const place =
    from === 'here' ? { guildId: guild.id, channelId: general.id } : { guildId: second.guild.id, channelId: second.general.id };
  const handle = await discord.members.command({ ...place, memberId: discord.places[who].id, name: 'hallo', options: inputs });
  await handle.acknowledged;
  await bot.router.idle();
  const render = [...bot.core.renders.values()].at(-1);
  if (render === undefined) throw new Error('nothing was admitted');
  return { render, messageId: handle.original()?.id ?? '' };
}

/** Presses a button with this custom id on a message of the actor's own: the worst that a guessed id can do. */
async function press(customId: string, { who, from }: Actor): Promise<'obeyed' | 'refused'> {
  const { render, messageId } = await ownMessage(who, from);
  await relabel(render, customId);
  const handle = bot.discord.members.press({ messageId, customId, memberId: bot.discord.places[who].id });
  const { kind } = await handle.acknowledged;
  await bot.router.idle();
  return kind === 'message' && REFUSED.has(handle.original()?.content ?? '') ? 'refused' : 'obeyed';
}

async function relabel({ applicationId, interactionToken }: Render, customId: string): Promise<void> {
  await bot.calls.byToken({
    method: 'PATCH',
    route: `/webhooks/${applicationId}/${interactionToken}/messages/@original`,
    body: { content: 'x', components: [{ type: 1, components: [{ type: 2, style: 2, label: 'x', custom_id: customId }] }] },
  });
}

test.each(BUTTONS.map(row => [row[0], row[1], row[2].join(', ') || 'nobody', row] as const))(
  'the button "%s" of %s obeys: %s',
  async (verb, about, _obeys, [, , obeys, ...more]) => {
    // The id of a guild comes last in a custom id, behind the section of its settings.
    const args = verb === 'settings-form' ? [SECTION_NAMES[0], named[about]] : about === 'oneself' ? [] : [named[about], ...more];
    const answers: Record<string, string> = {};
    for (const [name, actor] of Object.entries(ACTORS)) {
      for (const id of bot.core.renders.keys()) bot.core.change(id, { cancelledAtMs: null });
      answers[name] = await press(['hallo', verb, ...args].join(':'), actor);
    }
    const expected = Object.keys(ACTORS).map(name => [name, obeys.some(each => each === name) ? 'obeyed' : 'refused']);
    expect(answers).toEqual(Object.fromEntries(expected));
  },
);

test('every button stands in this table', () => {
  expect([...new Set(BUTTONS.map(([verb]) => verb))].sort()).toEqual(Object.keys(COMPONENTS.buttons).sort());
});

describe('commands', () => {
  test.each(COMMANDS.map(({ data }) => [data.name, data] as const))(
    '"%s" is offered in guilds alone, and not to more members than it is for',
    (name, data) => {
      expect(data.contexts).toEqual([0]);
      expect(data.integration_types).toEqual([0]);
      const wanted = data.default_member_permissions ?? null;
      if (FOR_EVERY_MEMBER.includes(name)) expect(wanted).toBeNull();
      else expect(wanted).toMatch(/^\d+$/);
    },
  );
});
