import { en } from './en.ts';
import { localizations } from './texts.ts';

type Commands = typeof en.command;

/** Name and description of a command, in every language. */
export function describe<C extends keyof Commands>(command: C) {
  const { name, description } = en.command[command];
  return {
    name,
    description,
    name_localizations: localizations(`command.${command}.name`),
    description_localizations: localizations(`command.${command}.description`),
  };
}

/** Name and description of one of `/hallo`'s options, in every language. */
export function describeOption(command: 'hallo', option: keyof Commands['hallo']['option']) {
  const { name, description } = en.command[command].option[option];
  return {
    name,
    description,
    name_localizations: localizations(`command.${command}.option.${option}.name`),
    description_localizations: localizations(`command.${command}.option.${option}.description`),
  };
}
