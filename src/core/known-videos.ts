import type { Context } from './context.ts';
import type { Render } from './render.ts';

/** What a member's public video was made of, known as long as its file is kept. */
export type KnownVideo = {
  guildId: string;
  memberId: string;
  /** a hash over the guild, the member, both prepared inputs, the weights and the provider */
  madeOf: string;
  renderId: string;
  untilMs: number;
};

/** Finds a video by what it was made of. Every method is one transaction. */
export type KnownVideos = {
  /** The last video that was made of the same counts. */
  remember(video: KnownVideo): Promise<void>;
  /** The render. */
  find(of: Pick<KnownVideo, 'guildId' | 'memberId' | 'madeOf'>, nowMs: number): Promise<string | undefined>;
  forget(renderId: string): Promise<void>;
  forgetMember(guildId: string, memberId: string): Promise<void>;
  forgetGuild(guildId: string): Promise<void>;
  /** Deletes what is known of files that have expired; how many. */
  sweep(nowMs: number): Promise<number>;
};

export type FactsOfVideo = {
  /** the file is kept */
  fileKept: boolean;
  /** its message certainly stands */
  messageStands: boolean;
};

/**
 * Whether an earlier video answers a request that was made of the same: the member's own and public one of this guild, which stands
 * where everybody saw it. One that was reported or deleted is forgotten at once, so it is not asked about here.
 */
export function answers(earlier: Render, asked: Render, { fileKept, messageStands }: FactsOfVideo): boolean {
  const isTheirs = earlier.guildId === asked.guildId && earlier.memberId === asked.memberId && earlier.id !== asked.id;
  const isSeen = earlier.rung === 'interaction' || earlier.rung === 'message' || earlier.rung === 'channel';
  const isVideo = earlier.phase === 'closed' && earlier.outcome?.kind === 'video' && earlier.videoKey !== null;
  return asked.anew !== true && isTheirs && isVideo && isSeen && !earlier.private && fileKept && messageStands;
}

/** A render's end by the video that is there already; undefined: there is none, or it does not answer. */
export async function answerTo(asked: Render, madeOf: string | undefined, context: Context) {
  const { announcer, clock, files, knownVideos, ledger, policyOf } = context;
  if (madeOf === undefined || asked.anew === true || !(await policyOf(asked.guildId)).answerRepeats) return undefined;
  const id = await knownVideos.find({ guildId: asked.guildId, memberId: asked.memberId, madeOf }, clock.now());
  const earlier = id === undefined ? undefined : await ledger.get(id);
  if (earlier === undefined) return undefined;
  const facts = {
    fileKept: earlier.videoKey !== null && (await files.path(earlier.videoKey)) !== undefined,
    messageStands: await announcer.stands(earlier),
  };
  return answers(earlier, asked, facts) ? endOf(earlier) : undefined;
}

function endOf(earlier: Render) {
  const { videoKey, videoBytes, outputUrl } = earlier;
  return {
    outcome: { kind: 'video' as const, free: true as const },
    ...{ videoKey, videoBytes, outputUrl },
    answeredFrom: {
      renderId: earlier.id,
      channelId: earlier.finalChannelId ?? earlier.channelId,
      messageId: earlier.finalMessageId ?? earlier.messageId,
      submittedAtMs: earlier.job?.submittedAtMs ?? earlier.admittedAtMs,
      tookMs: earlier.phaseAtMs - earlier.admittedAtMs,
    },
  };
}

/** A public video that has just been stored answers the same request from now on. Without it, that one is only made anew. */
export async function rememberVideo(
  render: Render,
  untilMs: number,
  { knownVideos, telemetry, policyOf }: Context,
): Promise<void> {
  const { guildId, memberId, prepared, id: renderId } = render;
  const madeOf = prepared?.madeOf;
  if (madeOf === undefined || render.private || !(await policyOf(guildId)).answerRepeats) return;
  await knownVideos
    .remember({ guildId, memberId, madeOf, renderId, untilMs })
    .catch(error => telemetry.alarm('storage', error instanceof Error ? error.message : String(error)));
}
