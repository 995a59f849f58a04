import { type RESTPostAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
import { z } from 'zod';
import type { Answer, Calls } from './rest.ts';

/** What became of the registration. */
export type Registration =
  | { kind: 'unchanged' }
  | { kind: 'overwritten'; count: number }
  | { kind: 'failed'; step: 'application' | 'read' | 'write'; answer: Answer['kind'] };

const registeredSchema = z.array(z.record(z.string(), z.unknown()));
const applicationSchema = z.object({ id: z.string() });

/** Registers the commands for all guilds, all at once, and only if they differ from what is registered. */
export async function registerCommands(
  calls: Calls,
  commands: readonly RESTPostAPIApplicationCommandsJSONBody[],
  applicationId?: string,
): Promise<Registration> {
  const id = applicationId ?? (await ownApplicationId(calls));
  if (typeof id !== 'string') return { kind: 'failed', step: 'application', answer: id.kind };
  const route = Routes.applicationCommands(id);
  const read = await calls.asBot({ method: 'GET', route, query: { with_localizations: 'true' } });
  if (read.kind !== 'ok') return { kind: 'failed', step: 'read', answer: read.kind };
  const registered = registeredSchema.safeParse(read.body);
  if (registered.success && sameCommands(registered.data, commands)) return { kind: 'unchanged' };
  const written = await calls.asBot({ method: 'PUT', route, body: commands });
  if (written.kind !== 'ok') return { kind: 'failed', step: 'write', answer: written.kind };
  return { kind: 'overwritten', count: commands.length };
}

async function ownApplicationId(calls: Calls): Promise<string | Answer> {
  const answer = await calls.asBot({ method: 'GET', route: Routes.currentApplication() });
  if (answer.kind !== 'ok') return answer;
  return applicationSchema.safeParse(answer.body).data?.id ?? { kind: 'refused', status: 200, code: null };
}

/** Whether two sets of declarations mean the same, whatever Discord adds to them and in whichever order they come. */
export function sameCommands(theirs: readonly unknown[], ours: readonly unknown[]): boolean {
  const canonical = (commands: readonly unknown[]) =>
    JSON.stringify(commands.map(command => JSON.stringify(normalised(command))).sort());
  return canonical(theirs) === canonical(ours);
}

/** What Discord adds to a declaration. */
const ADDED = new Set([
  'id',
  'application_id',
  'guild_id',
  'version',
  'default_permission',
  'dm_permission',
  'handler',
  'name_localized',
  'description_localized',
]);
/** Lists whose order means nothing. */
const SETS = new Set(['integration_types', 'contexts', 'file_types', 'channel_types']);

/** Without what was added, what says nothing (null, false, empty), and with keys in one order. */
function normalised(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => normalised(item));
    return SETS.has(key) ? items.map(item => JSON.stringify(item)).sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => !ADDED.has(name))
    .map(([name, item]): [string, unknown] => [name, normalised(item, name)])
    .filter(([, item]) => !saysNothing(item))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries);
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
