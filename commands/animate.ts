import { ApplicationCommandType, type RESTPostAPIContextMenuApplicationCommandsJSONBody } from 'discord.js';
import { inputsAmong } from '../src/discord/attachment.ts';
import { type MenuCommand, tell } from '../src/discord/command.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { startRender } from '../src/discord/start-render.ts';
import { nameOf } from '../src/discord/texts/describe.ts';
import { filesForm } from '../src/discord/views/files-form.ts';

const data = {
  ...nameOf('animate'),
  type: ApplicationCommandType.Message,
  ...IN_GUILDS,
} satisfies RESTPostAPIContextMenuApplicationCommandsJSONBody;

/** In a message's menu: its picture speaks with its voice clip, where the guild has allowed it; a form asks for what is missing. */
export const animate: MenuCommand = {
  data,
  async handle(interaction, context) {
    const { answers, policies, texts, unfinished } = context;
    const { guildId, id, locale, user } = interaction;
    if (guildId === null || !interaction.isMessageContextMenuCommand()) {
      return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
    }
    const { messageCommand } = await policies.of(guildId);
    if (!messageCommand) return tell(interaction, texts.say(locale, 'refusal.messageCommand'), context);
    const { portrait, voice } = inputsAmong(interaction.targetMessage.attachments.values());
    const choices = { private: false, spoiler: false, weights: {} };
    if (portrait !== undefined && voice !== undefined) return startRender(interaction, { ...choices, portrait, voice }, context);
    await unfinished.keep(id, { guildId, memberId: user.id, wishes: { ...choices, portrait, voice } });
    await answers.showModal(interaction, filesForm(id, { portrait, voice }, locale, texts));
  },
};
