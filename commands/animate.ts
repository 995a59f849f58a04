import { ApplicationCommandType, type RESTPostAPIContextMenuApplicationCommandsJSONBody } from 'discord.js';
import { askConsent } from '../src/discord/ask-consent.ts';
import { askFiles } from '../src/discord/ask-files.ts';
import { inputsAmong } from '../src/discord/attachment.ts';
import { type MenuCommand, tell } from '../src/discord/command.ts';
import { areComplete, type SomeWishes } from '../src/discord/drafts.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { mayAsk } from '../src/discord/may-ask.ts';
import { startRender } from '../src/discord/start-render.ts';
import { nameOf } from '../src/discord/texts/describe.ts';

const data = {
  ...nameOf('animate'),
  type: ApplicationCommandType.Message,
  ...IN_GUILDS,
} satisfies RESTPostAPIContextMenuApplicationCommandsJSONBody;

/** In a message's menu: its picture speaks with its voice clip, where the guild has allowed it; a form asks for what is missing. */
export const animate: MenuCommand = {
  data,
  async handle(interaction, context) {
    const { policies, texts } = context;
    const { guildId, locale } = interaction;
    if (guildId === null || !interaction.isMessageContextMenuCommand()) {
      return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
    }
    const { messageCommand } = await policies.of(guildId);
    if (!messageCommand) return tell(interaction, texts.say(locale, 'refusal.messageCommand'), context);
    const inputs = inputsAmong(interaction.targetMessage.attachments.values());
    const wishes: SomeWishes = { private: false, spoiler: false, weights: {}, ...inputs };
    if (areComplete(wishes)) return startRender(interaction, wishes, context);
    const may = await mayAsk(interaction, guildId, wishes, context);
    if (may === 'consent') await askConsent(interaction, guildId, wishes, context);
    else if (may === 'yes') await askFiles(interaction, guildId, wishes, context);
  },
};
