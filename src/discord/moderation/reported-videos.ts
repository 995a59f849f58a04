import { Routes } from 'discord.js';
import { type ModerationCase, videoWanted } from '../../core/moderation/case.ts';
import type { Policy } from '../../core/policy.ts';
import type { Render } from '../../core/render.ts';
import { uploadLimitBytes } from '../announcer/ladder.ts';
import { sendVideo } from '../announcer/send-video.ts';
import type { VideoFiles, VideoUpload } from '../announcer/video-files.ts';
import type { Answer, Calls } from '../rest.ts';
import type { Texts } from '../texts/texts.ts';
import { hiddenVideoView } from '../views/hidden-video.ts';
import { bodyOf, type View, viewOf } from '../views/view.ts';
import { type PartAnswer, retryAfterRefusal } from './cards.ts';

/** A video that is hidden has to be there still when a moderator decides. */
export const HIDDEN_KEPT_MS = 30 * 24 * 3_600_000;

export type ReportedVideosDeps = {
  calls: Calls;
  texts: Texts;
  videoFiles: VideoFiles;
  renderOf(renderId: string): Promise<Render | undefined>;
  /** keeps a file until then, if it would go before */
  keep(fileKey: string, untilMs: number): Promise<unknown>;
  /** of the messages of videos whose record is gone */
  policyOf(guildId: string): Promise<Pick<Policy, 'language'>>;
  now(): number;
};

/** The messages of reported videos: hidden, removed, and shown again from the kept file. */
export type ReportedVideos = {
  /** Makes the message look as the case wants it; `answer` is undefined where it does already. */
  bring(held: ModerationCase): Promise<PartAnswer & { answer?: Answer['kind'] }>;
};

export function createReportedVideos(deps: ReportedVideosDeps): ReportedVideos {
  const { calls, texts, videoFiles, keep, now } = deps;

  async function edit(held: ModerationCase, render: Render | undefined): Promise<Answer> {
    const wanted = videoWanted(held);
    const route = Routes.channelMessage(held.channelId, held.messageId ?? '');
    const show = (view: View, video?: VideoUpload) => {
      const attachments = video === undefined ? [] : [{ id: 0, ...video.attachment }];
      const body = { ...bodyOf(view), attachments };
      return calls.asBot({ method: 'PATCH', route, body, ...(video !== undefined && { files: [video.file] }) });
    };
    const locale = render?.locale ?? (await deps.policyOf(held.guildId)).language ?? 'en';
    if (wanted === 'hidden' || wanted === 'removed') {
      if (render?.videoKey) await keep(render.videoKey, now() + HIDDEN_KEPT_MS);
      return show(hiddenVideoView({ locale }, wanted, texts));
    }
    // With its record its file is gone, too.
    if (render === undefined) return show(viewOf([texts.say(locale, 'video.lost')]));
    return sendVideo(render, uploadLimitBytes('message', render.attachmentSizeLimitBytes), { videoFiles, texts }, show);
  }

  return {
    async bring(held) {
      const done = { shown: {}, retryMs: null };
      const wanted = videoWanted(held);
      if (held.kind !== 'report' || held.video === 'gone' || held.video === wanted) return done;
      if (held.messageId === null) return { shown: { video: 'gone' }, retryMs: null };
      const answer = await edit(held, await deps.renderOf(held.renderId));
      if (answer.kind === 'ok') return { shown: { video: wanted }, retryMs: null, answer: answer.kind };
      if (answer.kind === 'gone') return { shown: { video: 'gone' }, retryMs: null, answer: answer.kind };
      return { shown: {}, retryMs: retryAfterRefusal(answer, held.attempts), answer: answer.kind };
    },
  };
}
