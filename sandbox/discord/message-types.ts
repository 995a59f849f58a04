import type { SandboxAttachment } from './attachments.ts';
import type { StoredFile } from './cdn.ts';
import type { Mentions } from './mentions.ts';
import type { UploadedFile } from './rest/body.ts';
import type { AnyComponent, Embed, MessageBody } from './rest/message-schema.ts';

/** A message as tests and the page see it: a snapshot that later changes don't touch. */
export interface SandboxMessage {
  id: string;
  channelId: string;
  guildId: string | null;
  authorId: string;
  content: string;
  embeds: Embed[];
  components: AnyComponent[];
  attachments: SandboxAttachment[];
  flags: number;
  /** The one member who sees it; null: everyone in the channel. */
  ephemeralFor: string | null;
  /** A deferral that waits for its first edit ("thinking…"). */
  loading: boolean;
  createdAt: number;
  editedAt: number | null;
  deletedAt: number | null;
  interactionId: string | null;
  reference: { messageId: string; channelId: string } | null;
  nonce: string | number | null;
  /** Users who got a notice: those mentioned when it was created. An edit never adds to it. */
  pings: string[];
  mentions: Mentions;
}

export interface StoredMessage extends Omit<SandboxMessage, 'attachments'> {
  files: StoredFile[];
}

/** One state of a message and when it began. */
export interface MessageVersion {
  at: number;
  message: SandboxMessage;
}

export interface NewMessage {
  channelId: string;
  authorId: string;
  body: MessageBody;
  uploads: readonly UploadedFile[];
  ephemeralFor?: string | null;
  interactionId?: string | null;
  loading?: boolean;
}
