/**
 * What the bot is measured beside: discord.js with its defaults, in plain JavaScript. It defers every command. Where BARE_STATUS_URL is
 * set it then asks once whether a video is done, fetches it and puts it into the message, and looks at nothing on the way.
 */
import { Client, Events, GatewayIntentBits } from 'discord.js';

const { BARE_STATUS_URL, DISCORD_API_BASE, DISCORD_TOKEN } = process.env;
const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: DISCORD_API_BASE } });

client.on(Events.InteractionCreate, async interaction => {
  await interaction.deferReply();
  if (BARE_STATUS_URL === undefined) return;
  const { output } = await (await fetch(BARE_STATUS_URL)).json();
  const video = Buffer.from(await (await fetch(output)).arrayBuffer());
  await interaction.editReply({ files: [{ name: 'video.mp4', attachment: video }] });
});
await client.login(DISCORD_TOKEN);
