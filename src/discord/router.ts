import type { ButtonInteraction, ChatInputCommandInteraction, Interaction, RepliableInteraction } from 'discord.js';
import { BUTTONS } from './buttons/index.ts';
import { type BotContext, type Command, tell } from './command.ts';
import { parseCustomId } from './custom-id.ts';
import { describeError } from './describe-error.ts';

/** Leads each interaction to its handler. */
export type Router = {
  /** Never rejects: what goes wrong is logged, and answered with a calm line. */
  handle(interaction: Interaction): Promise<void>;
  /** From now on everything is answered with "being restarted". */
  stop(): void;
  /** Resolves when every handler that was begun has ended. */
  idle(): Promise<void>;
};

export function createRouter({ commands, context }: { commands: readonly Command[]; context: BotContext }): Router {
  const byName = new Map(commands.map(command => [command.data.name, command]));
  const running = new Set<Promise<void>>();
  let stopped = false;

  async function useCommand(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = byName.get(interaction.commandName);
    // Registered by an older version: the next registration takes it away.
    if (command === undefined) return tell(interaction, context.texts.say(interaction.locale, 'unexpected'), context);
    return command.handle(interaction, context);
  }

  async function press(interaction: ButtonInteraction): Promise<void> {
    const id = parseCustomId(interaction.customId);
    // A button of another's making, or of an older version: taken without a word, so that it does not seem to fail.
    if (id === undefined) {
      await context.answers.deferUpdate(interaction);
      return;
    }
    return BUTTONS[id.verb](interaction, id, context);
  }

  async function dispatch(interaction: Interaction): Promise<void> {
    if (!interaction.isChatInputCommand() && !interaction.isButton()) return;
    try {
      if (stopped) await tell(interaction, context.texts.say(interaction.locale, 'refusal.draining'), context);
      else if (interaction.isButton()) await press(interaction);
      else await useCommand(interaction);
    } catch (error) {
      context.log('handler-failed', { ...describeError(error, [interaction.token]), interactionId: interaction.id });
      await apologise(interaction);
    }
  }

  /** As the first answer, or after one: which of them is open is not known here. */
  async function apologise(interaction: RepliableInteraction): Promise<void> {
    const view = { content: context.texts.say(interaction.locale, 'unexpected'), components: [] };
    const first = await context.answers.replyPrivately(interaction, view);
    if (first.kind === 'already-acknowledged') await context.answers.followUpPrivately(interaction, view);
  }

  return {
    async handle(interaction) {
      const work = dispatch(interaction).catch(error => context.log('router-failed', { ...describeError(error) }));
      running.add(work);
      await work;
      running.delete(work);
    },
    stop() {
      stopped = true;
    },
    async idle() {
      await Promise.all(running);
    },
  };
}
