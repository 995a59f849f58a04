import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  PermissionFlagsBits,
  type RepliableInteraction,
} from 'discord.js';
import { z } from 'zod';
import type { PolicyChange } from '../../core/policies.ts';
import type { Policy } from '../../core/policy.ts';
import { type BotContext, type ButtonHandler, type ModalHandler, type SelectHandler, tell } from '../command.ts';
import { toCustomId } from '../custom-id.ts';
import { describeError } from '../describe-error.ts';
import { modalFields } from '../modal-fields.ts';
import { missingPermissions } from '../permissions.ts';
import type { Texts } from '../texts/texts.ts';
import { changedLines, changedSettings, changedView, problemsText, resetView } from '../views/settings.ts';
import { button, rowOf } from '../views/view.ts';
import { formOf } from './form.ts';
import { readForm } from './read-form.ts';
import { SECTION_NAMES, type Section } from './sections.ts';

/** Ten entries of the audit log are shown in one message. */
const LONGEST_NOTE = 150;

/** Whether this member may change this guild's settings now; if not, the member is told so. */
export async function mayManage(interaction: RepliableInteraction, guildId: string, context: BotContext): Promise<boolean> {
  const { texts } = context;
  if (interaction.guildId !== guildId) {
    await tell(interaction, texts.say(interaction.locale, 'settings.otherServer'), context);
    return false;
  }
  // An administrator passes too.
  if (interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild)) return true;
  await tell(interaction, texts.say(interaction.locale, 'settings.notYours'), context);
  return false;
}

/** The form of a section as the answer, filled in with what holds now. */
export async function openForm(
  interaction: ChatInputCommandInteraction | ButtonInteraction | Parameters<SelectHandler<'settings'>>[0],
  section: Section,
  guildId: string,
  context: BotContext,
): Promise<void> {
  if (!(await mayManage(interaction, guildId, context))) return;
  const { answers, bounds, policies, texts } = context;
  const policy = await policies.of(guildId);
  await answers.showModal(interaction, formOf({ section, guildId, policy, bounds, locale: interaction.locale, texts }));
}

/** The menu below the settings. */
export const chooseSection: SelectHandler<'settings'> = async (interaction, [guildId], context) => {
  const chosen = z.tuple([z.enum(SECTION_NAMES)]).safeParse(interaction.values);
  if (!chosen.success) return tell(interaction, context.texts.say(interaction.locale, 'settings.unknown'), context);
  return openForm(interaction, chosen.data[0], guildId, context);
};

/** "Fill in again", after something was wrong. */
export const pressForm: ButtonHandler<'settings-form'> = (interaction, [section, guildId], context) =>
  openForm(interaction, section, guildId, context);

/** A form that was sent: all of it is taken, or nothing. */
export const sendForm: ModalHandler<'settings-form'> = async (interaction, [section, guildId], context) => {
  if (!(await mayManage(interaction, guildId, context))) return;
  const { answers, bounds, policies, texts } = context;
  const { locale } = interaction;
  const read = readForm(section, modalFields(interaction), await policies.of(guildId), bounds);
  if (!read.ok) {
    const again = button(toCustomId('settings-form', section, guildId), texts.say(locale, 'button.fillInAgain'));
    const content = problemsText(read.problems, { locale, texts });
    await answers.replyPrivately(interaction, { content, components: rowOf(again) });
    return;
  }
  const unusable = cannotPost(interaction, read.change, texts);
  if (unusable !== undefined) return tell(interaction, unusable, context);
  await confirm(interaction, guildId, await policies.set(guildId, read.change), context);
};

/** That the bot could not post in the channel for moderators that a change names; undefined: it can, or the channel is not known here. */
export function cannotPost(
  { guild, locale }: RepliableInteraction,
  { moderationChannelId }: Partial<Policy>,
  texts: Texts,
): string | undefined {
  const channel = typeof moderationChannelId === 'string' ? guild?.channels.cache.get(moderationChannelId) : undefined;
  const me = guild?.members.me;
  if (channel === undefined || !me) return undefined;
  const missing = missingPermissions(channel.permissionsFor(me).bitfield, channel.isThread());
  const names = missing.map(name => texts.say(locale, `refusal.permission.${name}`)).join(', ');
  return missing.length === 0
    ? undefined
    : texts.say(locale, 'settings.cannotPost', { channel: `<#${channel.id}>`, missing: names });
}

/** `/hallo-settings reset`: asks first. */
export async function askReset(interaction: ChatInputCommandInteraction, guildId: string, context: BotContext): Promise<void> {
  if (!(await mayManage(interaction, guildId, context))) return;
  await context.answers.replyPrivately(interaction, resetView(guildId, { locale: interaction.locale, texts: context.texts }));
}

/** Back to the operator's defaults, also where what is stored can't be read. */
export const pressReset: ButtonHandler<'settings-reset'> = async (interaction, [guildId], context) => {
  if (!(await mayManage(interaction, guildId, context))) return;
  await confirm(interaction, guildId, await context.policies.reset(guildId), context);
};

/** Tells before and after, and leaves a trace of who changed what. */
export async function confirm(
  interaction: RepliableInteraction,
  guildId: string,
  { before, after }: PolicyChange,
  context: BotContext,
): Promise<void> {
  const { locale, user } = interaction;
  const { clock, log, moderation, service, texts } = context;
  const lines = changedLines(before, after, { locale, texts });
  if (lines.length === 0) return tell(interaction, texts.say(locale, 'settings.unchanged'), context);
  log('policy-changed', { guildId, memberId: user.id, changed: changedSettings(before, after).join(' ') });
  try {
    const what = lines.join('; ');
    const note = what.length > LONGEST_NOTE ? `${what.slice(0, LONGEST_NOTE - 1)}…` : what;
    await moderation.store.noteSettings(guildId, note, { by: user.id, atMs: clock.now() });
    await service.policyChanged(guildId);
  } catch (error) {
    // The change itself stands.
    log('policy-change-not-noted', { guildId, ...describeError(error, [interaction.token]) });
  }
  await context.answers.replyPrivately(interaction, changedView('settings.changed', lines, { locale, texts }));
}
