/** What the page and the sandbox say to each other. Types alone, so that the browser's modules can share them. */
import type { Acknowledgement, RecordedRequest, SandboxMessage } from '../discord/index.ts';
import type { CommandBody } from '../discord/rest/command-schema.ts';

/** A message, with what led to it. Links to attachments are paths on the page's own origin. */
export interface PageMessage extends SandboxMessage {
  interaction: { kind: 'command' | 'component' | 'autocomplete' | 'modal'; name: string; memberId: string } | null;
}

export interface PageUser {
  id: string;
  displayName: string;
  bot: boolean;
  /** Discord's code of the language that the user chose. */
  locale: string;
}

export interface PageChannel {
  id: string;
  name: string;
  ageRestricted: boolean;
  /** Not everyone in the guild sees it. */
  restricted: boolean;
  /** Ids of the commands that the member may use here. */
  commandIds: string[];
  mayWrite: boolean;
  /** May delete what others wrote. */
  moderates: boolean;
}

export interface PageGuild {
  id: string;
  name: string;
  roles: { id: string; name: string }[];
  members: { userId: string; roleNames: string[] }[];
  channels: PageChannel[];
}

export interface PageCommand {
  id: string;
  /** 1 slash, 2 of a user's menu, 3 of a message's menu. */
  type: number;
  body: CommandBody;
}

/** Everything that one member sees, and the world around it. */
export interface Sight {
  memberId: string;
  users: PageUser[];
  guilds: PageGuild[];
  /** The member's direct messages with the bot. */
  directMessages: PageChannel;
  commands: PageCommand[];
  messages: PageMessage[];
}

/** One render, as the provider's books have it. */
export interface ProviderRequest {
  id: string;
  state: string;
  receivedAt: number;
  endedAt: number | null;
  /** 0-1, of one that is rendered now. */
  progress: number | null;
  costUsd: number | null;
}

export type BotState = 'starting' | 'connected' | 'stopped' | 'unknown';

/** What stands behind the chat: the provider, what was ordered to go wrong, the clock, the bot. */
export interface Backstage {
  bot: BotState;
  /** Milliseconds by which the stand-in's clock is ahead of the machine's. */
  clockAheadMs: number;
  requests: ProviderRequest[];
  billedUsd: number;
  /** What is ordered and still to come, in words. */
  pending: string[];
}

export type SwitchField = { name: string; label: string; initial: string } & (
  | { kind: 'text'; suggestions: string[] }
  | { kind: 'choice'; options: string[] }
);

/** Something that can be ordered to go wrong, as the page offers it. */
export interface OfferedSwitch {
  id: string;
  group: SwitchGroup;
  label: string;
  hint: string;
  fields: SwitchField[];
}

export type SwitchGroup = 'The next render' | 'Calls to the provider' | 'Discord' | 'Time' | 'The bot';

/** What the sandbox tells the page, each as one event of the stream. */
export type PageEvent =
  | { kind: 'sight'; sight: Sight }
  | { kind: 'switches'; switches: OfferedSwitch[] }
  | { kind: 'backstage'; backstage: Backstage }
  | { kind: 'message'; message: PageMessage }
  | { kind: 'message-gone'; id: string }
  | { kind: 'requests'; requests: RecordedRequest[] };

/** What became of an action or an order. */
export type PageAnswer =
  | { ok: true; interactionId?: string; acknowledgement?: Acknowledgement }
  /** Why a member's own client would not let them, or what is wrong with the request. */
  | { ok: false; problem: string };
