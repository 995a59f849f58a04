import type { Asking } from './asker.ts';
import type { BotContext } from './command.ts';
import type { SomeWishes } from './drafts.ts';
import { filesForm, filesMissingView } from './views/files-form.ts';

/** Opens the form for the files that are missing; what was chosen waits for it as a draft. */
export async function askFiles(
  interaction: Asking,
  guildId: string,
  wishes: SomeWishes,
  { answers, drafts, texts }: BotContext,
): Promise<void> {
  const { id, locale, user } = interaction;
  await drafts.keep(id, { guildId, memberId: user.id, wishes });
  // A form can't be answered with another one.
  if (interaction.isModalSubmit()) await answers.replyPrivately(interaction, filesMissingView(id, wishes, locale, texts));
  else await answers.showModal(interaction, filesForm(id, wishes, locale, texts));
}
