import type { ButtonInteraction, ChatInputCommandInteraction } from 'discord.js';
import type { RenderRequest } from '../core/render.ts';
import type { RenderService } from '../core/service.ts';
import type { Deferral } from './answers.ts';
import { type BotContext, tell } from './command.ts';
import { describeError } from './describe-error.ts';
import { missingPermissions } from './permissions.ts';
import { problemText } from './views/problem.ts';
import { refusalText } from './views/refusal.ts';

export type Asking = ChatInputCommandInteraction | ButtonInteraction;

/** What the member chose; the rest of a request is who asked, where and when. */
export type Wishes = Pick<RenderRequest, 'private' | 'spoiler' | 'weights' | 'portrait' | 'voice'>;

/**
 * The one way to a new render: checks on the payload, admission, deferral. Whatever is refused is refused in private, and
 * before anything is paid. The row is there before the deferral, so that no deferral is ever without an owner.
 */
export async function startRender(interaction: Asking, wishes: Wishes, context: BotContext): Promise<void> {
  const { service, answers, texts } = context;
  const request = requestOf(interaction, wishes);
  if (request === undefined) return tell(interaction, texts.say(interaction.locale, 'refusal.guildOnly'), context);
  const refusal = refusedByPayload(interaction, request, context);
  if (refusal !== undefined) return tell(interaction, refusal, context);
  const admitted = await service.admit(request);
  if (!admitted.ok) return tell(interaction, refusalText(admitted.refusal, request.locale, texts), context);

  const renderId = admitted.render.id;
  const deferral = await answers.defer(interaction, { private: request.private });
  context.log('deferral', { renderId, deferral: deferral.kind });
  try {
    await recordDeferral(renderId, deferral, service);
  } catch (error) {
    // The row stands, and the life cycle will look for its message. An apology would take that message's place.
    context.log('deferral-not-recorded', { renderId, ...describeError(error, [interaction.token]) });
  }
}

async function recordDeferral(renderId: string, deferral: Deferral, service: RenderService): Promise<void> {
  switch (deferral.kind) {
    case 'stands':
      return service.deferred(renderId, deferral.messageId);
    case 'never':
      return service.neverDeferred(renderId);
    case 'unknown':
      // The life cycle looks for the message; until then nothing is begun.
      return;
  }
}

function requestOf(interaction: Asking, wishes: Wishes): RenderRequest | undefined {
  if (interaction.guildId === null || interaction.channelId === null) return undefined;
  return {
    ...wishes,
    guildId: interaction.guildId,
    channelId: interaction.channelId,
    memberId: interaction.user.id,
    applicationId: interaction.applicationId,
    interactionId: interaction.id,
    interactionToken: interaction.token,
    askedAtMs: interaction.createdTimestamp,
    locale: interaction.locale,
    attachmentSizeLimitBytes: interaction.attachmentSizeLimit,
  };
}

/** What stands in the way by the payload alone, as a text. */
function refusedByPayload(interaction: Asking, request: RenderRequest, { texts, checkInputs }: BotContext): string | undefined {
  const { locale } = request;
  // A private answer comes by the interaction's token, for which the bot needs no right in the channel.
  const inThread = interaction.channel?.isThread() ?? false;
  const missing = request.private ? [] : missingPermissions(interaction.appPermissions.bitfield, inThread);
  if (missing.length > 0) {
    const names = missing.map(name => texts.say(locale, `refusal.permission.${name}`)).join(', ');
    return texts.say(locale, 'refusal.permissions', { missing: names });
  }
  const problem = checkInputs(request);
  if (problem === undefined) return undefined;
  const what = problemText(problem, locale, texts) ?? texts.say(locale, 'reason.input.what');
  return `${texts.say(locale, 'failure.line', { what })}\n${texts.say(locale, 'failure.charged.no')}`;
}
