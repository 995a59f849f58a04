import { ApplicationCommandType, type RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import { type Command, tell } from '../src/discord/command.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { describe } from '../src/discord/texts/describe.ts';
import { memberDataView } from '../src/discord/views/member-data.ts';

const data = {
  ...describe('hallo-data'),
  type: ApplicationCommandType.ChatInput,
  ...IN_GUILDS,
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

/** `/hallo-data`: what is kept about oneself, in private, with a button that deletes it. */
export const halloData: Command = {
  data,
  async handle(interaction, context) {
    const { answers, memberData, texts } = context;
    const { guildId, user, locale } = interaction;
    if (guildId === null) return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
    await answers.replyPrivately(interaction, memberDataView(await memberData.of(guildId, user.id), locale, texts));
  },
};
