import type { InteractionHandle, SandboxMessage } from '../../sandbox/discord/index.ts';
import { allComponents } from '../../sandbox/discord/rest/message-schema.ts';

/** A message as a member sees it. */
export type Sight = {
  lines: string[];
  /** Labels. */
  buttons: string[];
  /** Only the one who asked sees it. */
  private: boolean;
  /** Names of the files. */
  files: string[];
};

export function sightOf(message: SandboxMessage): Sight {
  return {
    lines: message.content.split('\n'),
    buttons: allComponents(message.components).flatMap(each => (typeof each.label === 'string' ? each.label : [])),
    private: message.ephemeralFor !== null,
    files: message.attachments.map(each => each.filename),
  };
}

/** The custom id of a message's button, by the beginning of its label. */
export function buttonOf(message: SandboxMessage, label: string): string {
  const found = allComponents(message.components).find(each => typeof each.label === 'string' && each.label.includes(label));
  if (typeof found?.custom_id !== 'string') throw new Error(`no button ${label} but ${sightOf(message).buttons.join(', ')}`);
  return found.custom_id;
}

/** The message that ends an interaction: refused at once, ended in its own message, or in a private one in its place. */
export function endOf(handle: InteractionHandle): SandboxMessage | undefined {
  const original = handle.original();
  if (original === undefined) return handle.followUps()[0];
  if (original.loading || original.content.startsWith('Cancelled: the video will not be posted.')) return undefined;
  return sightOf(original).buttons.some(label => label.startsWith('Cancel')) ? undefined : original;
}
