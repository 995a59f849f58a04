import type { Render } from '../../core/render.ts';
import type { Texts } from '../texts/texts.ts';
import { type View, viewOf } from './view.ts';

/** In place of a reported video: out of sight for now, or removed by a moderator. */
export function hiddenVideoView(render: Pick<Render, 'locale'>, state: 'hidden' | 'removed', texts: Texts): View {
  return viewOf([texts.say(render.locale, `video.${state}`)]);
}
