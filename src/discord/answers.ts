import { type APIModalInteractionResponseCallbackData, InteractionResponseType, MessageFlags, Routes } from 'discord.js';
import { z } from 'zod';
import type { VideoUpload } from './announcer/video-files.ts';
import type { Log } from './log.ts';
import { type Answer, type Calls, type CallsOptions, createCalls } from './rest.ts';
import { bodyOf, type View } from './views/view.ts';

/** What an answer needs to know of an interaction. The token is never logged. */
export type InteractionRef = { id: string; token: string; applicationId: string };

/** Did the deferral reach Discord? `unknown`: it may stand; the message has to be looked for. */
export type Deferral = { kind: 'stands'; messageId: string } | { kind: 'never' } | { kind: 'unknown' };

/** First answers to interactions, and what follows by their token. */
export type Answers = {
  defer(to: InteractionRef, options: { private: boolean }): Promise<Deferral>;
  /** A first answer that only the one who asked sees. */
  replyPrivately(to: InteractionRef, view: View): Promise<Answer>;
  /** A form, as the first answer; what is filled in comes as an interaction of its own. */
  showModal(to: InteractionRef, modal: APIModalInteractionResponseCallbackData): Promise<Answer>;
  /** Takes a press without showing anything; `@original` is then the message with the button. */
  deferUpdate(to: InteractionRef): Promise<Answer>;
  /** Changes the message with the button. */
  update(to: InteractionRef, view: View): Promise<Answer>;
  editOriginal(to: InteractionRef, view: View, videos?: readonly VideoUpload[]): Promise<Answer>;
  deleteOriginal(to: InteractionRef): Promise<Answer>;
  followUpPrivately(to: InteractionRef, view: View): Promise<Answer>;
  close(): void;
};

const deferredSchema = z.object({ resource: z.object({ message: z.object({ id: z.string() }) }) });

/** Discord waits 3 s for the first answer; later than this there is nothing to hope for. */
const CALLBACK_TIMEOUT_MS = 5_000;

export type AnswersDeps = {
  apiBase: string;
  calls: Calls;
  /** told of every first answer that Discord did not take */
  log?: Log;
  /** told of each first answer's fate */
  onAnswer?: CallsOptions['onAnswer'];
};

export function createAnswers({ apiBase, calls, log = () => {}, onAnswer = () => {} }: AnswersDeps): Answers {
  // Never repeated by the library: only then does "already acknowledged" tell that the answer was another's.
  const callbacks = createCalls({ apiBase, retries: 0, timeoutMs: CALLBACK_TIMEOUT_MS, onAnswer });
  async function respond(to: InteractionRef, type: InteractionResponseType, data?: unknown, query?: Record<string, string>) {
    const answer = await callbacks.byToken({
      method: 'POST',
      route: Routes.interactionCallback(to.id, to.token),
      body: data === undefined ? { type } : { type, data },
      ...(query === undefined ? {} : { query }),
    });
    if (answer.kind !== 'ok') {
      const code = answer.kind === 'refused' ? answer.code : null;
      log('answer-refused', { interactionId: to.id, type, answer: answer.kind, code });
    }
    return answer;
  }
  /** Once more where the first did not get through; where it did after all, the second is refused and does no harm. */
  async function respondTwice(...args: Parameters<typeof respond>): Promise<Answer> {
    const first = await respond(...args);
    return first.kind === 'unreachable' ? respond(...args) : first;
  }
  const original = (to: InteractionRef) => Routes.webhookMessage(to.applicationId, to.token, '@original');
  const privately = (view: View) => ({ ...bodyOf(view), flags: MessageFlags.Ephemeral });

  async function defer(to: InteractionRef, { private: isPrivate }: { private: boolean }): Promise<Deferral> {
    const data = isPrivate ? { flags: MessageFlags.Ephemeral } : {};
    const send = () => respond(to, InteractionResponseType.DeferredChannelMessageWithSource, data, { with_response: 'true' });
    const first = await send();
    if (first.kind === 'unreachable') {
      // The first may have been taken, so a refusal of the second proves nothing.
      const second = await send();
      return second.kind === 'ok' ? deferralOf(second.body) : { kind: 'unknown' };
    }
    return first.kind === 'ok' ? deferralOf(first.body) : { kind: 'never' };
  }

  return {
    defer,
    replyPrivately: (to, view) => respondTwice(to, InteractionResponseType.ChannelMessageWithSource, privately(view)),
    showModal: (to, modal) => respondTwice(to, InteractionResponseType.Modal, modal),
    deferUpdate: to => respondTwice(to, InteractionResponseType.DeferredMessageUpdate),
    update: (to, view) => respondTwice(to, InteractionResponseType.UpdateMessage, bodyOf(view)),
    editOriginal(to, view, videos = []) {
      const attachments = videos.map((video, index) => ({ id: index, ...video.attachment }));
      return calls.byToken({
        method: 'PATCH',
        route: original(to),
        body: { ...bodyOf(view), attachments },
        ...(videos.length === 0 ? {} : { files: videos.map(video => video.file) }),
      });
    },
    deleteOriginal: to => calls.byToken({ method: 'DELETE', route: original(to) }),
    followUpPrivately: (to, view) =>
      calls.byToken({ method: 'POST', route: Routes.webhook(to.applicationId, to.token), body: privately(view) }),
    close: () => callbacks.close(),
  };
}

/** With `with_response` the message's id comes along; without it the deferral stands, but where is not known yet. */
function deferralOf(body: unknown): Deferral {
  const parsed = deferredSchema.safeParse(body);
  return parsed.success ? { kind: 'stands', messageId: parsed.data.resource.message.id } : { kind: 'unknown' };
}
