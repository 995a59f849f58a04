import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ComponentType,
  type InteractionReplyOptions,
  MessageFlags,
  type RESTPutAPIApplicationCommandsJSONBody,
  TextInputStyle,
} from 'discord.js';

/** Commands with choices, subcommands, an attachment and names in another language. */
export const galleryCommands: RESTPutAPIApplicationCommandsJSONBody = [
  {
    name: 'gallery',
    description: 'Shows things',
    options: [
      {
        ...{ type: ApplicationCommandOptionType.Subcommand, name: 'show', description: 'Shows everything' },
        description_localizations: { de: 'Zeigt alles' },
        options: [
          {
            ...{ type: ApplicationCommandOptionType.String, name: 'size', description: 'How large' },
            choices: [
              { name: 'Small', value: 's' },
              { name: 'Large', value: 'l' },
            ],
          },
        ],
      },
      {
        ...{ type: ApplicationCommandOptionType.Subcommand, name: 'hear', description: 'Hears a voice' },
        name_localizations: { de: 'hören' },
        options: [
          {
            ...{ type: ApplicationCommandOptionType.Attachment, name: 'voice', description: 'The voice', required: true },
            ...{ name_localizations: { de: 'stimme' }, file_types: ['.wav', '.webm'] },
          },
        ],
      },
    ],
  },
  { name: 'Look closer', type: ApplicationCommandType.Message },
];

/** A one-pixel PNG. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const everyComponent: InteractionReplyOptions = {
  flags: MessageFlags.IsComponentsV2,
  files: [{ attachment: pixel, name: 'pixel.png' }],
  components: [
    {
      type: ComponentType.Container,
      accentColor: 0x0f6f66,
      components: [
        { type: ComponentType.TextDisplay, content: '# A heading\nand **words**' },
        { type: ComponentType.Separator },
        {
          type: ComponentType.Section,
          components: [{ type: ComponentType.TextDisplay, content: 'A section' }],
          accessory: { type: ComponentType.Button, style: ButtonStyle.Link, label: 'A link', url: 'https://example.org/' },
        },
        {
          type: ComponentType.MediaGallery,
          items: [{ media: { url: 'attachment://pixel.png' }, description: 'a picture', spoiler: true }],
        },
        {
          type: ComponentType.ActionRow,
          components: [
            {
              ...{ type: ComponentType.StringSelect, customId: 'some', placeholder: 'Pick two', minValues: 2, maxValues: 2 },
              options: ['a', 'b', 'c'].map(value => ({ label: value.toUpperCase(), value, description: `The letter ${value}` })),
            },
          ],
        },
        {
          type: ComponentType.ActionRow,
          components: [{ type: ComponentType.UserSelect, customId: 'who', placeholder: 'Pick a member' }],
        },
      ],
    },
  ],
};

/** A dialogue with fields of five kinds. */
export const fiveFields: APIModalInteractionResponseCallbackData = {
  custom_id: 'fields',
  title: 'Five fields',
  components: [
    labelled('Words', { type: ComponentType.TextInput, custom_id: 'words', style: TextInputStyle.Paragraph }),
    labelled('One of them', {
      ...{ type: ComponentType.RadioGroup, custom_id: 'one' },
      options: ['First', 'Second'].map(label => ({ label, value: label.toLowerCase() })),
    }),
    labelled('Some of them', {
      ...{ type: ComponentType.CheckboxGroup, custom_id: 'some' },
      options: ['Left', 'Right'].map(label => ({ label, value: label.toLowerCase() })),
    }),
    labelled('I agree', { type: ComponentType.Checkbox, custom_id: 'agree' }),
    labelled('Proof', { type: ComponentType.FileUpload, custom_id: 'proof' }),
  ],
};

function labelled(label: string, component: APIComponentInLabel): APILabelComponent {
  return { type: ComponentType.Label, label, component };
}
