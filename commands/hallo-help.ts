import { ApplicationCommandType, type RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import { type Command, tell } from '../src/discord/command.ts';
import { goodPortrait } from '../src/discord/good-portrait.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { describe } from '../src/discord/texts/describe.ts';
import { helpView } from '../src/discord/views/help.ts';

const data = {
  ...describe('hallo-help'),
  type: ApplicationCommandType.ChatInput,
  ...IN_GUILDS,
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

/** `/hallo-help`: how it works, with a picture of a portrait that works well; for the member alone. */
export const halloHelp: Command = {
  data,
  async handle(interaction, context) {
    const { answers, policies, service, texts } = context;
    const { guildId, locale } = interaction;
    if (guildId === null) return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
    const deferral = await answers.defer(interaction, { private: true });
    if (deferral.kind === 'never') return;
    const { name, bytes } = await goodPortrait();
    await answers.editOriginal(interaction, helpView(await policies.of(guildId), service.usualMs(), locale, texts), [
      {
        file: { name, data: bytes, contentType: 'image/jpeg' },
        sizeBytes: bytes.length,
        attachment: { filename: name, description: texts.say(locale, 'help.picture') },
      },
    ]);
  },
};
