import { attachmentPayload } from './attachments.ts';
import type { Cdn } from './cdn.ts';
import type { Interactions } from './interactions.ts';
import type { StoredMessage } from './message-types.ts';
import type { Messages } from './messages.ts';
import { interactionTypes } from './numbers.ts';
import { userPayload } from './payloads.ts';
import type { World } from './world.ts';

export interface MessagePayloadDeps {
  world: World;
  cdn: Cdn;
  messages: Messages;
  interactions: Interactions;
}

/** A message as the API speaks of it (resources/message#message-object). */
export function messagePayload(message: StoredMessage, deps: MessagePayloadDeps): Record<string, unknown> {
  const { world, cdn } = deps;
  const attachments = message.files.map(file => attachmentPayload(file, cdn));
  const interaction = message.interactionId === null ? undefined : deps.interactions.get(message.interactionId);
  const referenced = message.reference && deps.messages.alive(message.reference.messageId);
  return {
    id: message.id,
    channel_id: message.channelId,
    type: interaction?.kind === 'command' ? 20 : message.reference ? 19 : 0,
    author: userPayload(world.user(message.authorId)),
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === null ? null : new Date(message.editedAt).toISOString(),
    tts: false,
    mention_everyone: message.mentions.everyone,
    mentions: message.mentions.userIds.flatMap(id => {
      const user = world.users.get(id);
      return user ? [userPayload(user)] : [];
    }),
    mention_roles: message.mentions.roleIds,
    attachments,
    embeds: resolveMedia(message.embeds, attachments),
    components: resolveMedia(message.components, attachments),
    pinned: false,
    flags: message.flags,
    application_id: world.bot.id,
    ...(interaction ? { webhook_id: world.bot.id, interaction_metadata: interactionMetadata(interaction, world) } : {}),
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.reference
      ? {
          message_reference: {
            type: 0,
            message_id: message.reference.messageId,
            channel_id: message.reference.channelId,
            ...(message.guildId === null ? {} : { guild_id: message.guildId }),
          },
          referenced_message: referenced ? messagePayload({ ...referenced, reference: null }, deps) : null,
        }
      : {}),
  };
}

function interactionMetadata(interaction: NonNullable<ReturnType<Interactions['get']>>, world: World) {
  const type = {
    command: interactionTypes.command,
    component: interactionTypes.component,
    autocomplete: interactionTypes.autocomplete,
    modal: interactionTypes.modalSubmit,
  }[interaction.kind];
  return {
    id: interaction.id,
    type,
    user: userPayload(world.user(interaction.memberId)),
    authorizing_integration_owners: { 0: interaction.guildId ?? '0' },
    ...(interaction.sourceMessageId === null ? {} : { interacted_message_id: interaction.sourceMessageId }),
  };
}

/** Puts an attachment's own link in the place of `attachment://name`, as answers and events have it. */
function resolveMedia(tree: unknown, attachments: ReturnType<typeof attachmentPayload>[]): unknown {
  const text = JSON.stringify(tree);
  const resolved = text.replace(/"attachment:\/\/([^"]+)"/g, (whole, name: string) => {
    const found = attachments.find(each => each.filename === name);
    return found ? JSON.stringify(found.url) : whole;
  });
  return JSON.parse(resolved);
}
