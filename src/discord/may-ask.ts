import { type Asking, askerOf } from './asker.ts';
import { type BotContext, tell } from './command.ts';
import type { SomeWishes } from './drafts.ts';
import { tellWarning } from './tell-warning.ts';
import { refusalText } from './views/refusal.ts';

/**
 * Asks the guards before a form does: nobody shall fill one in to be refused. `told`: they were refused, or warned. All is asked again when
 * the form comes back.
 */
export async function mayAsk(
  interaction: Asking,
  guildId: string,
  wishes: SomeWishes,
  context: BotContext,
): Promise<'yes' | 'consent' | 'told'> {
  if (await tellWarning(interaction, guildId, context)) return 'told';
  const { policies, service, texts } = context;
  const weights = { ...(await policies.of(guildId)).weights, ...wishes.weights };
  const asked = { ...wishes, weights, guildId, memberId: interaction.user.id };
  const refusal = await service.look(asked, askerOf(interaction, wishes.private));
  if (refusal === undefined) return 'yes';
  if (refusal.kind === 'consent') return 'consent';
  await tell(interaction, refusalText(refusal, interaction.locale, texts), context);
  return 'told';
}
