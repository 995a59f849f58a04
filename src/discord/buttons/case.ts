import type { ButtonInteraction, ChatInputCommandInteraction } from 'discord.js';
import { type ModerationCase, videoWanted } from '../../core/moderation/case.ts';
import type { CaseAnswer, ModerationStore } from '../../core/moderation/store.ts';
import { type BotContext, type ButtonHandler, tell } from '../command.ts';
import { factsOf } from '../moderation/case-facts.ts';
import { mayModerate } from '../permissions.ts';
import { caseView, decisionText } from '../views/case.ts';

/** The guild that a moderator acts in and the record of it; undefined: they may not, and were told so. Looked at with every press. */
export async function moderating(
  interaction: ButtonInteraction | ChatInputCommandInteraction,
  context: BotContext,
): Promise<{ guildId: string; store: ModerationStore } | undefined> {
  const { guildId, locale, memberPermissions } = interaction;
  const { store } = context.moderation;
  if (guildId !== null && mayModerate(memberPermissions?.bitfield)) return { guildId, store };
  await tell(interaction, context.texts.say(locale, 'moderation.notYours'), context);
  return undefined;
}

const handOf = ({ user }: ButtonInteraction, { clock }: BotContext) => ({ by: user.id, atMs: clock.now() });

export const pressCase: ButtonHandler<'case'> = async (interaction, [caseId, decision], context) => {
  const at = await moderating(interaction, context);
  if (at === undefined) return;
  const answer = await at.store.decide(at.guildId, caseId, decision, handOf(interaction, context));
  await answerPress(interaction, answer, at.store, context);
};

export const pressUndo: ButtonHandler<'case-undo'> = async (interaction, [caseId, revision], context) => {
  const at = await moderating(interaction, context);
  if (at === undefined) return;
  const answer = await at.store.undo(at.guildId, caseId, Number(revision), handOf(interaction, context));
  await answerPress(interaction, answer, at.store, context);
};

export const pressPicture: ButtonHandler<'case-picture'> = async (interaction, [caseId, wanted], context) => {
  const at = await moderating(interaction, context);
  if (at === undefined) return;
  const answer = await at.store.setPicture(at.guildId, caseId, wanted === 'block', handOf(interaction, context));
  await answerPress(interaction, answer, at.store, context);
};

/** The card of a case, for the one who asks: from the list of open cases, where there may be no channel for cards. */
export const pressOpenCase: ButtonHandler<'case-open'> = async (interaction, [caseId], context) => {
  const at = await moderating(interaction, context);
  if (at === undefined) return;
  const held = await at.store.getCase(at.guildId, caseId);
  if (held === undefined) return tell(interaction, context.texts.say(interaction.locale, 'moderation.unknownCase'), context);
  await context.answers.replyPrivately(interaction, await viewOfCase(interaction, held, at.store, context));
};

/** The pressed card shows at once what was decided; the card in the channel follows, whatever becomes of this answer. */
async function answerPress(
  interaction: ButtonInteraction,
  answer: CaseAnswer,
  store: ModerationStore,
  context: BotContext,
): Promise<void> {
  const { answers, moderation, texts } = context;
  const { locale } = interaction;
  if (answer.kind === 'unknown') return tell(interaction, texts.say(locale, 'moderation.unknownCase'), context);
  await answers.update(interaction, await viewOfCase(interaction, answer.case, store, context));
  moderation.kickCards();
  if (answer.kind === 'done') return tellIfLost(interaction, answer.case, context);
  // Somebody was quicker. The card shows it now; this moderator is told that it was not their press.
  const decided = decisionText(answer.case, locale, texts) ?? texts.say(locale, 'moderation.changed');
  await answers.followUpPrivately(interaction, {
    content: `${texts.say(locale, 'moderation.already')} ${decided}`,
    components: [],
  });
}

/** Nobody but the one who decided is there to learn that the video does not come back. */
async function tellIfLost(interaction: ButtonInteraction, held: ModerationCase, { answers, moderation, texts }: BotContext) {
  const isOutOfSight = held.video === 'hidden' || held.video === 'removed';
  if (!isOutOfSight || videoWanted(held) !== 'shown' || (await moderation.isVideoKept(held.renderId))) return;
  const content = texts.say(interaction.locale, 'moderation.videoLost');
  await answers.followUpPrivately(interaction, { content, components: [] });
}

async function viewOfCase(
  { guildId, locale, message }: ButtonInteraction,
  held: ModerationCase,
  store: ModerationStore,
  { clock, policies, texts }: BotContext,
) {
  // The card in the channel is the guild's; what one alone sees is in their own language.
  const isCard = held.card?.messageId === message.id;
  const language = isCard && guildId !== null ? ((await policies.of(guildId)).language ?? 'en') : locale;
  return caseView(await factsOf(held, store, clock.now()), language, texts);
}
