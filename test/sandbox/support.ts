import {
  ApplicationCommandOptionType,
  Client,
  Events,
  GatewayIntentBits,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import { type Discord, type StartOptions, startDiscord } from '../../sandbox/discord/index.ts';

const stops: (() => Promise<void>)[] = [];

/** A stand-in that ends with the test. */
export async function startStandIn(options: StartOptions = {}): Promise<Discord> {
  const discord = await startDiscord(options);
  stops.push(() => discord.close());
  return discord;
}

/** A real discord.js client, logged in and ready. */
export async function connectClient(discord: Discord): Promise<Client<true>> {
  // Identifies at once: discord.js would wait five seconds before it identifies again.
  const buildIdentifyThrottler = async () => ({ waitForIdentify: async () => {} });
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.apiBase },
    ws: { buildIdentifyThrottler },
  });
  const ready = new Promise<Client<true>>(resolve => client.once(Events.ClientReady, resolve));
  stops.unshift(() => client.destroy());
  await client.login(discord.token);
  return ready;
}

/** To be called after each test. */
export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}

export const halloCommand: RESTPutAPIApplicationCommandsJSONBody[number] = {
  name: 'hallo',
  description: 'Makes a portrait speak',
  options: [
    {
      type: ApplicationCommandOptionType.Attachment,
      name: 'image',
      description: 'The portrait',
      required: true,
      file_types: ['image'],
    },
    {
      type: ApplicationCommandOptionType.Attachment,
      name: 'audio',
      description: 'The voice',
      required: true,
      file_types: ['.wav', 'audio'],
    },
    { type: ApplicationCommandOptionType.Number, name: 'pose_weight', description: 'Pose', min_value: 0, max_value: 3 },
    { type: ApplicationCommandOptionType.Boolean, name: 'private', description: 'Only for you' },
  ],
};

/** One red pixel. */
export const tinyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

export const files = {
  image: { file: { name: 'face.png', bytes: tinyPng } },
  audio: { file: { name: 'voice.wav', bytes: Buffer.from('RIFF....WAVE') } },
};
