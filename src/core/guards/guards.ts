import type { Guard, StandingFacts, StandingGuard } from './guard.ts';

/** A guard that does not look at who asks, and where. */
type PlainGuard = StandingGuard<Omit<StandingFacts, 'asker'>>;

const guildIsOpen: PlainGuard = ({ served, policy }) => {
  if (!served) return { kind: 'guild-not-served' };
  return policy.enabled ? undefined : { kind: 'disabled' };
};

const isNotSuspended: PlainGuard = ({ suspension }) => suspension && { kind: 'suspended', ...suspension };

/** A denied role goes before an allowed one. */
const hasRightRole: StandingGuard = ({ policy: { allowedRoles, deniedRoles }, asker }) => {
  if (asker.roleIds.some(id => deniedRoles.includes(id))) return { kind: 'role', allowed: [] };
  const mayPass = allowedRoles.length === 0 || asker.roleIds.some(id => allowedRoles.includes(id));
  return mayPass ? undefined : { kind: 'role', allowed: allowedRoles };
};

/** What is said of a channel holds for its threads too. */
const isInRightChannel: StandingGuard = ({ policy: { allowedChannels, deniedChannels, ageRestrictedOnly }, asker }) => {
  if (asker.channelIds.some(id => deniedChannels.includes(id))) return { kind: 'channel', allowed: allowedChannels };
  const mayPass = allowedChannels.length === 0 || asker.channelIds.some(id => allowedChannels.includes(id));
  if (!mayPass) return { kind: 'channel', allowed: allowedChannels };
  return ageRestrictedOnly && !asker.ageRestricted ? { kind: 'age-restricted' } : undefined;
};

const botMayPost: Guard = ({ asker: { missingPermissions: missing } }) =>
  missing.length === 0 ? undefined : { kind: 'permissions', missing };

const hasConsented: Guard = facts => (facts.hasConsented ? undefined : { kind: 'consent' });

const inputsAreSound: Guard = ({ problem }) => problem && { kind: 'input', problem };

export const PLAIN_GUARDS: readonly PlainGuard[] = [guildIsOpen, isNotSuspended];

/** Asked once more right before a render is ordered: they look at what moderators may have decided while it waited. */
export const STANDING_GUARDS: readonly StandingGuard[] = [...PLAIN_GUARDS, hasRightRole, isInRightChannel];

/** In this order; limits and money follow under the ledger's lock (limits.ts). */
export const GUARDS: readonly Guard[] = [...STANDING_GUARDS, botMayPost, hasConsented, inputsAreSound];
