import type { Clock, Timer } from '../../core/clock.ts';
import type { Render } from '../../core/render.ts';
import { PROGRESS_GAP_AFTER_TOKEN_MS, PROGRESS_GAP_MS, TOKEN_USED_FOR_MS } from '../platform.ts';
import type { Answer } from '../rest.ts';
import type { View } from '../views/view.ts';
import type { SendingRung } from './ladder.ts';

export type LiveMessagesDeps = {
  clock: Clock;
  send(render: Render, rung: SendingRung, view: View): Promise<Answer>;
  /** told of each view for which no call was made: a newer one came first, or the message shows it already */
  onSaved?(): void;
};

/** Paced edits of messages whose renders have not ended: at most one in flight for each and few in all, the newest view wins. */
export type LiveMessages = {
  /**
   * Returns at once; what comes too soon is shown when its time has come. The view is made only when it is sent, and dropped where it
   * equals the one that stands.
   */
  show(render: Render, view: () => View): void;
  /** No further edit; resolves when the one in flight has ended, so that it can't overwrite what comes next. */
  stop(renderId: string): Promise<void>;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
  /** No further edit of any message; waits two seconds at most for those in flight. */
  close(): Promise<void>;
};

type Wanted = { render: Render; view: () => View };

type Live = {
  shownKey: string | undefined;
  lastAtMs: number;
  wanted: Wanted | undefined;
  timer: Timer | undefined;
  inFlight: Promise<void> | undefined;
  tokenDead: boolean;
};

/** Renders that ended lately: a late call for one of them must not bring its live message back. */
const MOST_REMEMBERED = 1_000;
/** A stopping bot waits so long for edits in flight: they are worth no more. */
const CLOSE_WAIT_MS = 2_000;
/** More than can run at once; beyond it the ones that were idle for longest are let go. */
const MOST_LIVE = 5_000;
/**
 * Discord takes 50 calls a second. Whatever is more would lie in a queue, each with all that it needs, and a finished video behind
 * it; here the newest view waits instead.
 */
const MOST_IN_FLIGHT = 10;

export function createLiveMessages(deps: LiveMessagesDeps): LiveMessages {
  const { clock } = deps;
  const lives = new Map<string, Live>();
  const stopped = new Set<string>();
  /** messages whose time for an edit has come, in that order */
  const due = new Set<string>();
  let editing = 0;
  let closed = false;

  function rungFor(render: Render, live: Live): SendingRung | undefined {
    if (!live.tokenDead && clock.now() - render.askedAtMs < TOKEN_USED_FOR_MS) return 'interaction';
    return render.private || render.messageId === null ? undefined : 'message';
  }

  function schedule(renderId: string, live: Live): void {
    if (live.wanted === undefined || live.inFlight !== undefined || closed) return;
    live.timer?.cancel();
    live.timer = undefined;
    const rung = rungFor(live.wanted.render, live);
    if (rung === undefined) return;
    const dueAtMs = live.lastAtMs + (rung === 'interaction' ? PROGRESS_GAP_MS : PROGRESS_GAP_AFTER_TOKEN_MS);
    if (dueAtMs <= clock.now()) {
      due.add(renderId);
      editDue();
    } else live.timer = clock.setTimer(dueAtMs, () => schedule(renderId, live));
  }

  function editDue(): void {
    for (const renderId of due) {
      if (editing >= MOST_IN_FLIGHT) return;
      due.delete(renderId);
      const live = lives.get(renderId);
      if (live?.wanted === undefined || live.inFlight !== undefined || closed) continue;
      const rung = rungFor(live.wanted.render, live);
      if (rung !== undefined) edit(renderId, live, live.wanted, rung);
    }
  }

  /** Undefined: the message shows that already. */
  async function send(live: Live, { render, view }: Wanted, rung: SendingRung): Promise<Answer | undefined> {
    const made = view();
    const key = JSON.stringify(made);
    if (key === live.shownKey) {
      deps.onSaved?.();
      return undefined;
    }
    live.lastAtMs = clock.now();
    const answer = await deps.send(render, rung, made);
    if (answer.kind === 'ok') live.shownKey = key;
    return answer;
  }

  function edit(renderId: string, live: Live, wanted: Wanted, rung: SendingRung): void {
    live.wanted = undefined;
    editing += 1;
    const done = (answer: Answer | undefined) => {
      live.inFlight = undefined;
      editing -= 1;
      if (answer?.kind === 'token-dead' || answer?.kind === 'unknown-webhook') giveUpToken(live, wanted, rung, renderId);
      // Too old to be edited so often, deleted, or out of reach for good: only the outcome is still worth a try.
      else if (answer !== undefined && answer.kind !== 'ok' && answer.kind !== 'unreachable') forget(renderId);
      if (!stopped.has(renderId)) schedule(renderId, live);
      editDue();
    };
    live.inFlight = send(live, wanted, rung).then(done, () => done({ kind: 'unreachable', retryAfterMs: null }));
  }

  function giveUpToken(live: Live, wanted: Wanted, rung: SendingRung, renderId: string): void {
    if (rung !== 'interaction') {
      forget(renderId);
      return;
    }
    live.tokenDead = true;
    live.wanted ??= wanted;
  }

  /** Marks it as ended; the oldest marks are dropped. */
  function forget(renderId: string): void {
    lives.get(renderId)?.timer?.cancel();
    lives.delete(renderId);
    due.delete(renderId);
    stopped.delete(renderId);
    stopped.add(renderId);
    for (const oldest of stopped) {
      if (stopped.size <= MOST_REMEMBERED) break;
      stopped.delete(oldest);
    }
  }

  function liveOf(renderId: string): Live {
    const known = lives.get(renderId);
    // Put back as the last one, so that the order of the map is the order of use.
    lives.delete(renderId);
    const live: Live = known ?? {
      shownKey: undefined,
      lastAtMs: Number.NEGATIVE_INFINITY,
      wanted: undefined,
      timer: undefined,
      inFlight: undefined,
      tokenDead: false,
    };
    lives.set(renderId, live);
    for (const [oldestId, oldest] of lives) {
      if (lives.size <= MOST_LIVE) break;
      oldest.timer?.cancel();
      lives.delete(oldestId);
    }
    return live;
  }

  const idle = async () => {
    await Promise.all([...lives.values()].map(live => live.inFlight));
  };

  return {
    show(render, view) {
      if (closed || stopped.has(render.id)) return;
      const live = liveOf(render.id);
      if (live.wanted !== undefined) deps.onSaved?.();
      live.wanted = { render, view };
      schedule(render.id, live);
    },
    async stop(renderId) {
      const inFlight = lives.get(renderId)?.inFlight;
      forget(renderId);
      await inFlight;
    },
    idle,
    async close() {
      closed = true;
      for (const live of lives.values()) live.timer?.cancel();
      const waiting = new AbortController();
      const ended = idle().finally(() => waiting.abort());
      await Promise.race([ended, clock.sleep(CLOSE_WAIT_MS, waiting.signal).catch(() => {})]);
    },
  };
}
