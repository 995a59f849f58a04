/** Who may press and call what. A press is checked by what the ledger says of the render, not by where the button was found. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import type { Render } from '../../src/core/render.ts';
import { VERBS, type Verb } from '../../src/discord/custom-id.ts';
import { aJob, type Bot, inputs, startBot } from '../discord/support.ts';

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

/** Buttons that stand for a render: whom they obey, on a public one and on a private one. Everybody else is refused. */
const OF_A_RENDER: Partial<Record<Verb, { public: readonly ActorName[]; private: readonly ActorName[] }>> = {
  cancel: { public: ['its requester', 'a moderator', 'an administrator'], private: ['its requester'] },
  'cancel-paid': { public: ['its requester', 'a moderator', 'an administrator'], private: ['its requester'] },
  again: { public: ['its requester', 'a moderator', 'an administrator'], private: ['its requester'] },
  delete: { public: ['its requester', 'a moderator', 'an administrator'], private: ['its requester'] },
  details: { public: ['its requester', 'a moderator', 'an administrator'], private: ['its requester'] },
  // Of a video, by anybody who can see it.
  report: { public: ['its requester', 'a stranger', 'a moderator', 'an administrator'], private: [] },
};

/** Commands that every member may use. Any other is for those alone who may manage something. */
const FOR_EVERY_MEMBER = ['hallo', 'hallo-renders'];

const REFUSED = /for the member who asked|not known any more/;

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
  const { guild } = bot.discord.places;
  for (const isPrivate of [false, true]) {
    const { render } = await ownMessage('ada', 'here');
    bot.core.change(render.id, { guildId: guild.id, private: isPrivate, phase: 'rendering', job: aJob() });
    victims.set(isPrivate ? 'private' : 'public', render.id);
  }
});
afterAll(() => bot.stop());

const victims = new Map<'public' | 'private', string>();

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

/** Presses a button that names another's render, on a message of the actor's own: the worst that a guessed id can do. */
async function press(verb: Verb, renderId: string, { who, from }: Actor): Promise<'obeyed' | 'refused'> {
  const { render, messageId } = await ownMessage(who, from);
  await relabel(render, `hallo:${verb}:${renderId}`);
  const handle = bot.discord.members.press({
    messageId,
    customId: `hallo:${verb}:${renderId}`,
    memberId: bot.discord.places[who].id,
  });
  const { kind } = await handle.acknowledged;
  await bot.router.idle();
  return kind === 'message' && REFUSED.test(handle.original()?.content ?? '') ? 'refused' : 'obeyed';
}

async function relabel({ applicationId, interactionToken }: Render, customId: string): Promise<void> {
  await bot.calls.byToken({
    method: 'PATCH',
    route: `/webhooks/${applicationId}/${interactionToken}/messages/@original`,
    body: { content: 'x', components: [{ type: 1, components: [{ type: 2, style: 2, label: 'x', custom_id: customId }] }] },
  });
}

describe.each(Object.entries(OF_A_RENDER) as [Verb, { public: readonly ActorName[]; private: readonly ActorName[] }][])(
  'the button "%s"',
  (verb, obeys) => {
    test.each(['public', 'private'] as const)('of a %s render obeys these alone', async kind => {
      const answers: [string, string][] = [];
      for (const [name, actor] of Object.entries(ACTORS)) {
        const renderId = victims.get(kind) ?? '';
        bot.core.change(renderId, { cancelledAtMs: null, outcome: verb === 'report' ? { kind: 'video' } : null });
        answers.push([name, await press(verb, renderId, actor)]);
      }
      const expected = Object.keys(ACTORS).map(name => [name, obeys[kind].some(each => each === name) ? 'obeyed' : 'refused']);
      expect(answers).toEqual(expected);
    });
  },
);

test('every button that carries a render alone stands in this table', () => {
  const ofARender = Object.entries(VERBS).filter(([, args]) => args.safeParse(['r1']).success);
  expect(Object.keys(OF_A_RENDER).sort()).toEqual(ofARender.map(([verb]) => verb).sort());
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
