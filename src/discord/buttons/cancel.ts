import { cancelCost } from '../../core/progress.ts';
import type { CancelAnswer } from '../../core/service.ts';
import { type ButtonHandler, tell } from '../command.ts';
import { toCustomId } from '../custom-id.ts';
import type { TextKey } from '../texts/texts.ts';
import { button, rowOf } from '../views/view.ts';
import { pressedRender } from './press.ts';

const ANSWERS = {
  free: 'press.cancelledFree',
  charged: 'press.cancelledCharged',
  'too-late': 'press.cancelTooLate',
  unknown: 'press.unknown',
} as const satisfies Record<CancelAnswer, TextKey>;

/** Free: cancels at once. Charged: says so, and asks first. */
export const pressCancel: ButtonHandler<'cancel'> = async (interaction, [renderId], context) => {
  const render = await pressedRender(interaction, renderId, context);
  if (render === undefined) return;
  const { service, answers, texts } = context;
  const say = (key: TextKey) => texts.say(interaction.locale, key);
  if (render.cancelledAtMs !== null) return tell(interaction, say('press.alreadyCancelled'), context);
  switch (cancelCost(render)) {
    case 'free':
      return tell(interaction, say(ANSWERS[await service.cancel(renderId)]), context);
    case 'charged': {
      const sure = button(toCustomId('cancel-paid', renderId), say('button.cancelAnyway'), 'danger');
      await answers.replyPrivately(interaction, { content: say('press.cancelConfirm'), components: rowOf(sure) });
      return;
    }
    case undefined:
      return tell(interaction, say('press.cancelTooLate'), context);
  }
};

/** The answer to "charged all the same": the private question becomes its answer. */
export const pressCancelPaid: ButtonHandler<'cancel-paid'> = async (interaction, [renderId], context) => {
  const render = await pressedRender(interaction, renderId, context);
  if (render === undefined) return;
  const { service, answers, texts } = context;
  const key = render.cancelledAtMs === null ? ANSWERS[await service.cancel(renderId)] : 'press.alreadyCancelled';
  await answers.update(interaction, { content: texts.say(interaction.locale, key), components: [] });
};
