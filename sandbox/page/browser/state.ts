import type { RecordedRequest } from '../../discord/index.ts';
import type { Modal } from '../../discord/rest/component-schema.ts';
import type { Backstage, OfferedSwitch, PageChannel, PageEvent, PageMessage, Sight } from '../protocol.ts';

/** A dialogue with which the bot answered. */
export interface OpenModal {
  interactionId: string;
  modal: Modal;
}

/** Something that only this browser says, below a channel's messages. */
export interface Note {
  id: number;
  channelId: string;
  text: string;
}

export interface State {
  /** Whose eyes the page looks through; null before the first sight. */
  sight: Sight | null;
  messages: ReadonlyMap<string, PageMessage>;
  channelId: string | null;
  switches: readonly OfferedSwitch[];
  backstage: Backstage | null;
  requests: readonly RecordedRequest[];
  connected: boolean;
  modal: OpenModal | null;
  notes: readonly Note[];
  /** Messages whose component the bot did not answer. */
  unanswered: ReadonlySet<string>;
}

export type Change =
  | { kind: 'event'; event: PageEvent }
  | { kind: 'connected'; up: boolean }
  | { kind: 'channel'; channelId: string }
  | { kind: 'modal'; modal: OpenModal | null }
  | { kind: 'note'; channelId: string; text: string }
  | { kind: 'note-dismissed'; id: number }
  | { kind: 'unanswered'; messageId: string; yes: boolean };

export const initialState: State = {
  ...{ sight: null, messages: new Map(), channelId: null, switches: [], backstage: null, requests: [] },
  ...{ connected: false, modal: null, notes: [], unanswered: new Set() },
};

const requestsKept = 200;

export function reduce(state: State, change: Change): State {
  switch (change.kind) {
    case 'event':
      return afterEvent(state, change.event);
    case 'connected':
      return { ...state, connected: change.up };
    case 'channel':
      return { ...state, channelId: change.channelId };
    case 'modal':
      return { ...state, modal: change.modal };
    case 'note': {
      const id = (state.notes.at(-1)?.id ?? 0) + 1;
      return { ...state, notes: [...state.notes, { id, channelId: change.channelId, text: change.text }] };
    }
    case 'note-dismissed':
      return { ...state, notes: state.notes.filter(each => each.id !== change.id) };
    case 'unanswered': {
      const unanswered = new Set(state.unanswered);
      if (change.yes) unanswered.add(change.messageId);
      else unanswered.delete(change.messageId);
      return { ...state, unanswered };
    }
  }
}

function afterEvent(state: State, event: PageEvent): State {
  switch (event.kind) {
    case 'sight': {
      const { sight } = event;
      const other = state.sight?.memberId !== sight.memberId;
      return {
        ...state,
        ...(other ? { modal: null, notes: [] } : {}),
        sight,
        messages: new Map(sight.messages.map(each => [each.id, each])),
        channelId: channelOf(sight, state.channelId)?.id ?? sight.guilds[0]?.channels[0]?.id ?? null,
      };
    }
    case 'message':
      return { ...state, messages: new Map(state.messages).set(event.message.id, event.message) };
    case 'message-gone': {
      const messages = new Map(state.messages);
      messages.delete(event.id);
      return { ...state, messages };
    }
    case 'backstage':
      return { ...state, backstage: event.backstage };
    case 'switches':
      // The first event of a stream: what the last one told is told again.
      return { ...state, switches: event.switches, requests: [] };
    case 'requests':
      return { ...state, requests: [...state.requests, ...event.requests].slice(-requestsKept) };
  }
}

/** A channel that the member sees, by its id. */
export function channelOf(sight: Sight, channelId: string | null): PageChannel | undefined {
  return [...sight.guilds.flatMap(guild => guild.channels), sight.directMessages].find(each => each.id === channelId);
}

/** A channel's messages, oldest first. */
export function messagesIn(state: State, channelId: string): PageMessage[] {
  return [...state.messages.values()]
    .filter(each => each.channelId === channelId)
    .sort((a, b) => a.createdAt - b.createdAt || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}
