import { ApplicationIntegrationType, InteractionContextType } from 'discord.js';

/** Where all commands are: in guilds that the bot was added to. A bot that only a member has installed could not edit its messages there. */
export const IN_GUILDS = {
  integration_types: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
};
