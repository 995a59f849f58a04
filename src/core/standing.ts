import { type Admission, type LimitsLeft, leftOf, type Refusal, refusalOf, type Usage } from './limits.ts';
import type { Ledger } from './ports.ts';
import type { Render } from './render.ts';

/** Of the member's last renders so many are looked at for those under way. */
const MOST_RENDERS = 25;

/** A voice of usual length. */
export const USUAL_VOICE_SECONDS = 10;

/** Where a member stands in a guild: whether the provider takes orders, what is under way, and what the limits leave. */
export type Standing = {
  /** undefined: the provider takes orders */
  paused: 'credits' | 'key' | undefined;
  /** how long a video usually takes now */
  usualMs: number;
  /** newest first; `place`: in line, of one that waits; `expectedEndMs`: of one that is rendered */
  underWay: { render: Render; place: number | undefined; expectedEndMs: number | undefined }[];
  left: LimitsLeft;
  /** the limit that stands in the way now */
  refusal: Refusal | undefined;
};

export async function standingOf(
  who: { guildId: string; memberId: string },
  ledger: Pick<Ledger, 'usageOf' | 'recent' | 'placeInLine'>,
  known: { paused: Standing['paused']; admission: Admission; expectedMs: (voiceSeconds: number) => number; nowMs: number },
): Promise<Standing> {
  const { admission, expectedMs, nowMs, paused } = known;
  const usage: Usage = await ledger.usageOf(who.guildId, who.memberId);
  const renders = await ledger.recent(who.guildId, who.memberId, MOST_RENDERS);
  const underWay = renders
    .filter(({ phase }) => phase !== 'closed')
    .map(async render => ({
      render,
      place: render.phase === 'waiting' ? await ledger.placeInLine(render) : undefined,
      expectedEndMs: render.job === null ? undefined : render.job.submittedAtMs + expectedMs(voiceSecondsOf(render)),
    }));
  return {
    paused,
    usualMs: expectedMs(USUAL_VOICE_SECONDS),
    underWay: await Promise.all(underWay),
    left: leftOf(usage, admission.policy, nowMs),
    refusal: refusalOf(usage, admission, nowMs),
  };
}

const voiceSecondsOf = ({ prepared }: Render) => prepared?.voiceSeconds ?? USUAL_VOICE_SECONDS;
