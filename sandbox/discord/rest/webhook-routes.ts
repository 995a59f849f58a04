import type { Core } from '../core.ts';
import type { Interaction } from '../interactions.ts';
import { messagePayload } from '../message-payload.ts';
import type { StoredMessage } from '../message-types.ts';
import { messageFlags } from '../numbers.ts';
import { noContent, ok, type Result, refusals, refused, value } from './answers.ts';
import { place } from './interaction-routes.ts';
import { checkMessage } from './message-schema.ts';
import { type RestRequest, type Route, route } from './router.ts';

/** What an interaction's token allows after the first answer: the original response and follow-ups, for 15 minutes. */
export function webhookRoutes(core: Core): Route[] {
  const base = '/webhooks/:applicationId/:token';
  const one = `${base}/messages/:messageId` as const;
  const open = { auth: false };
  return [
    route(
      'POST',
      base,
      ({ applicationId, token }, request) => {
        const made = followUp(core, applicationId, token, request);
        return made.ok ? ok(messagePayload(made.value, core)) : made.answer;
      },
      open,
    ),
    route(
      'GET',
      one,
      ({ applicationId, token, messageId }) => {
        const found = find(core, applicationId, token, messageId);
        return found.ok ? ok(messagePayload(found.value, core)) : found.answer;
      },
      open,
    ),
    route(
      'PATCH',
      one,
      ({ applicationId, token, messageId }, request) => {
        const found = find(core, applicationId, token, messageId);
        if (!found.ok) return found.answer;
        const edited = edit(core, found.value, request);
        return edited.ok ? ok(messagePayload(edited.value, core)) : edited.answer;
      },
      open,
    ),
    route(
      'DELETE',
      one,
      ({ applicationId, token, messageId }) => {
        const found = find(core, applicationId, token, messageId);
        if (!found.ok) return found.answer;
        core.messages.remove(found.value);
        return noContent;
      },
      open,
    ),
  ];
}

function interactionOf(core: Core, applicationId: string, token: string): Result<Interaction> {
  if (applicationId !== core.world.bot.id) return refused(refusals.unknownWebhook);
  const interaction = core.interactions.withToken(token);
  if (!interaction || core.interactions.tokenExpired(interaction)) return refused(refusals.invalidWebhookToken);
  if (!core.world.channels.has(interaction.channelId)) return refused(refusals.unknownChannel);
  const answered = interaction.acknowledgement !== null && interaction.acknowledgement.kind !== 'none';
  return answered ? value(interaction) : refused(refusals.unknownWebhook);
}

function find(core: Core, applicationId: string, token: string, messageId: string): Result<StoredMessage> {
  const interaction = interactionOf(core, applicationId, token);
  if (!interaction.ok) return interaction;
  const { originalId, followUpIds } = interaction.value;
  const id = messageId === '@original' ? originalId : messageId;
  const mine = id !== null && (id === originalId || followUpIds.includes(id));
  const message = mine ? core.messages.alive(id) : undefined;
  return message ? value(message) : refused(refusals.unknownMessage);
}

function edit(core: Core, message: StoredMessage, request: RestRequest): Result<StoredMessage> {
  const body = checkMessage(request.json, message.flags);
  return body.ok ? core.messages.edit(message, body.value, request.files) : body;
}

/** A new message; while the deferral still waits, its first edit instead, with the visibility that it was deferred with. */
function followUp(core: Core, applicationId: string, token: string, request: RestRequest): Result<StoredMessage> {
  const found = interactionOf(core, applicationId, token);
  if (!found.ok) return found;
  const interaction = found.value;
  const original = interaction.originalId === null ? undefined : core.messages.alive(interaction.originalId);
  if (original?.loading) return edit(core, original, request);
  const body = checkMessage(request.json);
  if (!body.ok) return body;
  const ephemeral = Boolean((body.value.flags ?? 0) & messageFlags.ephemeral);
  const made = core.messages.create({ ...place(core, interaction, ephemeral), body: body.value, uploads: request.files });
  if (made.ok) interaction.followUpIds.push(made.value.id);
  return made;
}
