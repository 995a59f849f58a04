import type { AllowedMentions } from './rest/message-schema.ts';

export interface Mentions {
  userIds: string[];
  roleIds: string[];
  everyone: boolean;
}

const unique = (ids: string[]) => [...new Set(ids)];

/**
 * Whom a text mentions, as far as `allowed_mentions` lets it: left out, everyone named in it; `parse` by kind;
 * `users` and `roles` by id (resources/message#allowed-mentions-object).
 */
export function mentionsIn(text: string, allowed: AllowedMentions | null | undefined): Mentions {
  const users = unique([...text.matchAll(/<@!?(\d+)>/g)].map(match => match[1] ?? ''));
  const roles = unique([...text.matchAll(/<@&(\d+)>/g)].map(match => match[1] ?? ''));
  const everyone = /@(everyone|here)\b/.test(text);
  if (!allowed) return { userIds: users, roleIds: roles, everyone };
  const parses = (kind: 'users' | 'roles' | 'everyone') => allowed.parse?.includes(kind) === true;
  return {
    userIds: users.filter(id => parses('users') || allowed.users?.includes(id)),
    roleIds: roles.filter(id => parses('roles') || allowed.roles?.includes(id)),
    everyone: everyone && parses('everyone'),
  };
}
