import { BAR_STEPS, cancelCost, type Progress } from '../../core/progress.ts';
import type { Render } from '../../core/render.ts';
import { toCustomId } from '../custom-id.ts';
import type { Texts } from '../texts/texts.ts';
import { button, type Row, relativeTime, rowOf, type View, viewOf } from './view.ts';

/** `▰▰▰▱▱▱▱▱▱▱`, full only when the end was seen. */
export function bar(fraction: number): string {
  const done = Math.min(BAR_STEPS, Math.max(0, Math.floor(fraction * BAR_STEPS)));
  return '▰'.repeat(done) + '▱'.repeat(BAR_STEPS - done);
}

/** The live message. Equal states give equal views, so an edit that would change nothing is seen. */
export function progressView(render: Render, progress: Progress, texts: Texts): View {
  const say = (...[key, facts]: Tail<Parameters<Texts['say']>>) => texts.say(render.locale, key, facts);
  const buttons = cancelRow(render, texts);
  switch (progress.kind) {
    case 'preparing':
      return viewOf([say('progress.preparing'), asked(render, texts)], buttons);
    case 'waiting':
      return viewOf([waitingLine(render, progress, texts), asked(render, texts)], buttons);
    case 'rendering': {
      const started = relativeTime(progress.startedAtMs);
      const times = progress.late
        ? say('progress.late', { started })
        : say('progress.times', { started, expected: relativeTime(progress.expectedEndMs) });
      return viewOf([say('progress.rendering', { bar: bar(progress.fraction) }), times], buttons);
    }
    case 'cancelled':
      return viewOf([say(progress.charged === 'no' ? 'progress.cancelling' : 'progress.cancelledCharged')]);
  }
}

/** The last edit of a private render before its token ends. Its Cancel goes on working. */
export function farewellView(render: Render, texts: Texts): View {
  return viewOf([texts.say(render.locale, 'progress.farewell'), asked(render, texts)], cancelRow(render, texts));
}

function waitingLine(render: Render, { place, reason }: Progress & { kind: 'waiting' }, texts: Texts): string {
  if (reason === 'retry') return texts.say(render.locale, 'progress.waitingRetry');
  if (reason === 'paused') return texts.say(render.locale, 'progress.waitingPaused');
  return place <= 1
    ? texts.say(render.locale, 'progress.waitingNext')
    : texts.say(render.locale, 'progress.waitingTurn', { count: place });
}

function asked(render: Render, texts: Texts): string {
  return texts.say(render.locale, 'progress.asked', { asked: relativeTime(render.askedAtMs) });
}

function cancelRow(render: Render, texts: Texts): Row[] {
  const cost = cancelCost(render);
  if (cost === undefined) return [];
  const label = texts.say(render.locale, cost === 'free' ? 'button.cancelFree' : 'button.cancelCharged');
  return rowOf(button(toCustomId('cancel', render.id), label));
}

type Tail<T extends readonly unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;
