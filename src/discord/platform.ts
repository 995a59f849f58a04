/** The platform's numbers, each with its source. Where Discord sends a number of its own, that one counts. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Without version, which the library adds. https://docs.discord.com/developers/reference#api-reference-base-url */
export const DISCORD_API_BASE = 'https://discord.com/api';

/**
 * An interaction token works for 15 minutes; calls with a dead one count towards a ban, so it is left alone a minute before.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
 */
export const TOKEN_USED_FOR_MS = 14 * MINUTE_MS;

/** https://docs.discord.com/developers/resources/message#create-message */
export const LONGEST_CONTENT = 2000;

/** Alt text of an attachment. https://docs.discord.com/developers/resources/message#attachment-object */
export const LONGEST_DESCRIPTION = 1024;

/** https://docs.discord.com/developers/components/reference#button */
export const LONGEST_CUSTOM_ID = 100;
export const LONGEST_BUTTON_LABEL = 80;

/** https://docs.discord.com/developers/components/reference#label and #text-input, #string-select, #radio-group */
export const LONGEST_MODAL_TITLE = 45;
export const LONGEST_LABEL = 45;
export const LONGEST_LABEL_DESCRIPTION = 100;
export const LONGEST_TEXT_PLACEHOLDER = 100;
export const LONGEST_SELECT_PLACEHOLDER = 150;
export const LONGEST_CHOICE = 100;

/** Names match this, descriptions and choices have up to 100 characters, all of a command's texts up to 8,000. https://docs.discord.com/developers/interactions/application-commands#application-command-object */
export const COMMAND_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
export const LONGEST_COMMAND_DESCRIPTION = 100;
export const LONGEST_COMMAND = 8_000;

/** A message holds five rows of five buttons. https://docs.discord.com/developers/components/reference#action-row */
export const MOST_ROWS = 5;

/** Nonces are at most 25 characters. https://docs.discord.com/developers/resources/message#create-message */
export const NONCE_LENGTH = 25;

/** What every channel took before the limits were raised, and a direct message always takes. https://docs.discord.com/developers/reference#uploading-files */
export const SMALLEST_UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024;

/** Files that one message may carry. https://docs.discord.com/developers/resources/message#create-message */
export const MOST_FILES = 10;

/** Codes of Discord's errors. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export const ERROR_CODES = {
  unknownChannel: 10003,
  unknownMessage: 10008,
  unknownWebhook: 10015,
  unknownInteraction: 10062,
  tooManyEditsOfOldMessage: 30046,
  requestEntityTooLarge: 40005,
  alreadyAcknowledged: 40060,
  missingAccess: 50001,
  invalidWebhookToken: 50027,
} as const;

/** Between two edits of one live message; Discord's buckets allow about five in five seconds. */
export const PROGRESS_GAP_MS = 3 * SECOND_MS;

/** With the bot token, where all messages of a channel share one bucket. */
export const PROGRESS_GAP_AFTER_TOKEN_MS = MINUTE_MS;
