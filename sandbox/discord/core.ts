import type { Cdn } from './cdn.ts';
import type { Clock } from './clock.ts';
import type { CommandStore } from './commands.ts';
import type { EventHub } from './events.ts';
import type { Interactions } from './interactions.ts';
import type { Messages } from './messages.ts';
import type { NextId } from './snowflake.ts';
import type { World } from './world.ts';

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
