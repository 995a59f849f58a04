import type { Asking } from './asker.ts';
import type { BotContext } from './command.ts';
import type { SomeWishes } from './drafts.ts';
import { CONFIRMATIONS, consentForm, notConfirmedView } from './views/consent.ts';

/** Opens the consent's form; what was asked for waits for it as a draft. */
export async function askConsent(
  interaction: Asking,
  guildId: string,
  wishes: SomeWishes,
  { answers, drafts, policies, texts }: BotContext,
): Promise<void> {
  const { id, locale, user } = interaction;
  const draft = await drafts.keep(id, { guildId, memberId: user.id, wishes });
  // A form can't be answered with another one.
  if (interaction.isModalSubmit())
    await answers.replyPrivately(interaction, notConfirmedView(draft, CONFIRMATIONS, locale, texts));
  else await answers.showModal(interaction, consentForm(id, await policies.of(guildId), locale, texts));
}
