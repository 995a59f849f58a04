import { optionTypes } from '../../discord/numbers.ts';
import type { CommandOption } from '../../discord/rest/command-schema.ts';
import type { PageChannel, PageCommand, Sight } from '../protocol.ts';

/** A command, or one of its subcommands: what a member can choose after typing `/`. */
export interface Leaf {
  command: PageCommand;
  /** Subcommand group and subcommand by their names. */
  path: string[];
  /** `/settings limits`, in the member's language. */
  title: string;
  description: string;
  options: CommandOption[];
}

interface Described {
  name: string;
  name_localizations?: Record<string, string | null> | null | undefined;
  description?: string | null | undefined;
  description_localizations?: unknown;
}

export const nameIn = (locale: string, { name, name_localizations: names }: Described): string => names?.[locale] ?? name;

export function descriptionIn(locale: string, { description, description_localizations: all }: Described): string {
  const named = typeof all === 'object' && all !== null ? Object.entries(all).find(([key]) => key === locale)?.[1] : undefined;
  return typeof named === 'string' ? named : (description ?? '');
}

interface Level extends Described {
  type?: number | null | undefined;
  options?: readonly Level[] | null | undefined;
}

/** Everything that a member can type after `/` in a channel. */
export function slashCommands(sight: Sight, channel: PageChannel, locale: string): Leaf[] {
  const offered = sight.commands.filter(each => each.type === 1 && channel.commandIds.includes(each.id));
  return offered
    .flatMap(command => leavesOf(command, command.body as Level, [], `/${nameIn(locale, command.body)}`, locale))
    .sort((a, b) => a.title.localeCompare(b.title));
}

function leavesOf(command: PageCommand, level: Level, path: string[], title: string, locale: string): Leaf[] {
  const options = level.options ?? [];
  const below = options.filter(each => each.type === optionTypes.subcommand || each.type === optionTypes.subcommandGroup);
  if (below.length > 0)
    return below.flatMap(each => leavesOf(command, each, [...path, each.name], `${title} ${nameIn(locale, each)}`, locale));
  // Below a subcommand there is nothing but options that take a value.
  return [{ command, path, title, description: descriptionIn(locale, level), options: options as CommandOption[] }];
}

/** Commands of a message's or a user's menu. */
export function menuCommands(sight: Sight, channel: PageChannel, type: 2 | 3): PageCommand[] {
  return sight.commands.filter(each => each.type === type && channel.commandIds.includes(each.id));
}
