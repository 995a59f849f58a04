import type { Guard } from './guard.ts';

const guildIsOpen: Guard = ({ served, policy }) => {
  if (!served) return { kind: 'guild-not-served' };
  return policy.enabled ? undefined : { kind: 'disabled' };
};

const isNotSuspended: Guard = ({ suspension }) => suspension && { kind: 'suspended', ...suspension };

/** A denied role goes before an allowed one. */
const hasRightRole: Guard = ({ policy: { allowedRoles, deniedRoles }, asker }) => {
  if (asker.roleIds.some(id => deniedRoles.includes(id))) return { kind: 'role', allowed: [] };
  const mayPass = allowedRoles.length === 0 || asker.roleIds.some(id => allowedRoles.includes(id));
  return mayPass ? undefined : { kind: 'role', allowed: allowedRoles };
};

/** What is said of a channel holds for its threads too. */
const isInRightChannel: Guard = ({ policy: { allowedChannels, deniedChannels, ageRestrictedOnly }, asker }) => {
  if (asker.channelIds.some(id => deniedChannels.includes(id))) return { kind: 'channel', allowed: allowedChannels };
  const mayPass = allowedChannels.length === 0 || asker.channelIds.some(id => allowedChannels.includes(id));
  if (!mayPass) return { kind: 'channel', allowed: allowedChannels };
  return ageRestrictedOnly && !asker.ageRestricted ? { kind: 'age-restricted' } : undefined;
};

const botMayPost: Guard = ({ asker: { missingPermissions: missing } }) =>
  missing.length === 0 ? undefined : { kind: 'permissions', missing };

const hasConsented: Guard = facts => (facts.hasConsented ? undefined : { kind: 'consent' });

const inputsAreSound: Guard = ({ problem }) => problem && { kind: 'input', problem };

/** In this order; limits and money follow under the ledger's lock (limits.ts). */
export const GUARDS: readonly Guard[] = [
  guildIsOpen,
  isNotSuspended,
  hasRightRole,
  isInRightChannel,
  botMayPost,
  hasConsented,
  inputsAreSound,
];
