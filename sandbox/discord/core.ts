import { randomBytes } from 'node:crypto';
import { type Cdn, createCdn } from './cdn.ts';
import type { Clock } from './clock.ts';
import { type CommandStore, createCommandStore } from './commands.ts';
import { createEvents, type EventHub } from './events.ts';
import { createInteractions, type Interactions } from './interactions.ts';
import { createMessages, type Messages } from './messages.ts';
import { attachmentLinkLifetimeMs } from './numbers.ts';
import { createSnowflakes, type NextId } from './snowflake.ts';
import { createWorld, type World } from './world.ts';

/** What the REST routes, the gateway and the members' actions share. */
export interface Core {
  world: World;
  clock: Clock;
  nextId: NextId;
  events: EventHub;
  cdn: Cdn;
  messages: Messages;
  interactions: Interactions;
  commands: CommandStore;
  settings: CoreSettings;
}

export interface CoreSettings {
  /** Edits with the bot token of messages older than an hour, per channel and hour, before 30046. Discord doesn't say. */
  oldMessageEditsPerHour: number;
}

export interface CoreOptions {
  clock: Clock;
  /** Where attachments are served, without a slash at the end. */
  origin: () => string;
  oldMessageEditsPerHour?: number | undefined;
  linkLifetimeMs?: number | undefined;
}

/** The state of the stand-in, without its network. */
export function createCore(options: CoreOptions): Core {
  const { clock, origin } = options;
  const events = createEvents();
  const nextId = createSnowflakes(clock);
  const world = createWorld({ clock, nextId, events });
  const secret = randomBytes(32).toString('hex');
  const cdn = createCdn({ clock, origin, secret, linkLifetimeMs: options.linkLifetimeMs ?? attachmentLinkLifetimeMs });
  return {
    ...{ world, clock, nextId, events, cdn },
    messages: createMessages({ world, cdn, clock, nextId, events }),
    interactions: createInteractions({ clock, nextId, events }),
    commands: createCommandStore({ nextId, events, clock }),
    settings: { oldMessageEditsPerHour: options.oldMessageEditsPerHour ?? 10 },
  };
}
