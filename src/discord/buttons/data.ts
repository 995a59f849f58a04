import { type ButtonHandler, tell } from '../command.ts';
import { confirmDeletionView } from '../views/member-data.ts';

/** Asks first. Whoever presses is asked about their own data, so nobody can delete another's. */
export const pressDataDelete: ButtonHandler<'data-delete'> = async (interaction, _none, { answers, texts }) => {
  await answers.update(interaction, confirmDeletionView(interaction.locale, texts));
};

export const pressDataDeleteSure: ButtonHandler<'data-delete-sure'> = async (interaction, _none, context) => {
  const { answers, memberData, texts } = context;
  const { guildId, user, locale } = interaction;
  if (guildId === null) return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
  // Many files take longer than Discord waits.
  await answers.deferUpdate(interaction);
  await memberData.forget(guildId, user.id);
  const content = [texts.say(locale, 'data.deleted'), texts.say(locale, 'data.stays')].join('\n');
  await answers.editOriginal(interaction, { content, components: [] });
};
