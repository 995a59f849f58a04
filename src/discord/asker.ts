import type {
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
} from 'discord.js';
import type { Asker } from '../core/guards/guard.ts';
import { missingPermissions } from './permissions.ts';

/** The interactions by which a render can be asked for. */
export type Asking =
  | ChatInputCommandInteraction
  | ButtonInteraction
  | ModalSubmitInteraction
  | MessageContextMenuCommandInteraction;

/** Who asks, and where, by the payload and the guilds' cache. A private answer needs no right of the bot in the channel. */
export function askerOf(interaction: Asking, isPrivate: boolean): Asker {
  const { channel, channelId } = interaction;
  const thread = channel?.isThread() ? channel : undefined;
  // Discord's own rules for age-restricted channels hold for their threads.
  const place = thread?.parent ?? channel;
  return {
    roleIds: roleIdsOf(interaction),
    channelIds: [channelId, thread?.parentId].filter(id => typeof id === 'string'),
    ageRestricted: place !== null && 'nsfw' in place && place.nsfw,
    missingPermissions: isPrivate ? [] : missingPermissions(interaction.appPermissions.bitfield, thread !== undefined),
  };
}

function roleIdsOf({ member }: Asking): string[] {
  if (member === null) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}
