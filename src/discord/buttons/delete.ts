import type { ButtonHandler } from '../command.ts';
import { pressedRender } from './press.ts';

/** Deletes the message with the button, by the press's own token: that needs no right in the channel. */
export const pressDelete: ButtonHandler<'delete'> = async (interaction, [renderId], context) => {
  const render = await pressedRender(interaction, renderId, context);
  if (render === undefined) return;
  const { answers, texts } = context;
  await answers.deferUpdate(interaction);
  const deleted = await answers.deleteOriginal(interaction);
  if (deleted.kind === 'ok' || deleted.kind === 'gone') return context.service.answersNoMore(renderId);
  context.log('delete-refused', { renderId, answer: deleted.kind });
  await answers.followUpPrivately(interaction, { content: texts.say(interaction.locale, 'press.deleteFailed'), components: [] });
};
