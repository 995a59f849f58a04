import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import type { Render, Source } from '../../core/render.ts';
import { isPreset, PRESETS, WEIGHT_NAMES, WEIGHT_RANGES, type Weights } from '../../core/weights.ts';
import { type BotContext, type ButtonHandler, type ModalHandler, tell } from '../command.ts';
import { toCustomId } from '../custom-id.ts';
import { mayAsk } from '../may-ask.ts';
import { modalFields } from '../modal-fields.ts';
import { numberIn } from '../number-in.ts';
import { startRender } from '../start-render.ts';
import { button, rowOf } from '../views/view.ts';
import { rightWeight, weightsForm, weightText } from '../views/weights-form.ts';
import { pressedRender } from './press.ts';

/** Opens a form with the weights that the render had. */
export const pressAgainWith: ButtonHandler<'again-with'> = async (interaction, [renderId], context) => {
  const found = await withInputs(interaction, renderId, context);
  if (found === undefined) return;
  const { answers, texts } = context;
  const { guildId, private: isPrivate, spoiler, weights } = found.render;
  // Consent is asked for once it is known which weights it is to be.
  const may = await mayAsk(interaction, guildId, { private: isPrivate, spoiler, weights, ...found.kept }, context);
  if (may === 'told') return;
  await answers.showModal(interaction, weightsForm(renderId, weights, interaction.locale, texts));
};

/** A new render with the same inputs and the weights of the form, if all of them are right. */
export const sendAgainWith: ModalHandler<'again-with'> = async (interaction, [renderId], context) => {
  const found = await withInputs(interaction, renderId, context);
  if (found === undefined) return;
  const { weights, wrong } = readWeights(modalFields(interaction), found.render.weights);
  if (wrong.length === 0) {
    const { private: isPrivate, spoiler } = found.render;
    await startRender(interaction, { private: isPrivate, spoiler, weights, ...found.kept }, context);
    return;
  }
  const { answers, texts } = context;
  const { locale } = interaction;
  const lines = wrong.map(name => {
    const facts = { field: texts.say(locale, `settings.${name}.label`), right: rightWeight(name, locale, texts) };
    return texts.say(locale, 'againWith.wrong', facts);
  });
  const again = button(toCustomId('again-with', renderId), texts.say(locale, 'button.fillInAgain'));
  const content = [texts.say(locale, 'againWith.nothing'), ...lines].join('\n');
  await answers.replyPrivately(interaction, { content, components: rowOf(again) });
};

function readWeights(fields: ReturnType<typeof modalFields>, former: Weights) {
  const read = WEIGHT_NAMES.map(name => {
    const text = fields[name];
    return { name, value: typeof text === 'string' ? numberIn(text, { ...WEIGHT_RANGES[name], whole: false }) : undefined };
  });
  const wrong = read.filter(({ value }) => value === undefined).map(({ name }) => name);
  // What was changed by itself goes before a preset, as in /hallo.
  const changed = read.flatMap(({ name, value }): [string, number][] =>
    value === undefined || value === Number(weightText(former[name])) ? [] : [[name, value]],
  );
  const preset = typeof fields.preset === 'string' ? fields.preset : null;
  return { weights: { ...former, ...(isPreset(preset) ? PRESETS[preset] : {}), ...Object.fromEntries(changed) }, wrong };
}

/** Undefined: not for this member, or the files are gone; they were told so. */
async function withInputs(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  renderId: string,
  context: BotContext,
): Promise<{ render: Render; kept: { portrait: Source; voice: Source } } | undefined> {
  const render = await pressedRender(interaction, renderId, context);
  if (render === undefined) return undefined;
  const kept = await context.service.keptInputs(render);
  if (kept !== undefined) return { render, kept };
  await tell(interaction, context.texts.say(interaction.locale, 'press.filesGone'), context);
  return undefined;
}
