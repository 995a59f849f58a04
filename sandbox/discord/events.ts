import type { Acknowledgement } from './interactions.ts';
import type { SandboxMessage } from './message-types.ts';
import type { RecordedRequest } from './record.ts';

/** Everything that happens in the stand-in, for tests, the transcript and the page. */
export interface SandboxEvents {
  'message-created': { message: SandboxMessage };
  'message-edited': { message: SandboxMessage };
  'message-deleted': { message: SandboxMessage };
  /** A member did something that the bot has to answer. `name`: the command's name, or the component's or modal's custom id. */
  'interaction-created': {
    interactionId: string;
    kind: InteractionKind;
    name: string;
    memberId: string;
    channelId: string;
    messageId: string | null;
  };
  /** The bot's first answer, or that none came in time (kind `none`). */
  'interaction-answered': { interactionId: string; acknowledgement: Acknowledgement };
  'commands-registered': { guildId: string | null; names: string[] };
  'gateway-ready': { sessionId: string; shard: readonly [number, number] };
  'gateway-resumed': { sessionId: string; replayed: number };
  'gateway-closed': { sessionId: string | null; code: number };
  'world-changed': { change: WorldChange };
  request: RecordedRequest;
}

export type InteractionKind = 'command' | 'component' | 'autocomplete' | 'modal';

export type WorldChange =
  | { kind: 'guild-added' | 'guild-removed' | 'guild-changed'; guildId: string }
  | { kind: 'channel-added' | 'channel-changed' | 'channel-removed'; guildId: string; channelId: string }
  | { kind: 'user-added' | 'user-changed'; userId: string };

export type EventName = keyof SandboxEvents;
type Listener<Name extends EventName> = (event: SandboxEvents[Name]) => void;
type AnyListener = (name: EventName, event: SandboxEvents[EventName]) => void;

export type EventHub = ReturnType<typeof createEvents>;

/** A typed hub of events. Listeners are called in order, within the call that caused the event. */
export function createEvents() {
  const listeners = new Set<AnyListener>();

  function onAny(listener: AnyListener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void {
    // The hub calls each listener with the event of its own name alone, so the narrower type holds.
    return onAny((each, event) => each === name && listener(event as SandboxEvents[Name]));
  }

  function emit<Name extends EventName>(name: Name, event: SandboxEvents[Name]): void {
    for (const listener of [...listeners]) listener(name, event);
  }

  /**
   * Resolves with the probe's first value that is neither undefined, null nor false. The probe is asked at once and then
   * after every event, never by a timer. Rejects after `timeoutMs` (5 s).
   */
  function waitFor<Value>(
    probe: () => Value | undefined | null | false,
    options: { timeoutMs?: number; what?: string } = {},
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      const timeoutMs = options.timeoutMs ?? 5_000;
      const timer = setTimeout(() => {
        off();
        reject(new Error(`${options.what ?? 'what was waited for'} did not happen within ${timeoutMs} ms`));
      }, timeoutMs);
      const ask = () => {
        try {
          const value = probe();
          if (value === undefined || value === null || value === false) return;
          resolve(value);
        } catch (error) {
          reject(error);
        }
        clearTimeout(timer);
        off();
      };
      const off = onAny(ask);
      ask();
    });
  }

  /** Resolves with the next event of a name (that passes the filter). */
  function next<Name extends EventName>(
    name: Name,
    filter: (event: SandboxEvents[Name]) => boolean = () => true,
    options: { timeoutMs?: number } = {},
  ): Promise<SandboxEvents[Name]> {
    let seen: SandboxEvents[Name] | undefined;
    const off = on(name, event => {
      if (seen === undefined && filter(event)) seen = event;
    });
    return waitFor(() => seen, { ...options, what: `the event ${name}` }).finally(off);
  }

  return { on, onAny, emit, waitFor, next };
}
