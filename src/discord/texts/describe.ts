import { en } from './languages/en.ts';
import { localizations, lookUp } from './texts.ts';

/** Paths below `command` that lead to a name with a description, or (choices, menu commands) to a name alone. */
type Paths<T, P extends string, Has> = {
  [K in keyof T & string]:
    | (T[K] extends Has ? `${P}${K}` : never)
    | (T[K] extends string ? never : Paths<T[K], `${P}${K}.`, Has>);
}[keyof T & string];
export type Described = Paths<typeof en.command, '', { name: string; description: string }>;
export type Named = Paths<typeof en.command, '', { name: string }>;

/** Name and description of a command, a subcommand or an option, in every language: `hallo.option.image`. */
export function describe(path: Described) {
  return {
    ...nameOf(path),
    description: english(`command.${path}.description`),
    description_localizations: localizations(`command.${path}.description`),
  };
}

/** The name alone, in every language: of a choice, or of a command in a menu. */
export function nameOf(path: Named) {
  return { name: english(`command.${path}.name`), name_localizations: localizations(`command.${path}.name`) };
}

function english(key: string): string {
  const text = lookUp(en, key);
  if (text === undefined) throw new Error(`en.ts has no text ${key}`);
  return text;
}
