import { commandPayload } from '../commands.ts';
import type { Core } from '../core.ts';
import { channelPayload, guildPayload, memberPayload, rolesPayload, userPayload } from '../payloads.ts';
import { type Answer, noContent, ok, refusals } from './answers.ts';
import { checkCommand, checkCommands } from './command-schema.ts';
import { type Route, route } from './router.ts';

/** The application, its commands, users and guilds. */
export function applicationRoutes(core: Core, gatewayUrl: () => string): Route[] {
  const { world } = core;
  const sessions = { total: 1_000, remaining: 1_000, reset_after: 0, max_concurrency: 16 };
  return [
    route('GET', '/gateway', () => ok({ url: gatewayUrl() }), { auth: false }),
    route('GET', '/gateway/bot', () => ok({ url: gatewayUrl(), shards: 1, session_start_limit: sessions })),
    route('GET', '/applications/@me', () => ok(applicationPayload(core))),
    route('GET', '/oauth2/applications/@me', () => ok(applicationPayload(core))),
    route('GET', '/users/@me', () => ok(userPayload(world.bot))),
    route('GET', '/users/@me/guilds', () => ok([...world.guilds.values()].map(guildPayload))),
    route('GET', '/users/:userId', ({ userId }) => {
      const user = world.users.get(userId);
      return user ? ok(userPayload(user)) : refusals.unknownUser;
    }),
    route('GET', '/guilds/:guildId', ({ guildId }) => withGuild(core, guildId, guild => ok(guildPayload(guild)))),
    route('GET', '/guilds/:guildId/roles', ({ guildId }) => withGuild(core, guildId, guild => ok(rolesPayload(guild)))),
    route('GET', '/guilds/:guildId/channels', ({ guildId }) =>
      withGuild(core, guildId, guild => ok(guild.channelIds.map(id => channelPayload(world.channel(id), world)))),
    ),
    route('GET', '/guilds/:guildId/members/:userId', ({ guildId, userId }) =>
      withGuild(core, guildId, guild => {
        const member = guild.members.get(userId);
        return member ? ok({ ...memberPayload(member), user: userPayload(world.user(userId)) }) : refusals.unknownMember;
      }),
    ),
    ...commandRoutes(core),
  ];
}

function withGuild(core: Core, guildId: string, handle: (guild: ReturnType<Core['world']['guild']>) => Answer): Answer {
  const guild = core.world.guilds.get(guildId);
  return guild ? handle(guild) : refusals.unknownGuild;
}

function applicationPayload({ world }: Core) {
  return {
    id: world.bot.id,
    name: world.bot.displayName,
    icon: null,
    description: '',
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    team: null,
    tags: [],
    approximate_guild_count: world.guilds.size,
    integration_types_config: { 0: {} },
    bot: userPayload(world.bot),
  };
}

function commandRoutes(core: Core): Route[] {
  const base = '/applications/:applicationId/commands';
  const inGuild = '/applications/:applicationId/guilds/:guildId/commands';
  return [
    route('GET', base, params => listCommands(core, params.applicationId, null)),
    route('PUT', base, (params, request) => overwriteCommands(core, params.applicationId, null, request.json)),
    route('POST', base, (params, request) => putCommand(core, params.applicationId, null, request.json)),
    route('GET', `${base}/:commandId`, params => getCommand(core, params.applicationId, null, params.commandId)),
    route('DELETE', `${base}/:commandId`, params => removeCommand(core, params.applicationId, null, params.commandId)),
    route('GET', inGuild, params => listCommands(core, params.applicationId, params.guildId)),
    route('PUT', inGuild, (params, request) => overwriteCommands(core, params.applicationId, params.guildId, request.json)),
    route('POST', inGuild, (params, request) => putCommand(core, params.applicationId, params.guildId, request.json)),
    route('GET', `${inGuild}/:commandId`, params => getCommand(core, params.applicationId, params.guildId, params.commandId)),
    route('DELETE', `${inGuild}/:commandId`, params =>
      removeCommand(core, params.applicationId, params.guildId, params.commandId),
    ),
  ];
}

function scopeRefusal(core: Core, applicationId: string, guildId: string | null): Answer | null {
  if (applicationId !== core.world.bot.id) return refusals.notThisApplication;
  return guildId !== null && !core.world.guilds.has(guildId) ? refusals.missingAccess : null;
}

function listCommands(core: Core, applicationId: string, guildId: string | null): Answer {
  const refused = scopeRefusal(core, applicationId, guildId);
  return refused ?? ok(core.commands.list(guildId).map(each => commandPayload(each, applicationId)));
}

function getCommand(core: Core, applicationId: string, guildId: string | null, commandId: string): Answer {
  const refused = scopeRefusal(core, applicationId, guildId);
  const found = core.commands.list(guildId).find(each => each.id === commandId);
  return refused ?? (found ? ok(commandPayload(found, applicationId)) : refusals.unknownCommand);
}

function overwriteCommands(core: Core, applicationId: string, guildId: string | null, json: unknown): Answer {
  const refused = scopeRefusal(core, applicationId, guildId);
  if (refused) return refused;
  const bodies = checkCommands(json);
  if (!bodies.ok) return bodies.answer;
  const after = core.commands.overwrite(guildId, bodies.value);
  return after.ok ? ok(after.value.map(each => commandPayload(each, applicationId))) : after.answer;
}

function putCommand(core: Core, applicationId: string, guildId: string | null, json: unknown): Answer {
  const refused = scopeRefusal(core, applicationId, guildId);
  if (refused) return refused;
  const body = checkCommand(json);
  if (!body.ok) return body.answer;
  const added = core.commands.put(guildId, body.value);
  return added.ok ? { status: 201, json: commandPayload(added.value, applicationId) } : added.answer;
}

function removeCommand(core: Core, applicationId: string, guildId: string | null, commandId: string): Answer {
  const refused = scopeRefusal(core, applicationId, guildId);
  if (refused) return refused;
  return core.commands.remove(guildId, commandId) ? noContent : refusals.unknownCommand;
}
