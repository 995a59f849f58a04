import type { Core } from './core.ts';
import type { WorldChange } from './events.ts';
import type { Gateway } from './gateway.ts';
import { intentBits } from './gateway-numbers.ts';
import { messagePayload } from './message-payload.ts';
import { channelPayload, guildCreatePayload, guildPayload } from './payloads.ts';

/** Tells connected bots what happens: changes of guilds and channels, and messages where the intent was asked for. */
export function connectWorld(core: Core, gateway: Gateway): void {
  const { events, messages } = core;
  events.on('world-changed', ({ change }) => tellChange(core, gateway, change));

  const intentOf = (guildId: string | null) => (guildId === null ? intentBits.directMessages : intentBits.guildMessages);
  const tellMessage = (name: string, id: string, guildId: string | null) => {
    const message = messages.alive(id);
    if (!message || message.ephemeralFor !== null) return;
    const guild = guildId === null ? {} : { guild_id: guildId };
    gateway.dispatch(name, { ...messagePayload(message, core), ...guild }, { guildId, intent: intentOf(guildId) });
  };
  events.on('message-created', ({ message }) => tellMessage('MESSAGE_CREATE', message.id, message.guildId));
  events.on('message-edited', ({ message }) => tellMessage('MESSAGE_UPDATE', message.id, message.guildId));
  events.on('message-deleted', ({ message }) => {
    if (message.ephemeralFor !== null) return;
    const guild = message.guildId === null ? {} : { guild_id: message.guildId };
    const payload = { id: message.id, channel_id: message.channelId, ...guild };
    gateway.dispatch('MESSAGE_DELETE', payload, { guildId: message.guildId, intent: intentOf(message.guildId) });
  });
}

function tellChange(core: Core, gateway: Gateway, change: WorldChange): void {
  const event = eventOf(core, change);
  if (event) gateway.dispatch(event.name, event.payload, { guildId: event.guildId, intent: intentBits.guilds });
}

function eventOf({ world }: Core, change: WorldChange): { name: string; payload: unknown; guildId: string } | null {
  switch (change.kind) {
    case 'guild-added':
      return { name: 'GUILD_CREATE', payload: guildCreatePayload(world.guild(change.guildId), world), guildId: change.guildId };
    case 'guild-changed':
      return { name: 'GUILD_UPDATE', payload: guildPayload(world.guild(change.guildId)), guildId: change.guildId };
    case 'guild-removed':
      return { name: 'GUILD_DELETE', payload: { id: change.guildId }, guildId: change.guildId };
    case 'channel-added':
    case 'channel-changed': {
      const name = change.kind === 'channel-added' ? 'CHANNEL_CREATE' : 'CHANNEL_UPDATE';
      return { name, payload: channelPayload(world.channel(change.channelId), world), guildId: change.guildId };
    }
    case 'channel-removed': {
      const payload = { id: change.channelId, type: 0, guild_id: change.guildId };
      return { name: 'CHANNEL_DELETE', payload, guildId: change.guildId };
    }
    case 'user-added':
    case 'user-changed':
      return null;
  }
}
