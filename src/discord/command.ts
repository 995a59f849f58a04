import type {
  AnySelectMenuInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
  RepliableInteraction,
  UserContextMenuCommandInteraction,
} from 'discord.js';
import type { Clock } from '../core/clock.ts';
import type { ConsentRecords } from '../core/consents.ts';
import type { MemberData } from '../core/member-data.ts';
import type { ModerationStore } from '../core/moderation/store.ts';
import type { Policies } from '../core/policies.ts';
import type { Bounds } from '../core/policy.ts';
import type { InputProblem } from '../core/render.ts';
import type { RenderService } from '../core/service.ts';
import type { VideoFiles } from './announcer/video-files.ts';
import type { Answers } from './answers.ts';
import type { Arguments, Verb } from './custom-id.ts';
import type { Drafts, Import } from './drafts.ts';
import type { Log } from './log.ts';
import type { Texts } from './texts/texts.ts';

/** What moderation needs of the rest. */
export type ModerationTools = {
  store: ModerationStore;
  /** Something has changed that cards show: they follow by themselves. */
  kickCards(): void;
  /** Whether a reported video could be shown again: its record and its file are there. */
  isVideoKept(renderId: string): Promise<boolean>;
  /** The perceptual hash of a picture that a moderator attached, or what is wrong with it. */
  hashOf(url: string, signal: AbortSignal): Promise<{ ok: true; hash: string } | { ok: false; problem: InputProblem }>;
};

/** What handlers work with. */
export type BotContext = {
  service: RenderService;
  policies: Policies;
  /** what guilds may choose from */
  bounds: Bounds;
  answers: Answers;
  texts: Texts;
  clock: Clock;
  videoFiles: VideoFiles;
  moderation: ModerationTools;
  consents: ConsentRecords;
  /** what was asked for, while a form is open */
  drafts: Drafts;
  /** settings files that are looked at before they are taken */
  imports: Drafts<Import>;
  /** The text of a small attached file; undefined: it can't be fetched, or is larger than that. */
  readAttachment(url: string, options: { maxBytes: number; signal: AbortSignal }): Promise<string | undefined>;
  memberData: MemberData;
  log: Log;
};

/** A slash command: its declaration as Discord's JSON, and what happens when it is used. */
export type Command = {
  data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  handle(interaction: ChatInputCommandInteraction, context: BotContext): Promise<void>;
};

/** A command of a message's or a user's menu. */
export type MenuCommand = {
  data: RESTPostAPIContextMenuApplicationCommandsJSONBody;
  handle(
    interaction: MessageContextMenuCommandInteraction | UserContextMenuCommandInteraction,
    context: BotContext,
  ): Promise<void>;
};

export type AnyCommand = Command | MenuCommand;

/** What happens when a component with this verb is used; `args` come from its custom id, as VERBS describes them. */
export type Handler<I, V extends Verb = Verb> = (interaction: I, args: Arguments<V>, context: BotContext) => Promise<void>;
export type HandlerTable<I> = { readonly [V in Verb]?: Handler<I, V> };
export type ButtonHandler<V extends Verb> = Handler<ButtonInteraction, V>;
export type SelectHandler<V extends Verb> = Handler<AnySelectMenuInteraction, V>;
export type ModalHandler<V extends Verb> = Handler<ModalSubmitInteraction, V>;
export type Components = {
  buttons: HandlerTable<ButtonInteraction>;
  selects: HandlerTable<AnySelectMenuInteraction>;
  modals: HandlerTable<ModalSubmitInteraction>;
};

/** A private line as the first answer to an interaction. */
export async function tell(
  interaction: RepliableInteraction,
  content: string,
  { answers }: Pick<BotContext, 'answers'>,
): Promise<void> {
  await answers.replyPrivately(interaction, { content, components: [] });
}
