import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import { askFiles } from '../ask-files.ts';
import { type BotContext, type ButtonHandler, type ModalHandler, tell } from '../command.ts';
import { areComplete, type Draft } from '../drafts.ts';
import { modalFields } from '../modal-fields.ts';
import { startRender } from '../start-render.ts';
import { CONFIRMATIONS, CONFIRMED, consentForm, notConfirmedView } from '../views/consent.ts';

/** Opens the form again. */
export const pressConsent: ButtonHandler<'consent'> = async (interaction, [draftId], context) => {
  const draft = await ownDraft(interaction, draftId, context);
  if (draft === undefined) return;
  const { answers, policies, texts } = context;
  await answers.showModal(interaction, consentForm(draftId, await policies.of(draft.guildId), interaction.locale, texts));
};

/** With all confirmed, the render begins as it was asked for, or the files that it lacks are asked for; else what is missing is said. */
export const sendConsent: ModalHandler<'consent'> = async (interaction, [draftId], context) => {
  const draft = await ownDraft(interaction, draftId, context);
  if (draft === undefined) return;
  const { answers, consents, drafts, texts } = context;
  const ticked = modalFields(interaction)[CONFIRMED];
  const missing = CONFIRMATIONS.filter(each => !Array.isArray(ticked) || !ticked.includes(each));
  if (missing.length > 0) {
    await answers.replyPrivately(interaction, notConfirmedView(draft, missing, interaction.locale, texts));
    return;
  }
  const { guildId, locale, user } = interaction;
  const isSpent = await drafts.spend(draftId, { guildId, memberId: user.id }, async ({ wishes }) => {
    await consents.give(user.id);
    if (areComplete(wishes)) await startRender(interaction, wishes, context);
    else await askFiles(interaction, draft.guildId, wishes, context);
  });
  if (!isSpent) await tell(interaction, texts.say(locale, 'consent.expired'), context);
};

/** Undefined: none is kept for this member here, and they were told so. */
async function ownDraft(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  draftId: string,
  context: BotContext,
): Promise<Draft | undefined> {
  const { guildId, locale, user } = interaction;
  const draft = await context.drafts.get(draftId, { guildId, memberId: user.id });
  if (draft === undefined) await tell(interaction, context.texts.say(locale, 'consent.expired'), context);
  return draft;
}
