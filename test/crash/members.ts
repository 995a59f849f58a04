import { type Discord, MemberActionError, type SandboxMessage } from '../../sandbox/discord/index.ts';
import { buttonOf, sightOf } from '../e2e/sight.ts';
import type { Played } from './play.ts';

const hasButton = (message: SandboxMessage, label: string) => sightOf(message).buttons.some(each => each.startsWith(label));

/** Watches a message for its member, who does something each time it changes; a press may come too late, or meet no bot. */
function onEachState(discord: Discord, played: Played, act: (message: SandboxMessage) => void | Promise<void>): () => void {
  return discord.events.on('message-edited', ({ message }) => {
    if (message.id !== played.originalId) return;
    // Outside of the event: what a member does is an event of its own.
    setImmediate(async () => {
      try {
        await act(message);
      } catch (error) {
        if (!(error instanceof MemberActionError)) throw error;
      }
    });
  });
}

/** Presses Cancel at the first chance, and again as long as the message offers it; where it is charged, it is meant all the same. */
export function cancelWhenPossible(discord: Discord, played: Played): () => void {
  const { memberId } = played;
  const press = (message: SandboxMessage, label: string) => {
    const handle = discord.members.press({ messageId: message.id, customId: buttonOf(message, label), memberId });
    played.presses.push(handle);
    return handle;
  };
  return onEachState(discord, played, async message => {
    if (!hasButton(message, 'Cancel')) return;
    const asked = press(message, 'Cancel');
    await asked.acknowledged;
    const question = asked.original();
    if (question !== undefined && hasButton(question, 'Cancel anyway')) press(question, 'Cancel anyway');
  });
}

/** Deletes the message while its render is in progress, as a moderator may. */
export function removeInProgress(discord: Discord, played: Played): () => void {
  return onEachState(discord, played, message => {
    if (played.removed || !hasButton(message, 'Cancel')) return;
    discord.members.remove({ messageId: message.id, memberId: discord.places.otto.id });
    played.removed = true;
  });
}
