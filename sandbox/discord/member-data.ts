import { attachmentPayload, type GivenFile, storeGivenFile } from './attachments.ts';
import type { RegisteredCommand } from './commands.ts';
import type { Core } from './core.ts';
import type { Channel } from './entities.ts';
import { messagePayload } from './message-payload.ts';
import { componentTypes, optionTypes } from './numbers.ts';
import type { ChosenOptions } from './options.ts';
import { channelPayload, memberPayload, rolesPayload, userPayload } from './payloads.ts';
import { permissionsIn } from './permissions.ts';

export type Resolved = ReturnType<typeof createResolved>;

/** Collects what an interaction's data refers to by id (`resolved`). */
export function createResolved(core: Core, channel: Channel) {
  const { world } = core;
  const kinds: Record<string, Record<string, unknown>> = {};

  function add(kind: string, id: string, payload: unknown): void {
    kinds[kind] = { ...kinds[kind], [id]: payload };
  }

  const guild = channel.guildId === null ? undefined : world.guild(channel.guildId);

  function user(id: string): void {
    add('users', id, userPayload(world.user(id)));
    const member = guild?.members.get(id);
    if (!guild || !member) return;
    add('members', id, { ...memberPayload(member), permissions: permissionsIn(guild, channel, id).toString() });
  }

  function role(id: string): void {
    const found = guild && rolesPayload(guild).find(each => each.id === id);
    if (!found) throw new Error(`the guild has no role ${id}`);
    add('roles', id, found);
  }

  /** Channels come in part: id, name, type, permissions of the member, parent. */
  function channelOf(id: string): void {
    const found = world.channel(id);
    if (found.guildId !== channel.guildId) throw new Error(`the guild has no channel ${id}`);
    const { name, type, parent_id = null } = { name: found.name, ...channelPayload(found, world) };
    add('channels', id, { id, name, type, parent_id, permissions: '0' });
  }

  return {
    user,
    /** What a select menu of this type refers to by its values. */
    chosen: (type: number, ids: readonly string[]): void => {
      for (const id of ids) {
        if (type === componentTypes.userSelect) user(id);
        if (type === componentTypes.roleSelect) role(id);
        if (type === componentTypes.channelSelect) channelOf(id);
        if (type === componentTypes.mentionableSelect) world.users.has(id) ? user(id) : role(id);
      }
    },
    all: () => (Object.keys(kinds).length > 0 ? { resolved: kinds } : {}),
    /** Uploads a file; the id of its attachment. */
    upload: async (given: GivenFile): Promise<string> => {
      const file = await storeGivenFile(core.cdn, core.nextId, channel.id, given);
      add('attachments', file.id, attachmentPayload(file, core.cdn));
      return file.id;
    },
    message: (id: string): void => {
      const message = core.messages.alive(id);
      if (message) add('messages', id, messagePayload(message, core));
    },
  };
}

/** The data of a slash command (interactions/receiving-and-responding#interaction-object-application-command-data-structure). */
export async function slashData(registered: RegisteredCommand, chosen: ChosenOptions, resolved: Resolved) {
  const leaves = await Promise.all(
    chosen.given.map(async ({ option, value }) => ({
      name: option.name,
      type: option.type,
      value: typeof value === 'object' ? await resolved.upload(value.file) : value,
    })),
  );
  for (const { type, value } of leaves) {
    if (type === optionTypes.user || type === optionTypes.mentionable) resolved.user(String(value));
  }
  return {
    id: registered.id,
    name: registered.body.name,
    type: 1,
    ...(registered.guildId === null ? {} : { guild_id: registered.guildId }),
    options: chosen.path.reduceRight<unknown[]>((below, { name, type }) => [{ name, type, options: below }], leaves),
    ...resolved.all(),
  };
}
