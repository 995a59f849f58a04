import type { Context } from '../context.ts';
import { failed } from '../outcomes.ts';
import type { InputProblem, Outcome, Render } from '../render.ts';
import type { StandingRefusal } from './guard.ts';

/**
 * How a render ends that was let through, and that moderators would not let through any more: suspended, a denied role or channel, a
 * blocked portrait, switched off. Undefined: it may be ordered. Asked right before it is, so nothing was paid.
 */
export async function heldBack(
  render: Render,
  { gate, files, moderation }: Pick<Context, 'gate' | 'files' | 'moderation'>,
): Promise<Outcome | undefined> {
  const { guildId, prepared } = render;
  const hash = prepared?.portraitHash;
  const [objection, isBlocked] = await Promise.all([
    gate.objection(render),
    hash !== undefined && moderation.blocksPortrait(guildId, hash),
  ]);
  if (objection !== undefined) {
    const reason = objection.kind === 'suspended' ? 'suspended' : 'policy';
    return failed(reason, 'no', { problem: problemOf(objection) });
  }
  if (!isBlocked) return undefined;
  if (prepared !== null) await files.remove(prepared.portraitKey);
  return PORTRAIT_BLOCKED;
}

export const PORTRAIT_BLOCKED: Outcome = failed('policy', 'no', { problem: { code: 'portrait-blocked', facts: {} } });

const CODES = {
  'guild-not-served': 'now-not-served',
  disabled: 'now-disabled',
  suspended: 'now-suspended',
  role: 'now-role',
  channel: 'now-channel',
  'age-restricted': 'now-age-restricted',
} as const satisfies Record<StandingRefusal['kind'], string>;

/** A refusal as it is kept with a render's outcome. */
export function problemOf(refusal: StandingRefusal): InputProblem {
  const code = CODES[refusal.kind];
  switch (refusal.kind) {
    case 'suspended': {
      const { untilMs, why } = refusal;
      return { code, facts: { ...(untilMs !== null && { untilMs }), ...(why !== null && { why }) } };
    }
    case 'role':
    case 'channel':
      return { code, facts: { allowed: refusal.allowed.join(' ') } };
    default:
      return { code, facts: {} };
  }
}

/** The refusal that such a problem stands for; undefined: it is another problem. */
export function refusalIn({ code, facts }: InputProblem): StandingRefusal | undefined {
  const allowed = typeof facts.allowed === 'string' ? facts.allowed.split(' ').filter(id => id !== '') : [];
  switch (code) {
    case CODES.suspended: {
      const { untilMs, why } = facts;
      return {
        kind: 'suspended',
        untilMs: typeof untilMs === 'number' ? untilMs : null,
        why: typeof why === 'string' ? why : null,
      };
    }
    case CODES.role:
      return { kind: 'role', allowed };
    case CODES.channel:
      return { kind: 'channel', allowed };
    case CODES.disabled:
      return { kind: 'disabled' };
    case CODES['guild-not-served']:
      return { kind: 'guild-not-served' };
    case CODES['age-restricted']:
      return { kind: 'age-restricted' };
    default:
      return undefined;
  }
}
