/** What the core needs from outside. Adapters are made by factory functions and handed in by main.ts. */
import type { Admission, Refusal, Usage } from './limits.ts';
import type { Phase } from './phases.ts';
import type { Policy } from './policy.ts';
import type { Progress } from './progress.ts';
import type { Reason } from './reasons.ts';
import type { InputProblem, Job, Outcome, Prepared, Render, RenderRequest, Rung } from './render.ts';
import type { Weights } from './weights.ts';

/** What may be written to a render beside its phase. What was asked for, and who it is, never changes. */
export type RenderChange = Partial<Omit<Render, keyof RenderRequest | 'id' | 'phase' | 'phaseAtMs' | 'admittedAtMs'>>;

/**
 * The durable record of all renders. Every method is one transaction. A write names the phase that it expects; undefined
 * as an answer means that the render has moved on (or the lease is another's), and the caller stops.
 */
export type Ledger = {
  /** Checks every limit and creates the render in `preparing`, under the guild's lock, reserving its place and money. */
  admit(request: RenderRequest, admission: Admission): Promise<{ ok: true; render: Render } | { ok: false; refusal: Refusal }>;
  get(id: string): Promise<Render | undefined>;
  /** What admission would count for a member now. */
  usageOf(guildId: string, memberId: string): Promise<Usage>;
  /**
   * Moves the render on, by the table of transitions, and books what its outcome means for limits and money. Where a wish to cancel
   * stands, the outcome becomes `cancelled`, whatever the caller knew.
   */
  advance(id: string, from: Phase, to: Phase, change: RenderChange): Promise<Render | undefined>;
  /** Writes within a phase. */
  update(id: string, phase: Phase, change: RenderChange): Promise<Render | undefined>;
  /** Remembers the wish to cancel; the answer is the render as it then stands. Undefined: unknown. */
  requestCancel(id: string): Promise<Render | undefined>;
  /** Takes the next render whose turn it is from `waiting` to `submitting`: guilds in turn, none over its limit. */
  claimNext(ceilings: { maxAtOnce: number }): Promise<Claim>;
  /** How many renders of its guild come before this waiting one, plus one. */
  placeInLine(render: Render): Promise<number>;
  /** Takes over unfinished renders whose lease has run out; on start: all of a single process. */
  takeOver(limit: number): Promise<Render[]>;
  /** The render, if this process may go on with it. `abandoned`: it was another's, which is gone. Undefined: another's, or unknown. */
  takeUp(id: string): Promise<{ render: Render; abandoned: boolean } | undefined>;
  /** Whether the render is certainly still this process's: asked right before what can't be undone. Answers by what is known here. */
  holds(id: string): boolean;
  renewLeases(): Promise<void>;
  /** How often leases have to be renewed and abandoned renders looked for, and how many to take over at a time. */
  readonly rhythm: { renewEveryMs: number; takeOverEveryMs: number; takeOverBatch: number };
  /** A member's renders of a guild, newest first. */
  recent(guildId: string, memberId: string, limit: number): Promise<Render[]>;
  /** Renders in each phase, and money booked and reserved. */
  totals(): Promise<LedgerTotals>;
  /** How many of the guild's renders may be at the provider at once from now on, those that wait already included. */
  allow(guildId: string, atOnce: number): Promise<void>;
  /** What the guild's renders that were admitted since a day (UTC) have cost, with the members who had most of it, costliest first. */
  costsOf(guildId: string, sinceDayMs: number, mostMembers: number): Promise<GuildCosts>;
  /** What each guild's renders that were admitted since a day (UTC) have cost, costliest first. */
  costsOfAll(sinceDayMs: number, mostGuilds: number): Promise<{ guildId: string; bookedUsd: number }[]>;
  /** How the renders that closed since then have ended, by the hour (UTC) in which they closed. */
  endings(sinceMs: number): Promise<EndedHour[]>;
  /** The renders that closed as failed since then, newest first. */
  lastFailures(sinceMs: number, limit: number): Promise<Render[]>;
  /** The renders of a guild that were admitted until then and that nothing was paid for yet (preparing and waiting): the ids. */
  unpaidOf(guildId: string, admittedUntilMs: number): Promise<string[]>;
  /** The guilds that have renders. */
  guilds(): Promise<string[]>;
  /** Deletes the renders of a guild; the keys of their files. Undefined: one of them is still under way, so nothing was deleted. */
  forgetGuild(guildId: string): Promise<string[] | undefined>;
  /**
   * Lets a member's closed renders of a guild be swept a day after their admission, when no limit counts them any more, by a sweep that
   * keeps records for `keepRecordsMs`; those of `except` stay as they are. The keys of their files.
   */
  forgetMember(guildId: string, memberId: string, order: { keepRecordsMs: number; except: readonly string[] }): Promise<string[]>;
  /** Deletes renders that closed before that time; how many. */
  sweep(closedBeforeMs: number): Promise<number>;
  close(): Promise<void>;
};

/**
 * A claimed render, if there was one. `nextAtMs`: from when a further claim may find one (now: try again); undefined: not before
 * something happens.
 */
export type Claim = { render: Render | undefined; nextAtMs: number | undefined };

export type LedgerTotals = {
  phases: Record<Phase, number>;
  bookedTodayUsd: number;
  bookedMonthUsd: number;
};

/** So many renders closed with that outcome in the hour that began then. */
export type EndedHour = { hourMs: number; outcome: Outcome['kind']; count: number };

/** Money in US$, with what is reserved for renders under way. */
export type GuildCosts = {
  bookedUsd: number;
  /** those that cost something, or may */
  renders: number;
  members: readonly { memberId: string; bookedUsd: number; renders: number }[];
};

/** What a process is told of, by itself, by its timers or by other processes. */
export type Wakes = {
  /** It is time for a render. */
  wake(renderId: string): void;
  /** Something waits for its turn, or a place came free. */
  look(): void;
  /** A render that this process holds was changed by another. */
  changed(renderId: string): void;
  /** Renders were left that nobody holds. */
  abandoned(): void;
};

/** Wakes renders at a time. Durable or rebuilt from the ledger on start; a later call for the same render replaces the earlier. */
export type Wakeups = {
  start(wakes: Wakes): Promise<void>;
  wakeAt(renderId: string, atMs: number): Promise<void>;
  /** Something waits for its turn, or a place came free: look for claims. */
  kick(): Promise<void>;
  /** Does `work` about so often, in one process of all that use the store. */
  repeat(name: string, everyMs: number, work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

/** Short messages to the other processes of the same store; where there are none, nobody hears them. Nothing may depend on one. */
export type Signals = {
  tell(topic: string, text: string): void;
  on(topic: string, listener: (text: string) => void): void;
};

/** Small values by name, for what is learned and settled on the way. JSON only. */
export type Settings = {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs?: number): Promise<void>;
  delete(key: string): Promise<void>;
};

/** In place of a stored value that is no JSON. */
export const UNREADABLE = Symbol('unreadable');

/** Settings that several hands may change at once. */
export type SharedSettings = Settings & {
  /**
   * Makes a new value of the one that stands, as one operation over all processes of the store: where somebody writes meanwhile, it is
   * made anew of what they wrote, so `to` is called once or several times. Undefined stands for none, before and after. The new
   * value does not expire. The answer is that of the `to` that counted.
   */
  change<T>(key: string, to: (before: unknown) => { value: unknown; answer: T }): Promise<T>;
};

/** Settings as a store keeps them. */
export type StoredSettings = SharedSettings & {
  /** Deletes what has expired; how many. */
  sweep(): Promise<number>;
};

/** Bytes by key, each with its expiry. Keys are made by us, never from foreign text. */
export type Files = {
  /** Takes the file at each `path` over (moves or copies it) under its key; durable when the promise is kept. */
  put(files: readonly { key: string; path: string }[], expiresAtMs: number): Promise<{ sizeBytes: number }[]>;
  /** A local path from which the file can be read, as long as it is kept. */
  path(key: string): Promise<string | undefined>;
  /** The later expiry counts. */
  extend(key: string, expiresAtMs: number): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Deletes what has expired; how many. */
  sweep(): Promise<number>;
};

/** Money and times as the provider states them; null where it does not. */
export type Metrics = { costUsd: number | null; remainingCredits: number | null; renderMs: number | null };

/** The answer to a submit, told apart by the one question that matters: was it taken, and so will be paid? */
export type SubmitAnswer =
  | { kind: 'accepted'; requestId: string; statusUrl: string; responseUrl: string }
  /** certainly not taken: may be sent again, not before retryAtMs */
  | { kind: 'not-taken'; retryAtMs: number | null; detail: string }
  | { kind: 'refused'; reason: 'credits' | 'key' | 'input' | 'provider'; detail: string }
  /** may have been taken: never sent again */
  | { kind: 'unknown'; detail: string };

/** What is common to the answers about a job that tell nothing about its end. */
export type NoNews =
  /** 404: counts only when it stands */
  | { kind: 'missing' }
  /** 401, 402, 429: asking is pointless for now, 403: for this job at least; the job goes on */
  | { kind: 'denied'; reason: 'credits' | 'key' | 'busy' | 'forbidden'; retryAtMs: number | null }
  /** server or network trouble, or an answer that cannot be read */
  | { kind: 'trouble'; detail: string };

export type StatusAnswer =
  | { kind: 'working'; state: string }
  | { kind: 'completed' }
  | { kind: 'failed'; detail: string; metrics: Metrics }
  | NoNews;

export type ResultAnswer =
  | { kind: 'completed'; videoUrl: string; metrics: Metrics }
  | { kind: 'failed'; detail: string; metrics: Metrics }
  | { kind: 'working'; state: string }
  | NoNews;

export type CallAnswer<T> =
  | { ok: true; value: T }
  | { ok: false; reason: 'credits' | 'key' | 'busy' | 'provider'; again: boolean; retryAtMs: number | null; detail: string };

/** Who renders. No method throws but for an abort. */
export type Provider = {
  upload(file: { path: string; contentType: string }, signal: AbortSignal): Promise<CallAnswer<string>>;
  submit(input: { portraitUrl: string; voiceUrl: string; weights: Weights }, signal: AbortSignal): Promise<SubmitAnswer>;
  status(job: Job, signal: AbortSignal): Promise<StatusAnswer>;
  result(job: Job, signal: AbortSignal): Promise<ResultAnswer>;
  credits(signal: AbortSignal): Promise<CallAnswer<number>>;
};

/** An input that was downloaded, checked, normalised and kept. `url` is set where the original may be passed on as it is. */
export type PreparedInput = {
  fileKey: string;
  contentType: string;
  url: string | null;
  /** a portrait's perceptual hash, by which it is known again */
  hash?: string | undefined;
};

/** What is wrong with what was given, and the reason that stands for it. */
export type Problem = { reason: Reason; problem: InputProblem };

/** Attachments in, videos out: downloads, checks, normalises and keeps files. */
export type Media = {
  prepare(
    render: Render,
    policy: Pick<Policy, 'longestVoiceSeconds' | 'keepInputsHours' | 'faceCheck'>,
    signal: AbortSignal,
  ): Promise<
    | {
        ok: true;
        portrait: PreparedInput;
        voice: PreparedInput & { seconds: number };
        notes: InputProblem[];
        /** a hash over the guild, the member, both inputs, the weights and the provider */
        madeOf?: string;
      }
    | ({ ok: false } & Problem)
  >;
  /** Fetches the finished video, makes sure that it is one, and keeps it under a key. */
  keepVideo(
    render: Render,
    videoUrl: string,
    policy: Pick<Policy, 'keepVideosDays'>,
    signal: AbortSignal,
  ): Promise<
    | { ok: true; videoKey: string; videoBytes: number; keptUntilMs: number }
    /** `link`: the video is there as far as anybody knows, so the member may be given its URL instead */
    | { ok: false; again: boolean; link: boolean; detail: string }
  >;
};

/** How a delivery went. `again`: Discord is out of reach, try the ladder again at that time. */
export type Delivered =
  | { kind: 'delivered'; rung: Rung; channelId: string | null; messageId: string | null }
  | { kind: 'again'; atMs: number };

/** Shows a render's state in its Discord message. No method throws. */
export type Announcer = {
  /** Best effort: paced, coalesced, skipped where nothing changed. */
  progress(render: Render, progress: Progress): Promise<void>;
  /** Says where a private result will be, shortly before the interaction token ends. */
  farewell(render: Render): Promise<void>;
  /** Brings the outcome to the member, down the ladder. */
  outcome(render: Render): Promise<Delivered>;
  /** A short mention that the render has ended. */
  ping(render: Render): Promise<void>;
  /** Whether the message with the render's outcome certainly is where it was posted. */
  stands(render: Render): Promise<boolean>;
  /** After a crash: did the deferral reach Discord? `again`: not known now. */
  findDeferral(
    render: Render,
  ): Promise<{ kind: 'stands'; messageId: string } | { kind: 'never' } | { kind: 'again'; atMs: number }>;
};

/** Until when a member may not use the bot in a guild (null: until it is lifted), and why, in a moderator's words. */
export type Suspension = { untilMs: number | null; why: string | null };
export type Suspensions = {
  /** The suspension that holds now. */
  of(guildId: string, memberId: string): Promise<Suspension | undefined>;
};

/** What moderators decided, as far as the life of a render depends on it. */
export type Moderation = {
  /** Whether a portrait with this perceptual hash may not be used in the guild. */
  blocksPortrait(guildId: string, hash: string): Promise<boolean>;
  /** A render has come to its end: one that a safety filter declined is brought before the moderators. To repeat it is harmless. */
  ended(render: Render): Promise<void>;
  /** Deletes cases that were decided before that time. */
  sweep(decidedBeforeMs: number): Promise<void>;
};

export type Consents = {
  /** Whether the member has consented to the terms as they stand now. */
  given(memberId: string): Promise<boolean>;
};

/** What counts and alarms. Labels are closed lists, never foreign text. */
export type Telemetry = {
  outcome(render: Render): void;
  providerCall(call: 'upload' | 'submit' | 'status' | 'result' | 'credits', answer: string): void;
  unknownState(): void;
  detectionDelay(ms: number): void;
  alarm(what: 'credits' | 'key' | 'gateway' | 'moderation' | 'storage', detail: string): void;
  log(renderId: string, event: string, facts?: Record<string, string | number | boolean | null>): void;
};

export type { InputProblem, Prepared };
