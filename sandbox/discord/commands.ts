import type { Clock } from './clock.ts';
import type { EventHub } from './events.ts';
import { type Result, refusals, refused, value } from './rest/answers.ts';
import type { CommandBody } from './rest/command-schema.ts';
import type { NextId } from './snowflake.ts';

export interface RegisteredCommand {
  id: string;
  guildId: string | null;
  version: string;
  /** 1 slash, 2 user, 3 message. */
  type: number;
  body: CommandBody;
}

const createsPerDay = 200;
const dayMs = 24 * 60 * 60_000;

export type CommandStore = ReturnType<typeof createCommandStore>;

/** The application's commands: global ones and each guild's. */
export function createCommandStore(deps: { nextId: NextId; events: EventHub; clock: Clock }) {
  const { nextId, events, clock } = deps;
  const scopes = new Map<string | null, RegisteredCommand[]>();
  const creates = new Map<string | null, number[]>();

  const list = (guildId: string | null) => scopes.get(guildId) ?? [];
  const same = (a: { type: number; name: string }) => (each: RegisteredCommand) =>
    each.type === a.type && each.body.name === a.name;

  function announce(guildId: string | null): void {
    events.emit('commands-registered', { guildId, names: list(guildId).map(each => each.body.name) });
  }

  /** Takes the place of all commands of a scope. A command keeps its id as long as its name stays. */
  function overwrite(guildId: string | null, bodies: readonly CommandBody[]): Result<RegisteredCommand[]> {
    const before = list(guildId);
    const isNew = (body: CommandBody) => !before.some(same({ type: body.type ?? 1, name: body.name }));
    const today = (creates.get(guildId) ?? []).filter(at => at > clock.now() - dayMs);
    const added = bodies.filter(isNew).map(() => clock.now());
    if (today.length + added.length > createsPerDay) return refused(refusals.tooManyCommandCreates);
    creates.set(guildId, [...today, ...added]);
    const after = bodies.map((body): RegisteredCommand => {
      const type = body.type ?? 1;
      const existing = before.find(same({ type, name: body.name }));
      const unchanged = existing && JSON.stringify(existing.body) === JSON.stringify(body);
      return unchanged ? existing : { id: existing?.id ?? nextId(), guildId, version: nextId(), type, body };
    });
    scopes.set(guildId, after);
    announce(guildId);
    return value(after);
  }

  /** Adds one command, or takes the place of the one with its name. */
  function put(guildId: string | null, body: CommandBody): Result<RegisteredCommand> {
    const type = body.type ?? 1;
    const others = list(guildId).filter(each => !same({ type, name: body.name })(each));
    const all = overwrite(guildId, [...others.map(each => each.body), body]);
    if (!all.ok) return all;
    const added = all.value.find(same({ type, name: body.name }));
    return added ? value(added) : refused(refusals.unknownCommand);
  }

  function remove(guildId: string | null, id: string): boolean {
    const kept = list(guildId).filter(each => each.id !== id);
    const removed = kept.length < list(guildId).length;
    scopes.set(guildId, kept);
    if (removed) announce(guildId);
    return removed;
  }

  /** The command that a member means in a guild (null: a direct message): the guild's own first. */
  function find(guildId: string | null, name: string, type = 1): RegisteredCommand | undefined {
    const matches = same({ type, name });
    return (guildId === null ? undefined : list(guildId).find(matches)) ?? list(null).find(matches);
  }

  return { list, overwrite, put, remove, find };
}

/** A command as the API returns it. */
export function commandPayload(command: RegisteredCommand, applicationId: string) {
  const { body } = command;
  const scope =
    command.guildId === null
      ? {
          contexts: body.contexts ?? null,
          integration_types: body.integration_types ?? [0],
          dm_permission: body.dm_permission ?? true,
        }
      : { guild_id: command.guildId };
  return {
    ...body,
    id: command.id,
    application_id: applicationId,
    version: command.version,
    type: command.type,
    description: body.description ?? '',
    default_member_permissions: body.default_member_permissions ?? null,
    nsfw: body.nsfw ?? false,
    name_localizations: body.name_localizations ?? null,
    ...scope,
  };
}
