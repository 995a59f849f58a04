import type { Policy } from '../core/policy.ts';
import type { RenderRequest } from '../core/render.ts';
import type { RenderService } from '../core/service.ts';
import type { Deferral } from './answers.ts';
import { askConsent } from './ask-consent.ts';
import { type Asking, askerOf } from './asker.ts';
import { type BotContext, tell } from './command.ts';
import { describeError } from './describe-error.ts';
import type { Wishes } from './drafts.ts';
import { tellWarning } from './tell-warning.ts';
import { refusalText } from './views/refusal.ts';

/**
 * The one way to a new render: admission, then the deferral. Whatever is refused is refused in private, and before anything
 * is paid; who has not consented yet is asked for it. The row is there before the deferral, so that no deferral is ever without an owner.
 */
export async function startRender(interaction: Asking, wishes: Wishes, context: BotContext): Promise<void> {
  const { service, policies, answers, texts, clock } = context;
  const { guildId, channelId, locale } = interaction;
  if (guildId === null || channelId === null) return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
  // Before anything is ordered: who reads it can still think better of it.
  if (await tellWarning(interaction, guildId, context)) return;
  // Not by Discord's clock: the token's age is told by ours, and they may differ by minutes.
  const request = requestOf({ guildId, channelId, askedAtMs: clock.now() }, interaction, wishes, await policies.of(guildId));
  const admitted = await service.admit(request, askerOf(interaction, request.private));
  if (!admitted.ok && admitted.refusal.kind === 'consent') return askConsent(interaction, guildId, wishes, context);
  if (!admitted.ok) return tell(interaction, refusalText(admitted.refusal, locale, texts), context);

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

function requestOf(
  where: Pick<RenderRequest, 'guildId' | 'channelId' | 'askedAtMs'>,
  interaction: Asking,
  wishes: Wishes,
  policy: Policy,
): RenderRequest {
  return {
    ...wishes,
    ...where,
    memberId: interaction.user.id,
    applicationId: interaction.applicationId,
    interactionId: interaction.id,
    interactionToken: interaction.token,
    // What others read too is in the guild's language, if it has set one.
    locale: wishes.private ? interaction.locale : (policy.language ?? interaction.locale),
    memberLocale: interaction.locale,
    spoiler: wishes.spoiler || policy.spoilerAlways,
    weights: { ...policy.weights, ...wishes.weights },
    attachmentSizeLimitBytes: interaction.attachmentSizeLimit,
  };
}
