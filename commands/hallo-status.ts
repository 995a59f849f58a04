import { ApplicationCommandType, type RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import { type Command, tell } from '../src/discord/command.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { describe } from '../src/discord/texts/describe.ts';
import { standingView } from '../src/discord/views/standing.ts';

const data = {
  ...describe('hallo-status'),
  type: ApplicationCommandType.ChatInput,
  ...IN_GUILDS,
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

/** `/hallo-status`: does the video service take orders, what is under way, and what do the limits leave; for the member alone. */
export const halloStatus: Command = {
  data,
  async handle(interaction, context) {
    const { answers, service, texts } = context;
    const { guildId, user, locale } = interaction;
    if (guildId === null) return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
    await answers.replyPrivately(interaction, standingView(await service.standing(guildId, user.id), locale, texts));
  },
};
