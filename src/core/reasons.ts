/** Why a render failed or was refused: the one closed list, used by the ledger, the texts, the metrics and the commands. */
export const REASONS = [
  // the provider's safety filters
  'blocked-person',
  'blocked-minor',
  'blocked-sexual',
  'blocked-violence',
  'blocked-hate',
  'blocked-audio',
  'blocked-other',
  // what the member gave
  'image',
  'face',
  'audio',
  'input',
  // the provider, and the way to it
  'credits',
  'key',
  'busy',
  'provider',
  'timeout',
  'expired',
  'submit-unknown',
  // the community's and the operator's rules
  'limit',
  'policy',
  'suspended',
  'consent',
  'permission',
] as const;

export type Reason = (typeof REASONS)[number];

export type BlockedReason = Extract<Reason, `blocked-${string}`>;

/** Blocked by a safety filter: such a text is never shown raw in public. */
export function isBlocked(reason: Reason): reason is BlockedReason {
  return reason.startsWith('blocked-');
}
