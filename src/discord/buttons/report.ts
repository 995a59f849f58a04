import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import { z } from 'zod';
import { reportOpeningOf } from '../../core/moderation/case.ts';
import type { Render } from '../../core/render.ts';
import { type BotContext, type ButtonHandler, type ModalHandler, tell } from '../command.ts';
import { toCustomId } from '../custom-id.ts';
import { modalFields } from '../modal-fields.ts';
import { labelled, modalOf, textField } from '../views/modal.ts';

const LONGEST_WHY = 300;
/** Where no word can be read nobody could judge it. */
const fieldsSchema = z.object({
  why: z
    .string()
    .trim()
    .min(1)
    .max(LONGEST_WHY)
    .regex(/[\p{L}\p{N}]/u),
});

/** Anybody who sees a video may report it: a form asks for the reason. */
export const pressReport: ButtonHandler<'report'> = async (interaction, [renderId], context) => {
  const { answers, texts } = context;
  if ((await reportedRender(interaction, renderId, context)) === undefined) return;
  const say = (key: 'form.report.title' | 'form.report.why.label' | 'form.report.why.hint') => texts.say(interaction.locale, key);
  const why = textField('why', { maxLength: LONGEST_WHY, long: true });
  const form = modalOf(
    toCustomId('report', renderId),
    say('form.report.title'),
    labelled(say('form.report.why.label'), say('form.report.why.hint'), why),
  );
  await answers.showModal(interaction, form);
};

/** The filled-in form: to the moderators; past the guild's limit of reports the video is hidden until one of them decides. */
export const sendReport: ModalHandler<'report'> = async (interaction, [renderId], context) => {
  const { clock, moderation, policies, texts } = context;
  const render = await reportedRender(interaction, renderId, context);
  if (render === undefined) return;
  const fields = fieldsSchema.safeParse(modalFields(interaction));
  if (!fields.success) return tell(interaction, texts.say(interaction.locale, 'report.empty'), context);
  const { hideAfterReports } = await policies.of(render.guildId);
  const report = { memberId: interaction.user.id, atMs: clock.now(), why: fields.data.why };
  const answer = await moderation.store.report(reportOpeningOf(render), report, hideAfterReports);
  await context.service.answersNoMore(renderId);
  await tell(interaction, texts.say(interaction.locale, `report.${answer.kind}`), context);
  moderation.kickCards();
};

/** A video of this guild that others see; undefined: there is none, and the member was told so. */
async function reportedRender(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  renderId: string,
  context: BotContext,
): Promise<Render | undefined> {
  const { service, texts } = context;
  const render = await service.get(renderId);
  const isThere = render !== undefined && render.guildId === interaction.guildId && render.outcome?.kind === 'video';
  if (isThere && !render.private) return render;
  await tell(interaction, texts.say(interaction.locale, 'press.unknown'), context);
  return undefined;
}
