import { ComponentType, type ModalSubmitInteraction } from 'discord.js';
import type { Source } from '../../core/render.ts';
import { attachmentSource, type InputName } from '../attachment.ts';
import { type ButtonHandler, type ModalHandler, tell } from '../command.ts';
import { areComplete } from '../drafts.ts';
import { startRender } from '../start-render.ts';
import { filesForm } from '../views/files-form.ts';

/** Opens the form, where it could not be opened at once. */
export const pressAnimate: ButtonHandler<'animate'> = async (interaction, [draftId], context) => {
  const { answers, drafts, texts } = context;
  const { guildId, locale, user } = interaction;
  const draft = await drafts.get(draftId, { guildId, memberId: user.id });
  if (draft === undefined || areComplete(draft.wishes)) return tell(interaction, texts.say(locale, 'animate.expired'), context);
  await answers.showModal(interaction, filesForm(draftId, draft.wishes, locale, texts));
};

/** With what was missing, the render begins like any other. */
export const sendAnimate: ModalHandler<'animate'> = async (interaction, [draftId], context) => {
  const { drafts, policies, texts } = context;
  const { guildId, locale, user } = interaction;
  const isSpent = await drafts.spend(draftId, { guildId, memberId: user.id }, async draft => {
    // It may have been switched off meanwhile.
    const { messageCommand } = await policies.of(draft.guildId);
    if (!messageCommand) return tell(interaction, texts.say(locale, 'refusal.messageCommand'), context);
    const { portrait = uploaded(interaction, 'portrait'), voice = uploaded(interaction, 'voice') } = draft.wishes;
    if (portrait === undefined || voice === undefined) return tell(interaction, texts.say(locale, 'animate.missing'), context);
    await startRender(interaction, { ...draft.wishes, portrait, voice }, context);
  });
  if (!isSpent) await tell(interaction, texts.say(locale, 'animate.expired'), context);
};

/** Undefined: the field is not there, or without a file. */
function uploaded({ fields }: ModalSubmitInteraction, name: InputName): Source | undefined {
  const field = fields.fields.get(name);
  if (field?.type !== ComponentType.FileUpload) return undefined;
  // discord.js leaves it out where Discord resolved no file.
  const attachment = field.attachments?.first();
  return attachment === undefined ? undefined : attachmentSource(attachment);
}
