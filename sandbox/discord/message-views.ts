import type { Core } from './core.ts';
import type { MessageVersion, SandboxMessage } from './message-types.ts';

/** The messages as tests and the page look at them. */
export function createMessageViews({ messages, world, cdn }: Core) {
  return {
    /** A message that stands (undefined when it was deleted or never was). */
    get: (id: string): SandboxMessage | undefined => {
      const message = messages.alive(id);
      return message && messages.view(message);
    },
    /** Every state of a message with its time, the deletion last. */
    history: (id: string): MessageVersion[] => messages.versions(id),
    /** A channel's messages, oldest first; `as`: only what this member sees. */
    inChannel: (channelId: string, options: { as?: string } = {}): SandboxMessage[] =>
      messages
        .inChannel(channelId)
        .filter(each => options.as === undefined || messages.maySee(each, options.as))
        .map(messages.view),
    /** Whether a member sees a message. */
    visibleTo: (message: SandboxMessage, memberId: string): boolean => messages.maySee(message, memberId),
    /** The direct messages between the bot and a member. */
    direct: (memberId: string): SandboxMessage[] => messages.inChannel(world.directChannel(memberId).id).map(messages.view),
    /** An attachment's content. */
    bytes: (attachmentId: string): Uint8Array | undefined => cdn.get(attachmentId)?.bytes,
  };
}
