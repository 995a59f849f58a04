import type { Core } from './core.ts';
import type { Interaction } from './interactions.ts';
import { messagePayload } from './message-payload.ts';
import { defaultDirectMessageLimitBytes, interactionTypes } from './numbers.ts';
import { appPermissionsText, channelPayload, guildPayload, memberPayload, userPayload } from './payloads.ts';
import { directMessagePermissions, permissionsIn } from './permissions.ts';

const kinds = {
  command: interactionTypes.command,
  component: interactionTypes.component,
  autocomplete: interactionTypes.autocomplete,
  modal: interactionTypes.modalSubmit,
} as const;

/** The INTERACTION_CREATE event (interactions/receiving-and-responding#interaction-object). */
export function interactionPayload(core: Core, interaction: Interaction, data: Record<string, unknown>) {
  const { world } = core;
  const channel = world.channel(interaction.channelId);
  const user = world.user(interaction.memberId);
  const guild = interaction.guildId === null ? undefined : world.guild(interaction.guildId);
  const member = guild?.members.get(user.id);
  const source = interaction.sourceMessageId === null ? undefined : core.messages.alive(interaction.sourceMessageId);
  const permissions = guild ? permissionsIn(guild, channel, user.id) : directMessagePermissions;
  return {
    id: interaction.id,
    application_id: world.bot.id,
    type: kinds[interaction.kind],
    token: interaction.token,
    version: 1,
    data,
    channel_id: channel.id,
    channel: { ...channelPayload(channel, world), permissions: permissions.toString() },
    ...(guild && member
      ? {
          guild_id: guild.id,
          guild: { id: guild.id, locale: guild.locale, features: guildPayload(guild).features },
          guild_locale: guild.locale,
          member: { ...memberPayload(member), user: userPayload(user), permissions: permissions.toString() },
        }
      : { user: userPayload(user) }),
    ...(source ? { message: messagePayload(source, core) } : {}),
    app_permissions: appPermissionsText(channel, world),
    locale: user.locale,
    entitlements: [],
    authorizing_integration_owners: { 0: guild?.id ?? '0' },
    context: guild ? 0 : 1,
    attachment_size_limit: guild?.attachmentSizeLimitBytes ?? defaultDirectMessageLimitBytes,
  };
}
