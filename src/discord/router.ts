import {
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  type Interaction,
  type MessageContextMenuCommandInteraction,
  type RepliableInteraction,
  type UserContextMenuCommandInteraction,
} from 'discord.js';
import {
  type AnyCommand,
  type BotContext,
  type Command,
  type Components,
  type HandlerTable,
  type MenuCommand,
  tell,
} from './command.ts';
import { type CustomId, parseCustomId, type Verb } from './custom-id.ts';
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

export type RouterDeps = { commands: readonly AnyCommand[]; components: Components; context: BotContext };

export function createRouter({ commands, components, context }: RouterDeps): Router {
  const slash = new Map(commands.filter(isSlash).map(command => [command.data.name, command]));
  const menus = new Map(commands.filter(isMenu).map(command => [`${command.data.type} ${command.data.name}`, command]));
  const running = new Set<Promise<void>>();
  let stopped = false;

  async function useCommand(interaction: AnyCommandInteraction): Promise<void> {
    const { commandName: name, commandType: type } = interaction;
    if (interaction.isChatInputCommand()) {
      const command = slash.get(name);
      if (command !== undefined) return command.handle(interaction, context);
    } else {
      const command = menus.get(`${type} ${name}`);
      if (command !== undefined) return command.handle(interaction, context);
    }
    // Registered by an older version: the next registration takes it away.
    return tell(interaction, context.texts.say(interaction.locale, 'unexpected'), context);
  }

  /** By the verb of its custom id. False: of another's making, or of an older version. */
  async function byVerb<I extends { customId: string }>(table: HandlerTable<I>, interaction: I): Promise<boolean> {
    const id = parseCustomId(interaction.customId);
    return id === undefined ? false : run(table, id, interaction, context);
  }

  async function dispatch(interaction: Interaction): Promise<void> {
    if (!interaction.isRepliable() || interaction.isPrimaryEntryPointCommand()) return;
    try {
      if (stopped) await tell(interaction, context.texts.say(interaction.locale, 'refusal.draining'), context);
      else if (interaction.isCommand()) await useCommand(interaction);
      else if (interaction.isModalSubmit()) {
        // What was filled in must not vanish without a word.
        if (!(await byVerb(components.modals, interaction))) {
          await tell(interaction, context.texts.say(interaction.locale, 'unexpected'), context);
        }
      } else {
        const known = await (interaction.isButton()
          ? byVerb(components.buttons, interaction)
          : byVerb(components.selects, interaction));
        // Taken without a word, so that it does not seem to fail.
        if (!known) await context.answers.deferUpdate(interaction);
      }
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

type AnyCommandInteraction =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | UserContextMenuCommandInteraction;

async function run<I, V extends Verb>(table: HandlerTable<I>, id: CustomId<V>, interaction: I, context: BotContext) {
  const handler = table[id.verb];
  if (handler === undefined) return false;
  await handler(interaction, id.args, context);
  return true;
}

function isMenu(command: AnyCommand): command is MenuCommand {
  return command.data.type === ApplicationCommandType.Message || command.data.type === ApplicationCommandType.User;
}

function isSlash(command: AnyCommand): command is Command {
  return !isMenu(command);
}
