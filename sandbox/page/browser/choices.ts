import { componentTypes as types } from '../../discord/numbers.ts';
import type { Choice, Component } from './components.ts';
import { guildOf, type Page } from './page.ts';

/** What a select menu offers: its own options, or the guild's members, roles and channels. */
export function choicesOf(it: Component, { sight }: Page, channelId: string): Choice[] {
  const guild = guildOf(sight, channelId);
  const users = (): Choice[] =>
    sight.users
      .filter(user => guild === undefined || guild.members.some(each => each.userId === user.id))
      .map(({ id, displayName, bot }) => ({ value: id, label: displayName, ...(bot ? { description: 'App' } : {}) }));
  const roles = (): Choice[] => guild?.roles.map(({ id, name }) => ({ value: id, label: name.replace(/^(?!@)/, '@') })) ?? [];
  switch (it.type) {
    case types.userSelect:
      return users();
    case types.roleSelect:
      return roles();
    case types.mentionableSelect:
      return [...users(), ...roles()];
    case types.channelSelect: {
      // The stand-in has text channels alone.
      const fits = it.channel_types === undefined || it.channel_types.length === 0 || it.channel_types.includes(0);
      return fits ? (guild?.channels.map(({ id, name }) => ({ value: id, label: `#${name}` })) ?? []) : [];
    }
    default:
      return it.options ?? [];
  }
}

/** What is chosen before anybody chooses. */
export function initialChoice(it: Component): string[] {
  const named = it.options?.filter(each => each.default).map(each => each.value);
  return named ?? it.default_values?.map(each => each.id) ?? [];
}
