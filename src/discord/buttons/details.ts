import { type ButtonHandler, tell } from '../command.ts';
import { isModerator } from '../permissions.ts';
import { detailText } from '../views/outcome.ts';
import { pressedRender } from './press.ts';

/** The provider's own words about a failure, in private, to whom the guild's policy shows them now. */
export const pressDetails: ButtonHandler<'details'> = async (interaction, [renderId], context) => {
  const render = await pressedRender(interaction, renderId, context);
  if (render === undefined) return;
  const { policies, texts } = context;
  const { locale } = interaction;
  if (render.outcome?.kind !== 'failed') return tell(interaction, texts.say(locale, 'press.noDetail'), context);
  const rules = await policies.of(render.guildId);
  const audience = isModerator(interaction.memberPermissions?.bitfield) ? 'moderators' : 'private';
  const detail = detailText(render.outcome, audience, rules);
  if (detail !== undefined) return tell(interaction, texts.say(locale, 'failure.detail', { detail }), context);
  const others = detailText(render.outcome, 'moderators', rules) !== undefined;
  return tell(interaction, texts.say(locale, others ? 'press.detailForModerators' : 'press.noDetail'), context);
};
