import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import type { Render } from '../../core/render.ts';
import { type BotContext, tell } from '../command.ts';
import { isModerator } from '../permissions.ts';

/**
 * The render that a button, or the form behind it, stands for, if this member may press it: in the render's own guild, by its requester or by a
 * moderator. Undefined: refused, and told so in private.
 */
export async function pressedRender(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  renderId: string,
  context: BotContext,
): Promise<Render | undefined> {
  const { service, texts } = context;
  const render = await service.get(renderId);
  // A render of another guild is as unknown here as none: ids can be guessed.
  if (render === undefined || render.guildId !== interaction.guildId) {
    await tell(interaction, texts.say(interaction.locale, 'press.unknown'), context);
    return undefined;
  }
  const mayPress = render.memberId === interaction.user.id || isModerator(interaction.memberPermissions?.bitfield);
  // What is private is its member's alone, moderators included.
  if (mayPress && !(render.private && render.memberId !== interaction.user.id)) return render;
  await tell(interaction, texts.say(interaction.locale, 'press.notYours'), context);
  return undefined;
}
