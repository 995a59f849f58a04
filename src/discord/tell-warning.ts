import type { RepliableInteraction } from 'discord.js';
import type { BotContext } from './command.ts';
import { relativeTime } from './views/view.ts';

/**
 * Tells a member that a moderator has warned them, as the answer to what they asked for; false: there is nothing to tell. It counts as told
 * only where Discord took the message: else the next time tells it.
 */
export async function tellWarning(
  interaction: RepliableInteraction,
  guildId: string,
  { answers, moderation: { store }, texts }: Pick<BotContext, 'answers' | 'moderation' | 'texts'>,
): Promise<boolean> {
  const memberId = interaction.user.id;
  const warning = await store.untoldWarning(guildId, memberId);
  if (warning === undefined) return false;
  const content = texts.say(interaction.locale, 'moderation.warning', { when: relativeTime(warning.atMs) });
  const answer = await answers.replyPrivately(interaction, { content, components: [] });
  if (answer.kind === 'ok') await store.warningTold(guildId, memberId, warning.seq);
  return true;
}
