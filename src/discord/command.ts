import type {
  ButtonInteraction,
  ChatInputCommandInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RepliableInteraction,
} from 'discord.js';
import type { Clock } from '../core/clock.ts';
import type { InputProblem, RenderRequest } from '../core/render.ts';
import type { RenderService } from '../core/service.ts';
import type { VideoFiles } from './announcer/video-files.ts';
import type { Answers } from './answers.ts';
import type { ButtonId } from './custom-id.ts';
import type { Log } from './log.ts';
import type { Texts } from './texts/texts.ts';

/** What handlers work with. */
export type BotContext = {
  service: RenderService;
  answers: Answers;
  texts: Texts;
  clock: Clock;
  videoFiles: VideoFiles;
  /** What is certainly wrong with the inputs by what Discord states of them; pure, for the deferral waits for it. */
  checkInputs(request: RenderRequest): InputProblem | undefined;
  log: Log;
};

/** A slash command: its declaration as Discord's JSON, and what happens when it is used. */
export type Command = {
  data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  handle(interaction: ChatInputCommandInteraction, context: BotContext): Promise<void>;
};

/** What happens when a button is pressed. */
export type ButtonHandler = (interaction: ButtonInteraction, id: ButtonId, context: BotContext) => Promise<void>;

/** A private line as the first answer to an interaction. */
export async function tell(
  interaction: RepliableInteraction,
  content: string,
  { answers }: Pick<BotContext, 'answers'>,
): Promise<void> {
  await answers.replyPrivately(interaction, { content, components: [] });
}
