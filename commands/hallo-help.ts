import { readFile } from 'node:fs/promises';
import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { type Command, tell } from '../src/discord/command.ts';
import { describe } from '../src/discord/texts/describe.ts';
import { helpView } from '../src/discord/views/help.ts';

const data = {
  ...describe('hallo-help'),
  type: ApplicationCommandType.ChatInput,
  integration_types: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

const PICTURE = { name: 'good-portrait.jpg', url: new URL('../src/discord/good-portrait.jpg', import.meta.url) };

/** `/hallo-help`: how it works, with a picture of a portrait that works well; for the member alone. */
export const halloHelp: Command = {
  data,
  async handle(interaction, context) {
    const { answers, policies, texts } = context;
    const { guildId, locale } = interaction;
    if (guildId === null) return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
    const deferral = await answers.defer(interaction, { private: true });
    if (deferral.kind === 'never') return;
    const bytes = await readFile(PICTURE.url);
    await answers.editOriginal(interaction, helpView(await policies.of(guildId), locale, texts), [
      {
        file: { name: PICTURE.name, data: bytes, contentType: 'image/jpeg' },
        sizeBytes: bytes.length,
        attachment: { filename: PICTURE.name, description: texts.say(locale, 'help.picture') },
      },
    ]);
  },
};
