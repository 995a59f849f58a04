import type { ButtonInteraction, ChannelType, ChatInputCommandInteraction, RepliableInteraction } from 'discord.js';
import { type Change, MOST_FILE_BYTES, type PlaceName, placed, policyFile, readPolicyFile } from '../../core/policy-file.ts';
import { type BotContext, type ButtonHandler, tell } from '../command.ts';
import { toCustomId } from '../custom-id.ts';
import { LANGUAGES } from '../texts/languages.ts';
import { changedLines, changedView } from '../views/settings.ts';
import { fileProblemsText, leftOutLines, SETTINGS_FILE_NAME } from '../views/settings-file.ts';
import { button, rowOf, viewOf } from '../views/view.ts';
import { ASKING_CHANNELS, TEXT_CHANNELS } from './form.ts';
import { cannotPost, confirm, mayManage } from './handlers.ts';

const FETCH_TIMEOUT_MS = 15_000;

/** `/hallo-settings export`: everything that is set, as a file for whoever asks. */
export async function exportSettings(
  interaction: ChatInputCommandInteraction,
  guildId: string,
  context: BotContext,
): Promise<void> {
  if (!(await mayManage(interaction, guildId, context))) return;
  const { answers, policies, texts } = context;
  const data = Buffer.from(policyFile(guildId, await policies.of(guildId)));
  const deferral = await answers.defer(interaction, { private: true });
  if (deferral.kind === 'never') return;
  const said = texts.say(interaction.locale, 'settings.file.exported');
  const file = { name: SETTINGS_FILE_NAME, data, contentType: 'application/json' };
  await answers.editOriginal(interaction, viewOf([said]), [
    { file, sizeBytes: data.length, attachment: { filename: SETTINGS_FILE_NAME, description: said } },
  ]);
}

/** `/hallo-settings import`: shows what the file would change, and changes nothing yet. */
export async function importSettings(
  interaction: ChatInputCommandInteraction,
  guildId: string,
  context: BotContext,
): Promise<void> {
  if (!(await mayManage(interaction, guildId, context))) return;
  const { answers, imports, policies, texts } = context;
  const { locale, user } = interaction;
  const { size, url } = interaction.options.getAttachment('file', true);
  const maxKb = MOST_FILE_BYTES / 1024;
  if (size > MOST_FILE_BYTES) return tell(interaction, texts.say(locale, 'settings.file.tooLarge', { maxKb }), context);
  // Fetching a file can take longer than Discord waits for a first answer.
  const deferral = await answers.defer(interaction, { private: true });
  if (deferral.kind === 'never') return;
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const text = await context.readAttachment(url, { maxBytes: MOST_FILE_BYTES, signal }).catch(() => undefined);
  const read = text === undefined ? texts.say(locale, 'settings.file.notFetched') : await readImport(interaction, text, context);
  if (text === undefined || typeof read === 'string') {
    await answers.editOriginal(interaction, viewOf([typeof read === 'string' ? read : undefined]));
    return;
  }
  const policy = await policies.of(guildId);
  const lines = changedLines(policy, { ...policy, ...read.change }, { locale, texts });
  if (lines.length === 0) {
    await answers.editOriginal(interaction, viewOf([texts.say(locale, 'settings.unchanged'), ...read.notes]));
    return;
  }
  await imports.keep(interaction.id, { guildId, memberId: user.id, wishes: { text } });
  const take = button(toCustomId('settings-import', interaction.id), texts.say(locale, 'button.import'), 'main');
  await answers.editOriginal(
    interaction,
    changedView('settings.file.preview', lines, { locale, texts }, read.notes, rowOf(take)),
  );
}

/** "Take these settings": the file is read anew, for roles, channels and what the operator allows may have changed. */
export const pressImport: ButtonHandler<'settings-import'> = async (interaction, [draftId], context) => {
  const { imports, policies, texts } = context;
  const { guildId, locale, user } = interaction;
  if (guildId === null || !(await mayManage(interaction, guildId, context))) return;
  const taken = await imports.spend(draftId, { guildId, memberId: user.id }, async ({ wishes }) => {
    const read = await readImport(interaction, wishes.text, context);
    if (typeof read === 'string') return tell(interaction, read, context);
    await confirm(interaction, guildId, await policies.set(guildId, read.change), context);
  });
  if (!taken) await tell(interaction, texts.say(locale, 'settings.file.gone'), context);
};

type ReadImport = { change: Change; notes: string[] };

/** What a file changes here, with what is to be said of it; a text: what is wrong with it. */
async function readImport(
  interaction: ChatInputCommandInteraction | ButtonInteraction,
  text: string,
  { bounds, policies, texts }: BotContext,
): Promise<ReadImport | string> {
  const { locale } = interaction;
  const guildId = interaction.guildId ?? '';
  const policy = await policies.of(guildId);
  const read = readPolicyFile(text, { guildId, policy, bounds, languages: Object.keys(LANGUAGES) });
  if (!read.ok) return fileProblemsText(read.problems, { locale, texts });
  const { change, leftOut } = placed(read.change, (name, id) => isOfGuild(interaction, name, id));
  const unusable = cannotPost(interaction, change, texts);
  return unusable ?? { change, notes: leftOutLines(read.elsewhere, leftOut, { locale, texts }) };
}

function isOfGuild({ guild }: RepliableInteraction, name: PlaceName, id: string): boolean {
  if (name === 'allowedRoles' || name === 'deniedRoles') return guild?.roles.cache.has(id) === true;
  const types: readonly ChannelType[] = name === 'moderationChannelId' ? TEXT_CHANNELS : ASKING_CHANNELS;
  const type = guild?.channels.cache.get(id)?.type;
  return type !== undefined && types.includes(type);
}
