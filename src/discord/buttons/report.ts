import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import { z } from 'zod';
import { type CaseOpening, reportOpeningOf } from '../../core/moderation/case.ts';
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
  if ((await openingOf(interaction, renderId, context)) === undefined) return;
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
  const opening = await openingOf(interaction, renderId, context);
  if (opening === undefined) return;
  const fields = fieldsSchema.safeParse(modalFields(interaction));
  if (!fields.success) return tell(interaction, texts.say(interaction.locale, 'report.empty'), context);
  const { hideAfterReports } = await policies.of(opening.guildId);
  const report = { memberId: interaction.user.id, atMs: clock.now(), why: fields.data.why };
  const answer = await moderation.store.report(opening, report, hideAfterReports);
  await context.service.answersNoMore(renderId);
  await tell(interaction, texts.say(interaction.locale, `report.${answer.kind}`), context);
  moderation.kickCards();
};

/** The case of a video of this guild that others see; undefined: there is none, and the member was told so. */
async function openingOf(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  renderId: string,
  context: BotContext,
): Promise<CaseOpening | undefined> {
  const { service, texts } = context;
  const render = await service.get(renderId);
  const opening = render === undefined ? openingByMessage(interaction, renderId) : reportOpeningOf(render);
  const isSeen = render === undefined || (render.outcome?.kind === 'video' && !render.private);
  if (isSeen && opening !== undefined && opening.guildId === interaction.guildId) return opening;
  await tell(interaction, texts.say(interaction.locale, 'press.unknown'), context);
  return undefined;
}

/** A video outlives its record, which its member and time delete: then its message tells whose it is, and where. */
function openingByMessage(
  { client, guildId, message }: ButtonInteraction | ModalSubmitInteraction,
  renderId: string,
): CaseOpening | undefined {
  if (guildId === null || message?.author.id !== client.user.id || message.attachments.size === 0) return undefined;
  const memberId = /<@(\d{1,20})>/.exec(message.content)?.[1] ?? message.interactionMetadata?.user.id;
  if (memberId === undefined) return undefined;
  return {
    ...{ guildId, memberId, renderId, channelId: message.channelId, messageId: message.id, kind: 'report' },
    ...{ reason: null, detail: null, portraitHash: null, portraitKey: null },
  };
}
