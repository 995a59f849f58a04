import { z } from 'zod';
import { REASONS } from '../reasons.ts';
import type { Render } from '../render.ts';

/** What a moderator has to look at: a render that a safety filter declined, or a video that members reported. */
export const CASE_KINDS = ['blocked', 'report'] as const;
export const CASE_STATES = ['open', 'dismissed', 'warned', 'suspended', 'removed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** How a reported video's message looks. `gone`: it can't be changed any more, by anybody. */
export const VIDEO_STATES = ['shown', 'hidden', 'removed', 'gone'] as const;
export type VideoState = (typeof VIDEO_STATES)[number];

export const caseSchema = z.object({
  id: z.string(),
  guildId: z.string(),
  kind: z.enum(CASE_KINDS),
  renderId: z.string(),
  /** whose render it is */
  memberId: z.string(),
  channelId: z.string(),
  /** null: a private render, or its message is gone */
  messageId: z.string().nullable(),
  /** only `blocked` */
  reason: z.enum(REASONS).nullable(),
  /** the provider's own text, raw: cleaned where it is shown */
  detail: z.string().nullable(),
  portraitHash: z.string().nullable(),
  /** the kept file; null where nothing but the hash may be kept */
  portraitKey: z.string().nullable(),
  openedAtMs: z.number(),
  state: z.enum(CASE_STATES),
  decision: z.object({ by: z.string(), atMs: z.number(), untilMs: z.number().nullable() }).nullable(),
  /** the portrait as it was blocked through this case */
  pictureId: z.string().nullable(),
  reports: z.number(),
  /** reports that a moderator had before them when they dismissed the case */
  reportsSeen: z.number(),
  /** past the guild's limit of reports: out of sight until a moderator decides */
  hidden: z.boolean(),
  /** counts every change; a button names the one that it was shown with */
  revision: z.number(),
  card: z.object({ channelId: z.string(), messageId: z.string() }).nullable(),
  /** as the message of the video looks now */
  video: z.enum(VIDEO_STATES),
  /** when Discord has to be brought in line with the case; null: it is */
  dueAtMs: z.number().nullable(),
  /** failed tries to do so, in a row */
  attempts: z.number(),
});
export type ModerationCase = z.infer<typeof caseSchema>;
export type CaseOpening = Pick<
  ModerationCase,
  'guildId' | 'kind' | 'renderId' | 'memberId' | 'channelId' | 'messageId' | 'reason' | 'detail' | 'portraitHash' | 'portraitKey'
>;

/** Who acts, and when. */
export type Hand = { by: string; atMs: number };

const HOUR_MS = 3_600_000;

/** What a moderator can decide about an open case. `forMs`: of a suspension; null: until it is lifted. */
export const DECISIONS = {
  dismiss: { to: 'dismissed', kinds: ['blocked', 'report'] },
  warn: { to: 'warned', kinds: ['blocked', 'report'] },
  remove: { to: 'removed', kinds: ['report'] },
  'suspend-hour': { to: 'suspended', kinds: ['blocked', 'report'], forMs: HOUR_MS },
  'suspend-day': { to: 'suspended', kinds: ['blocked', 'report'], forMs: 24 * HOUR_MS },
  'suspend-week': { to: 'suspended', kinds: ['blocked', 'report'], forMs: 7 * 24 * HOUR_MS },
  'suspend-open': { to: 'suspended', kinds: ['blocked', 'report'], forMs: null },
} as const satisfies Record<string, { to: CaseState; kinds: readonly (typeof CASE_KINDS)[number][]; forMs?: number | null }>;
export type DecisionName = keyof typeof DECISIONS;
export const DECISION_NAMES = Object.keys(DECISIONS).filter((name): name is DecisionName => Object.hasOwn(DECISIONS, name));

export function isFor(name: DecisionName, kind: ModerationCase['kind']): boolean {
  return DECISIONS[name].kinds.some(each => each === kind);
}

export function opened(opening: CaseOpening, id: string, nowMs: number): ModerationCase {
  return {
    ...opening,
    ...{ id, openedAtMs: nowMs, state: 'open', decision: null, pictureId: null, reports: 0, reportsSeen: 0, hidden: false },
    ...{ revision: 1, card: null, video: 'shown', dueAtMs: nowMs, attempts: 0 },
  };
}

function changed(before: ModerationCase, change: Partial<ModerationCase>, nowMs: number): ModerationCase {
  return { ...before, ...change, revision: before.revision + 1, dueAtMs: nowMs, attempts: 0 };
}

/** The case as a decision leaves it; undefined: it is not open, or the decision is not for its kind. */
export function decided(before: ModerationCase, name: DecisionName, { by, atMs }: Hand): ModerationCase | undefined {
  if (before.state !== 'open' || !isFor(name, before.kind)) return undefined;
  const decision = DECISIONS[name];
  const untilMs = 'forMs' in decision && decision.forMs !== null ? atMs + decision.forMs : null;
  return changed(before, { state: decision.to, decision: { by, atMs, untilMs } }, atMs);
}

/** Open again, as it was before the decision; undefined: nothing is decided, or something else than the moderator saw. */
export function undone(before: ModerationCase, revision: number, nowMs: number): ModerationCase | undefined {
  if (before.state === 'open' || before.revision !== revision) return undefined;
  return changed(before, { state: 'open', decision: null }, nowMs);
}

/** One more report. One that comes after a dismissal opens the case again; the count that hides begins anew with it. */
export function reported(before: ModerationCase, hideAfter: number, nowMs: number): ModerationCase {
  const reports = before.reports + 1;
  const reopened = before.state === 'dismissed';
  // Not when it is dismissed: that can be undone, and then they count again.
  const reportsSeen = reopened ? before.reports : before.reportsSeen;
  const hides = hideAfter > 0 && reports - reportsSeen >= hideAfter;
  const hidden = hides || (before.hidden && !reopened);
  return changed(before, { reports, reportsSeen, hidden, ...(reopened && { state: 'open', decision: null }) }, nowMs);
}

export function withPicture(before: ModerationCase, pictureId: string | null, nowMs: number): ModerationCase {
  return changed(before, { pictureId }, nowMs);
}

/** How a reported video has to look as the case stands. */
export function videoWanted({ kind, state, hidden }: Pick<ModerationCase, 'kind' | 'state' | 'hidden'>): VideoState {
  if (kind === 'blocked' || state === 'dismissed') return 'shown';
  if (state !== 'open') return 'removed';
  return hidden ? 'hidden' : 'shown';
}

/** The portraits of these are deleted at once; the hash alone is kept. */
export function keepsOnlyHash(reason: ModerationCase['reason']): boolean {
  return reason === 'blocked-minor' || reason === 'blocked-sexual';
}

/** The case that a declined render opens; undefined where nothing was declined. */
export function openingOf(render: Render): CaseOpening | undefined {
  const { outcome } = render;
  if (outcome?.kind !== 'failed' || !outcome.reason.startsWith('blocked-')) return undefined;
  return { ...baseOf(render), kind: 'blocked', reason: outcome.reason, detail: outcome.detail };
}

export function reportOpeningOf(render: Render): CaseOpening {
  return { ...baseOf(render), kind: 'report', reason: null, detail: null };
}

function baseOf(render: Render) {
  const { guildId, memberId, prepared, outcome } = render;
  const reason = outcome?.kind === 'failed' ? outcome.reason : null;
  const messageId = render.private ? null : (render.finalMessageId ?? render.messageId);
  return {
    ...{ guildId, memberId, renderId: render.id, messageId, channelId: render.finalChannelId ?? render.channelId },
    portraitHash: prepared?.portraitHash ?? null,
    portraitKey: keepsOnlyHash(reason) ? null : (prepared?.portraitKey ?? null),
  };
}
