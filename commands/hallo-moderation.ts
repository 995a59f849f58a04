import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  PermissionFlagsBits,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Hand } from '../src/core/moderation/case.ts';
import type { ModerationStore } from '../src/core/moderation/store.ts';
import { moderating } from '../src/discord/buttons/case.ts';
import type { BotContext, Command } from '../src/discord/command.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { describe, nameOf } from '../src/discord/texts/describe.ts';
import { listView, logView, MOST_ENTRIES, picturesView, recordView } from '../src/discord/views/moderation.ts';
import { problemText } from '../src/discord/views/problem.ts';
import { relativeTime, type View, viewOf } from '../src/discord/views/view.ts';

const HOUR_MS = 3_600_000;
/** How long a suspension may be chosen to last; null: until it is lifted. */
const LENGTHS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, open: null } as const;
const LONGEST_NOTE = 200;

const path = 'hallo-moderation';
const subcommand = (
  name: 'record' | 'suspend' | 'lift' | 'list' | 'log' | 'block' | 'unblock' | 'pictures',
  ...options: APIApplicationCommandBasicOption[]
) => ({
  ...describe(`${path}.subcommand.${name}`),
  type: ApplicationCommandOptionType.Subcommand as const,
  options,
});

const memberOption = (name: 'record' | 'suspend' | 'lift') => ({
  ...describe(`${path}.subcommand.${name}.option.member`),
  type: ApplicationCommandOptionType.User as const,
  required: true,
});

const data = {
  ...describe(path),
  type: ApplicationCommandType.ChatInput,
  ...IN_GUILDS,
  default_member_permissions: String(PermissionFlagsBits.ModerateMembers),
  options: [
    subcommand('record', memberOption('record')),
    subcommand(
      'suspend',
      memberOption('suspend'),
      {
        ...describe(`${path}.subcommand.suspend.option.length`),
        type: ApplicationCommandOptionType.String,
        required: true,
        choices: [
          { ...nameOf(`${path}.subcommand.suspend.option.length.choice.hour`), value: 'hour' },
          { ...nameOf(`${path}.subcommand.suspend.option.length.choice.day`), value: 'day' },
          { ...nameOf(`${path}.subcommand.suspend.option.length.choice.week`), value: 'week' },
          { ...nameOf(`${path}.subcommand.suspend.option.length.choice.open`), value: 'open' },
        ],
      },
      {
        ...describe(`${path}.subcommand.suspend.option.why`),
        type: ApplicationCommandOptionType.String,
        max_length: LONGEST_NOTE,
      },
    ),
    subcommand('lift', memberOption('lift')),
    subcommand('list'),
    subcommand('log', {
      ...describe(`${path}.subcommand.log.option.before`),
      type: ApplicationCommandOptionType.Integer,
      min_value: 1,
    }),
    subcommand(
      'block',
      { ...describe(`${path}.subcommand.block.option.image`), type: ApplicationCommandOptionType.Attachment, required: true },
      {
        ...describe(`${path}.subcommand.block.option.note`),
        type: ApplicationCommandOptionType.String,
        max_length: LONGEST_NOTE,
      },
    ),
    subcommand('unblock', {
      ...describe(`${path}.subcommand.unblock.option.picture`),
      type: ApplicationCommandOptionType.String,
      required: true,
      max_length: 64,
    }),
    subcommand('pictures'),
  ],
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

type Work = {
  interaction: ChatInputCommandInteraction;
  guildId: string;
  store: ModerationStore;
  hand: Hand;
  context: BotContext;
};

/** `/hallo-moderation`: records, suspensions, blocked pictures and the audit log, for those who may moderate members. */
export const halloModeration: Command = {
  data,
  async handle(interaction, context) {
    const { answers, clock, texts } = context;
    const at = await moderating(interaction, context);
    if (at === undefined) return;
    const hand = { by: interaction.user.id, atMs: clock.now() };
    const work = SUBCOMMANDS[interaction.options.getSubcommand()];
    const order = { interaction, context, hand, ...at };
    if (interaction.options.getSubcommand() !== 'block') {
      const view = work === undefined ? viewOf([texts.say(interaction.locale, 'unexpected')]) : await work(order);
      await answers.replyPrivately(interaction, view);
      return;
    }
    // Fetching and reading a picture takes longer than Discord waits for a first answer.
    const deferral = await answers.defer(interaction, { private: true });
    if (deferral.kind !== 'never') await answers.editOriginal(interaction, await block(order));
  },
};

const SUBCOMMANDS: Readonly<Record<string, (work: Work) => Promise<View>>> = {
  record,
  suspend,
  lift,
  list,
  log,
  unblock,
  pictures,
};

async function record({ interaction, guildId, store, hand, context: { texts } }: Work): Promise<View> {
  const member = interaction.options.getUser('member', true);
  return recordView(member.id, await store.memberRecord(guildId, member.id, hand.atMs), interaction.locale, texts);
}

async function suspend({ interaction, guildId, store, hand, context: { texts } }: Work): Promise<View> {
  const { options, locale } = interaction;
  const member = options.getUser('member', true);
  const length = options.getString('length', true);
  const lastsMs = Object.entries(LENGTHS).find(([name]) => name === length)?.[1] ?? null;
  const untilMs = lastsMs === null ? null : hand.atMs + lastsMs;
  await store.suspend(guildId, member.id, { untilMs, why: options.getString('why')?.slice(0, LONGEST_NOTE) ?? null }, hand);
  const until = untilMs === null ? texts.say(locale, 'case.untilLifted') : relativeTime(untilMs);
  return viewOf([texts.say(locale, 'moderation.suspended', { member: `<@${member.id}>`, until })]);
}

async function lift({ interaction, guildId, store, hand, context: { texts } }: Work): Promise<View> {
  const member = interaction.options.getUser('member', true);
  const lifted = await store.lift(guildId, member.id, hand);
  const key = lifted ? 'moderation.lifted' : 'moderation.notSuspended';
  return viewOf([texts.say(interaction.locale, key, { member: `<@${member.id}>` })]);
}

async function list({ interaction, guildId, store, hand, context: { texts } }: Work): Promise<View> {
  const [suspended, cases] = await Promise.all([
    store.suspended(guildId, hand.atMs, MOST_ENTRIES),
    store.openCases(guildId, MOST_ENTRIES),
  ]);
  return listView({ suspended, cases }, interaction.locale, texts);
}

async function log({ interaction, guildId, store, context: { texts } }: Work): Promise<View> {
  const beforeSeq = interaction.options.getInteger('before');
  const entries = await store.auditLog(guildId, { beforeSeq, limit: MOST_ENTRIES });
  return logView(entries, interaction.locale, texts);
}

async function block({ interaction, guildId, store, hand, context: { moderation, texts } }: Work): Promise<View> {
  const { locale, options } = interaction;
  const hashed = await moderation.hashOf(options.getAttachment('image', true).url, AbortSignal.timeout(60_000));
  if (!hashed.ok) {
    const what = problemText(hashed.problem, locale, texts) ?? texts.say(locale, 'reason.image.what');
    return viewOf([what]);
  }
  const note = options.getString('note')?.slice(0, LONGEST_NOTE) ?? null;
  const { id } = await store.blockPicture(guildId, { hash: hashed.hash, note }, hand);
  return viewOf([texts.say(locale, 'moderation.pictureBlocked', { id })]);
}

async function unblock({ interaction, guildId, store, hand, context: { moderation, texts } }: Work): Promise<View> {
  const unblocked = await store.unblockPicture(guildId, interaction.options.getString('picture', true).trim(), hand);
  moderation.kickCards();
  return viewOf([texts.say(interaction.locale, unblocked ? 'moderation.pictureUnblocked' : 'moderation.unknownPicture')]);
}

async function pictures({ interaction, guildId, store, context: { texts } }: Work): Promise<View> {
  return picturesView(await store.pictures(guildId), interaction.locale, texts);
}
