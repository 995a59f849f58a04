import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Discord, InteractionHandle, SandboxAttachment, SandboxMessage } from '../discord/index.ts';
import { allComponents } from '../discord/rest/message-schema.ts';
import { throughModals } from './agree.ts';
import { messageText } from './transcript.ts';

export interface Wishes {
  portraitPath: string;
  voicePath: string;
  /** The command's other options by name, as far as they were given. */
  options: Record<string, number | boolean | undefined>;
  timeoutMs: number;
}

/** How the performed `/hallo` ended. */
export type Ending = { kind: 'video'; attachment: SandboxAttachment } | { kind: 'failed'; why: string };

/** Uses `/hallo` as the member ada in the default guild's general channel, and sees how it ends; `say` is told what ada agrees to. */
export async function performHallo(discord: Discord, wishes: Wishes, say: (line: string) => void): Promise<Ending> {
  const { guild, general, ada } = discord.places;
  const fileOf = async (path: string) => ({ file: { name: basename(path), bytes: await readFile(path) } });
  const first = await discord.members.command({
    guildId: guild.id,
    channelId: general.id,
    memberId: ada.id,
    name: 'hallo',
    options: { image: await fileOf(wishes.portraitPath), audio: await fileOf(wishes.voicePath), ...wishes.options },
  });
  const answered = await throughModals(discord, first, say);
  const acknowledgement = await answered.acknowledged;
  if (acknowledgement.kind === 'none') return { kind: 'failed', why: 'The bot did not answer the command within 3 seconds.' };
  const since = first.createdAt;
  return discord
    .waitFor(() => endingOf(discord, answered, acknowledgement.kind === 'message', since), { timeoutMs: wishes.timeoutMs })
    .catch((): Ending => {
      const last = answered.original();
      const state = last ? ` The message says:\n${messageText(last)}` : '';
      return { kind: 'failed', why: `No video within ${Math.round(wishes.timeoutMs / 1000)} s.${state}` };
    });
}

/** Undefined as long as the render is on its way. */
function endingOf(discord: Discord, handle: InteractionHandle, answeredAtOnce: boolean, since: number): Ending | undefined {
  const { general, ada } = discord.places;
  const messages = [...discord.messages.inChannel(general.id, { as: ada.id }), ...discord.messages.direct(ada.id)];
  const recent = messages.filter(each => each.authorId === discord.applicationId && each.createdAt >= since);
  const video = recent.flatMap(each => each.attachments).find(each => each.contentType.startsWith('video/'));
  if (video) return { kind: 'video', attachment: video };
  const failed = (message: SandboxMessage): Ending => ({ kind: 'failed', why: messageText(message) });
  const original = handle.original();
  if (original && (answeredAtOnce || isFinal(original))) return failed(original);
  const [followUp] = handle.followUps();
  return !original && followUp ? failed(followUp) : undefined;
}

/** A message that can be tried again or deleted, but not cancelled, says how a render ended. */
function isFinal(message: SandboxMessage): boolean {
  const verbs = allComponents(message.components).flatMap(each => (typeof each.custom_id === 'string' ? each.custom_id : []));
  const has = (verb: string) => verbs.some(each => each.includes(verb));
  return (has('again') || has('delete')) && !has('cancel');
}
