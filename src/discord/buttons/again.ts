import { type ButtonHandler, tell } from '../command.ts';
import { startRender } from '../start-render.ts';
import { pressedRender } from './press.ts';

/** A new render with the same inputs and weights, on the account of whoever pressed. */
export const pressAgain: ButtonHandler<'again'> = async (interaction, [renderId], context) => {
  const render = await pressedRender(interaction, renderId, context);
  if (render === undefined) return;
  const kept = await context.service.keptInputs(render);
  if (kept === undefined) return tell(interaction, context.texts.say(interaction.locale, 'press.filesGone'), context);
  const { private: isPrivate, spoiler, weights } = render;
  await startRender(interaction, { private: isPrivate, spoiler, weights, anew: true, ...kept }, context);
};
