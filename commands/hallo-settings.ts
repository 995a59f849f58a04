import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  PermissionFlagsBits,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { type BotContext, type Command, tell } from '../src/discord/command.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { exportSettings, importSettings } from '../src/discord/settings/file.ts';
import { askReset, openForm } from '../src/discord/settings/handlers.ts';
import { SECTION_NAMES } from '../src/discord/settings/sections.ts';
import { describe } from '../src/discord/texts/describe.ts';
import { costsView, settingsView } from '../src/discord/views/settings.ts';

const subcommand = (name: 'show' | 'costs' | 'export' | 'reset' | (typeof SECTION_NAMES)[number]) => ({
  ...describe(`hallo-settings.subcommand.${name}`),
  type: ApplicationCommandOptionType.Subcommand as const,
});

const data = {
  ...describe('hallo-settings'),
  type: ApplicationCommandType.ChatInput,
  ...IN_GUILDS,
  // By default; an administrator can give it to other roles. Changes need Manage Server in any case.
  default_member_permissions: String(PermissionFlagsBits.ManageGuild),
  options: [
    subcommand('show'),
    ...SECTION_NAMES.map(subcommand),
    subcommand('costs'),
    subcommand('export'),
    {
      ...describe('hallo-settings.subcommand.import'),
      type: ApplicationCommandOptionType.Subcommand,
      options: [
        {
          ...describe('hallo-settings.subcommand.import.option.file'),
          type: ApplicationCommandOptionType.Attachment,
          required: true,
          file_types: ['.json'],
        },
      ],
    },
    subcommand('reset'),
  ],
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

/** `/hallo-settings`: a guild's policy, in forms and as a file, for those who manage the guild. */
export const halloSettings: Command = {
  data,
  async handle(interaction, context) {
    const { guildId, locale } = interaction;
    if (guildId === null) return tell(interaction, context.texts.say(locale, 'refusal.guildOnly'), context);
    const chosen = interaction.options.getSubcommand();
    const section = SECTION_NAMES.find(name => name === chosen);
    if (section !== undefined) return openForm(interaction, section, guildId, context);
    if (chosen === 'export') return exportSettings(interaction, guildId, context);
    if (chosen === 'import') return importSettings(interaction, guildId, context);
    if (chosen === 'reset') return askReset(interaction, guildId, context);
    return chosen === 'costs' ? showCosts(interaction, guildId, context) : show(interaction, guildId, context);
  },
};

async function show(interaction: ChatInputCommandInteraction, guildId: string, context: BotContext): Promise<void> {
  const { answers, policies, service, texts } = context;
  const [policy, damaged, { report }] = [
    await policies.of(guildId),
    await policies.isDamaged(guildId),
    await service.costs(guildId),
  ];
  const view = settingsView({ guildId, policy, damaged, report }, { locale: interaction.locale, texts });
  await answers.replyPrivately(interaction, view);
}

async function showCosts(interaction: ChatInputCommandInteraction, guildId: string, context: BotContext): Promise<void> {
  const { report, members } = await context.service.costs(guildId);
  await context.answers.replyPrivately(
    interaction,
    costsView(report, members, { locale: interaction.locale, texts: context.texts }),
  );
}
