/** Where a render stands. */
export const PHASES = ['preparing', 'waiting', 'submitting', 'rendering', 'announcing', 'closed'] as const;

export type Phase = (typeof PHASES)[number];

/** The allowed transitions; every other one is a bug. An outcome is set on the way into `announcing` or `closed`. */
export const TRANSITIONS: Readonly<Record<Phase, readonly Phase[]>> = {
  // `closed` straight away: the deferral never reached Discord, so there is no message to announce in.
  preparing: ['waiting', 'announcing', 'closed'],
  waiting: ['submitting', 'announcing'],
  // back to `waiting`: the submit certainly was not taken, and is sent again later.
  submitting: ['waiting', 'rendering', 'announcing'],
  rendering: ['announcing'],
  announcing: ['closed'],
  closed: [],
};

export function isAllowed(from: Phase, to: Phase): boolean {
  return TRANSITIONS[from].includes(to);
}
