import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { isPreset, PRESET_NAMES, PRESETS, WEIGHT_RANGES, type Weights } from '../src/core/weights.ts';
import { attachmentSource, FILE_TYPES } from '../src/discord/attachment.ts';
import type { Command } from '../src/discord/command.ts';
import type { Wishes } from '../src/discord/drafts.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { startRender } from '../src/discord/start-render.ts';
import { describe, nameOf } from '../src/discord/texts/describe.ts';

/** The options of the four weights. */
const WEIGHT_OPTIONS = {
  pose_weight: 'poseWeight',
  face_weight: 'faceWeight',
  lip_weight: 'lipWeight',
  face_expand_ratio: 'faceExpandRatio',
} as const satisfies Record<string, keyof Weights>;

const weightOption = (name: keyof typeof WEIGHT_OPTIONS) => {
  const { min, max } = WEIGHT_RANGES[WEIGHT_OPTIONS[name]];
  return {
    ...describe(`hallo.option.${name}`),
    type: ApplicationCommandOptionType.Number as const,
    min_value: min,
    max_value: max,
  };
};

const data = {
  ...describe('hallo'),
  type: ApplicationCommandType.ChatInput,
  ...IN_GUILDS,
  options: [
    {
      ...describe('hallo.option.image'),
      type: ApplicationCommandOptionType.Attachment,
      required: true,
      file_types: [...FILE_TYPES.portrait],
    },
    {
      ...describe('hallo.option.audio'),
      type: ApplicationCommandOptionType.Attachment,
      required: true,
      file_types: [...FILE_TYPES.voice],
    },
    weightOption('pose_weight'),
    weightOption('face_weight'),
    weightOption('lip_weight'),
    weightOption('face_expand_ratio'),
    {
      ...describe('hallo.option.preset'),
      type: ApplicationCommandOptionType.String,
      choices: PRESET_NAMES.map(value => ({ ...nameOf(`hallo.option.preset.choice.${value}`), value })),
    },
    { ...describe('hallo.option.private'), type: ApplicationCommandOptionType.Boolean },
    { ...describe('hallo.option.spoiler'), type: ApplicationCommandOptionType.Boolean },
  ],
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

/** `/hallo`: a portrait and a voice in, a video out. */
export const hallo: Command = {
  data,
  async handle(interaction, context) {
    await startRender(interaction, wishesOf(interaction), context);
  },
};

function wishesOf({ options }: ChatInputCommandInteraction): Wishes {
  return {
    portrait: attachmentSource(options.getAttachment('image', true)),
    voice: attachmentSource(options.getAttachment('audio', true)),
    weights: weightsOf(options),
    private: options.getBoolean('private') ?? false,
    spoiler: options.getBoolean('spoiler') ?? false,
  };
}

function weightsOf(options: ChatInputCommandInteraction['options']): Partial<Weights> {
  const given = Object.entries(WEIGHT_OPTIONS).flatMap(([option, name]): [keyof Weights, number][] => {
    const value = options.getNumber(option);
    const { min, max } = WEIGHT_RANGES[name];
    // Discord keeps the range; a render beyond it could not be read again.
    return value === null ? [] : [[name, Math.min(max, Math.max(min, value))]];
  });
  const preset = options.getString('preset');
  // A weight that was given by itself goes before the preset's.
  return { ...(isPreset(preset) ? PRESETS[preset] : {}), ...Object.fromEntries(given) };
}
