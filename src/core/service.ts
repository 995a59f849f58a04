import type { CostReport } from './costs.ts';
import type { Asked } from './guards/gate.ts';
import type { Asker, GuardRefusal } from './guards/guard.ts';
import type { Refusal } from './limits.ts';
import type { GuildCosts } from './ports.ts';
import type { Render, RenderRequest, Source } from './render.ts';
import type { Standing } from './standing.ts';

/** Why a render was not admitted. `paused`: the provider takes nothing now (no credits, or a bad key). */
export type AdmitRefusal =
  | GuardRefusal
  | { kind: 'limit'; refusal: Refusal }
  | { kind: 'paused'; reason: 'credits' | 'key' }
  /** the bot is stopping: takes nothing new */
  | { kind: 'draining' };

/** What became of a wish to cancel. */
export type CancelAnswer =
  /** nothing was submitted: it ends free of charge */
  | 'free'
  /** submitted: the video won't be posted, it is charged all the same */
  | 'charged'
  /** it is being delivered, or has ended */
  | 'too-late'
  | 'unknown';

/** What members' wishes mean for the life cycle: the one door from Discord into the core. */
export type RenderService = {
  /** Before the deferral: asks the guards, takes the limits and writes the row, so no deferral is ever without an owner. */
  admit(request: RenderRequest, asker: Asker): Promise<{ ok: true; render: Render } | { ok: false; refusal: AdmitRefusal }>;
  /** What stands in the way already, before a form asks for the rest; undefined: nothing. Takes and writes nothing. */
  look(asked: Asked, asker: Asker): Promise<AdmitRefusal | undefined>;
  /** The deferral stands as this message: the work begins. */
  deferred(renderId: string, messageId: string): Promise<void>;
  /** The deferral was certainly refused: the row closes and gives everything back. */
  neverDeferred(renderId: string): Promise<void>;
  cancel(renderId: string): Promise<CancelAnswer>;
  get(renderId: string): Promise<Render | undefined>;
  recent(guildId: string, memberId: string, limit: number): Promise<Render[]>;
  /** The inputs of an earlier render, as long as they are kept. */
  keptInputs(render: Render): Promise<{ portrait: Source; voice: Source } | undefined>;
  /** A local path of a finished video, as long as it is kept. */
  videoPath(render: Render): Promise<string | undefined>;
  /** Somebody has reported or deleted the render's video: it answers no other request from now on. */
  answersNoMore(renderId: string): Promise<void>;
  /** The guild's policy was changed: what waits already follows it. */
  policyChanged(guildId: string): Promise<void>;
  /** How long a video usually takes now. */
  usualMs(): number;
  standing(guildId: string, memberId: string): Promise<Standing>;
  /** A guild's month in money, and the members who had most of it. */
  costs(guildId: string): Promise<{ report: CostReport; members: GuildCosts['members'] }>;
};
