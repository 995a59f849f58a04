import { cancelCost } from '../../core/progress.ts';
import type { Render } from '../../core/render.ts';
import { toCustomId } from '../custom-id.ts';
import { MOST_ROWS } from '../platform.ts';
import type { Texts } from '../texts/texts.ts';
import { linkFacts } from './outcome.ts';
import { problemText } from './problem.ts';
import { button, messageLink, type Row, relativeTime, rowOf, type View, viewOf } from './view.ts';

/** A render of the list. `here`: how its video is given in this very answer. */
export type Listed = { render: Render; here: 'file' | 'link' | undefined };

/** A video that its member has no lasting message for: kept for the list, or shown only in a private message, which fades. */
export function belongsHere(render: Render): boolean {
  if (render.outcome?.kind !== 'video') return false;
  return render.rung === 'kept' || (render.private && render.rung === 'interaction');
}

/** One's own last renders, newest first, each with what can be done with it. */
export function rendersView(listed: readonly Listed[], locale: string, texts: Texts): View {
  if (listed.length === 0) return viewOf([texts.say(locale, 'renders.none')]);
  const shown = listed.slice(0, MOST_ROWS);
  const lines = shown.map((entry, index) => lineOf(entry, index + 1, locale, texts));
  return viewOf(
    [texts.say(locale, 'renders.title'), ...lines],
    shown.flatMap(({ render }, index) => buttonsOf(render, index + 1, locale, texts)),
  );
}

function lineOf(entry: Listed, number: number, locale: string, texts: Texts): string {
  const url = linkOf(entry.render);
  const facts = {
    number,
    when: relativeTime(entry.render.askedAtMs),
    state: stateOf(entry, locale, texts),
    link: url === undefined ? '' : texts.say(locale, 'renders.link', { url }),
  };
  return texts.say(locale, 'renders.line', facts).trimEnd();
}

function stateOf({ render, here }: Listed, locale: string, texts: Texts): string {
  const { outcome, phase } = render;
  if (phase !== 'closed') return texts.say(locale, `renders.state.${phase}`);
  switch (outcome?.kind) {
    case 'failed': {
      const what =
        (outcome.problem && problemText(outcome.problem, locale, texts)) ?? texts.say(locale, `reason.${outcome.reason}.what`);
      return texts.say(locale, 'renders.state.failed', { what });
    }
    case 'video':
      return videoState(render, here, locale, texts);
    case 'cancelled':
    case undefined:
      return texts.say(locale, 'renders.state.cancelled');
  }
}

function videoState(render: Render, here: Listed['here'], locale: string, texts: Texts): string {
  if (render.rung === 'none') return texts.say(locale, 'renders.state.deleted');
  if (here === 'file') return texts.say(locale, 'renders.state.videoHere');
  const link = here === 'link' ? linkFacts(render) : undefined;
  return link === undefined ? texts.say(locale, 'renders.state.video') : texts.say(locale, 'renders.state.videoLink', link);
}

/** The message that stands for a render; none where nobody can open it: a private one, a deleted one. */
export function linkOf(render: Render): string | undefined {
  if (render.rung === 'direct' && render.finalChannelId !== null && render.finalMessageId !== null) {
    return messageLink(null, render.finalChannelId, render.finalMessageId);
  }
  if (render.private || render.rung === 'none' || render.rung === 'kept') return undefined;
  // What is wrong with an input was said in private, in place of the public message.
  if (render.rung === 'interaction' && render.finalMessageId !== render.messageId) return undefined;
  const messageId = render.finalMessageId ?? render.messageId;
  return messageId === null ? undefined : messageLink(render.guildId, render.finalChannelId ?? render.channelId, messageId);
}

function buttonsOf(render: Render, number: number, locale: string, texts: Texts): Row[] {
  const cost = cancelCost(render);
  if (cost !== undefined) {
    const label = texts.say(locale, cost === 'free' ? 'button.cancelFree' : 'button.cancelCharged');
    return rowOf(button(toCustomId('cancel', render.id), texts.say(locale, 'button.numberedCancel', { number, label })));
  }
  if (render.phase !== 'closed') return [];
  return rowOf(button(toCustomId('again', render.id), texts.say(locale, 'button.numberedAgain', { number })));
}
