/** The platform's own numbers, in one place. Sources: docs.discord.com/developers. */

/** First moment of a snowflake's time (reference#snowflakes). */
export const discordEpochMs = 1_420_070_400_000;

/** An interaction must be answered within this time (interactions/receiving-and-responding). */
export const answerDeadlineMs = 3_000;

/** An interaction's token works this long (interactions/receiving-and-responding). */
export const interactionTokenLifetimeMs = 15 * 60_000;

/** Largest file that an app may upload where nothing else is set (reference#uploading-files). */
export const defaultAttachmentSizeLimitBytes = 20 * 1024 * 1024;

/** Signed attachment links work this long (reference#signed-attachment-cdn-urls). */
export const attachmentLinkLifetimeMs = 24 * 60 * 60_000;

/** After this age, edits of a message are limited (error 30046). */
export const oldMessageAgeMs = 60 * 60_000;

/** How long a nonce is remembered with enforce_nonce (resources/message#create-message: "past few minutes"). */
export const nonceMemoryMs = 5 * 60_000;

/** From this many guilds on, a bot must shard (events/gateway#sharding). */
export const shardingRequiredAt = 2_500;

export const limits = {
  contentLength: 2_000,
  embeds: 10,
  embedCharacters: 6_000,
  actionRows: 5,
  componentsV2: 40,
  componentsV2Text: 4_000,
  attachments: 10,
  attachmentDescription: 1_024,
  customIdLength: 100,
  nonceLength: 25,
} as const;

/** Message flags (resources/message#message-object-message-flags). */
export const messageFlags = {
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  componentsV2: 1 << 15,
} as const;

export const interactionTypes = { command: 2, component: 3, autocomplete: 4, modalSubmit: 5 } as const;

export const responseTypes = {
  pong: 1,
  message: 4,
  deferredMessage: 5,
  deferredUpdate: 6,
  update: 7,
  autocomplete: 8,
  modal: 9,
} as const;

export const componentTypes = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  mediaGallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

/** Kinds of options (interactions/application-commands#application-command-object-application-command-option-type). */
export const optionTypes = {
  subcommand: 1,
  subcommandGroup: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

/** Largest file in a direct message. */
export const defaultDirectMessageLimitBytes = 10 * 1024 * 1024;
