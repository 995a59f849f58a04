import type { WindowLeft } from '../../core/limits.ts';
import type { Standing } from '../../core/standing.ts';
import type { Texts } from '../texts/texts.ts';
import { aboutText } from './duration.ts';
import { limitText } from './refusal.ts';
import { linkOf } from './renders.ts';
import { relativeTime, type View, viewOf } from './view.ts';

/** Lines for renders under way; more than a member has at once. */
const MOST_LINES = 5;

export function standingView({ paused, usualMs, underWay, left, refusal }: Standing, locale: string, texts: Texts): View {
  const lines = underWay.slice(0, MOST_LINES).map(({ render, place, expectedEndMs }) => {
    const state = stateText({ render, place, expectedEndMs }, locale, texts);
    const url = linkOf(render);
    const link = url === undefined ? '' : texts.say(locale, 'renders.link', { url });
    return texts.say(locale, 'status.line', { when: relativeTime(render.askedAtMs), state, link }).trimEnd();
  });
  const window = ({ left: count, size, freeAtMs }: WindowLeft) =>
    freeAtMs === null
      ? texts.say(locale, 'status.left', { left: count, size })
      : texts.say(locale, 'status.full', { size, free: relativeTime(Math.ceil(freeAtMs / 1000) * 1000) });
  return viewOf([
    paused === undefined
      ? texts.say(locale, 'status.open', { took: aboutText(usualMs, locale, texts) })
      : texts.say(locale, 'refusal.paused'),
    underWay.length === 0 ? texts.say(locale, 'status.none') : texts.say(locale, 'status.underWay'),
    ...lines,
    texts.say(locale, 'status.hour', { state: window(left.hour) }),
    texts.say(locale, 'status.day', { state: window(left.memberDay) }),
    texts.say(locale, 'status.budget', {
      left: left.monthUsd.left.toFixed(2),
      size: left.monthUsd.size,
      renewed: relativeTime(left.monthUsd.renewedAtMs),
    }),
    refusal === undefined ? texts.say(locale, 'status.now') : limitText(refusal, locale, texts),
  ]);
}

function stateText({ render, place, expectedEndMs }: Standing['underWay'][number], locale: string, texts: Texts): string {
  if (place !== undefined) return texts.say(locale, 'status.place', { place });
  if (render.phase === 'rendering' && expectedEndMs !== undefined) {
    return texts.say(locale, 'status.rendering', { expected: relativeTime(expectedEndMs) });
  }
  return texts.say(locale, `renders.state.${render.phase === 'closed' ? 'announcing' : render.phase}`);
}
