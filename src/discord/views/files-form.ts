import { ComponentType } from 'discord.js';
import { FILE_TYPES, type InputName } from '../attachment.ts';
import { toCustomId } from '../custom-id.ts';
import type { SomeWishes } from '../drafts.ts';
import type { Texts } from '../texts/texts.ts';
import { labelled, type Modal, modalOf } from './modal.ts';
import { button, rowOf, type View, viewOf } from './view.ts';

const INPUT_NAMES = ['portrait', 'voice'] as const satisfies readonly InputName[];

const missingOf = (found: Pick<SomeWishes, InputName>) => INPUT_NAMES.filter(name => found[name] === undefined);

/** What is missing, with the way to the form. */
export function filesMissingView(draftId: string, found: Pick<SomeWishes, InputName>, locale: string, texts: Texts): View {
  const lines = missingOf(found).map(name => `- ${texts.say(locale, `form.animate.${name}.label`)}`);
  const open = button(toCustomId('animate', draftId), texts.say(locale, 'button.consent'), 'main');
  return viewOf([`**${texts.say(locale, 'form.animate.title')}**`, ...lines], rowOf(open));
}

/** Asks for a file of each kind that is missing; the fields are named as the inputs are. */
export function filesForm(draftId: string, found: Pick<SomeWishes, InputName>, locale: string, texts: Texts): Modal {
  const fields = missingOf(found).map(name =>
    labelled(texts.say(locale, `form.animate.${name}.label`), texts.say(locale, `form.animate.${name}.hint`), {
      type: ComponentType.FileUpload,
      custom_id: name,
      required: true,
      file_types: [...FILE_TYPES[name]],
    }),
  );
  return modalOf(toCustomId('animate', draftId), texts.say(locale, 'form.animate.title'), ...fields);
}
