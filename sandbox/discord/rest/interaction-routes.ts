import { z } from 'zod';
import type { Core } from '../core.ts';
import type { Acknowledgement, Interaction } from '../interactions.ts';
import { messagePayload } from '../message-payload.ts';
import type { StoredMessage } from '../message-types.ts';
import { interactionTypes, messageFlags, responseTypes } from '../numbers.ts';
import { type Answer, invalidForm, noContent, ok, type Result, refusals, refused, value } from './answers.ts';
import { modalSchema } from './component-schema.ts';
import { checkMessage } from './message-schema.ts';
import { type RestRequest, type Route, route } from './router.ts';
import { check } from './validation.ts';

/** The first answer to an interaction. */
export function interactionRoutes(core: Core): Route[] {
  return [
    route(
      'POST',
      '/interactions/:interactionId/:token/callback',
      ({ interactionId, token }, request) => callback(core, interactionId, token, request),
      { auth: false },
    ),
  ];
}

const responseSchema = z.looseObject({ type: z.int(), data: z.unknown().optional() });
const deferralSchema = z.looseObject({ flags: z.int().min(0).nullish() }).nullish();
const choicesSchema = z.looseObject({
  choices: z
    .array(z.looseObject({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) }))
    .max(25),
});

type Done = { acknowledgement: Acknowledgement; message: StoredMessage | null };

function callback(core: Core, interactionId: string, token: string, request: RestRequest): Answer {
  const { interactions } = core;
  const interaction = interactions.get(interactionId);
  if (!interaction || interaction.token !== token || interactions.overdue(interaction)) return refusals.unknownInteraction;
  if (interaction.acknowledgement?.kind === 'none') return refusals.unknownInteraction;
  if (interaction.acknowledgement) return refusals.alreadyAcknowledged;
  const response = check(responseSchema, request.json ?? {});
  if (!response.ok) return response.answer;
  const { type, data } = response.value;
  if (!allowedResponses(interaction).includes(type)) {
    return invalidForm([
      {
        path: ['type'],
        code: 'INTERACTION_APPLICATION_COMMAND_INVALID_RESPONSE',
        message: `Response type ${type} is not allowed here.`,
      },
    ]);
  }
  const done = carryOut(core, interaction, type, data, request);
  if (!done.ok) return done.answer;
  const { acknowledgement, message } = done.value;
  interaction.originalId = message?.id ?? null;
  interactions.acknowledge(interaction, acknowledgement);
  if (request.query.get('with_response') !== 'true') return noContent;
  return ok(callbackPayload(core, interaction, type, message));
}

function allowedResponses(interaction: Interaction): number[] {
  const { message, deferredMessage, deferredUpdate, update, modal, autocomplete } = responseTypes;
  switch (interaction.kind) {
    case 'command':
      return [message, deferredMessage, modal];
    case 'component':
      return [message, deferredMessage, deferredUpdate, update, modal];
    case 'autocomplete':
      return [autocomplete];
    case 'modal':
      return interaction.sourceMessageId === null
        ? [message, deferredMessage]
        : [message, deferredMessage, deferredUpdate, update];
  }
}

function carryOut(core: Core, interaction: Interaction, type: number, data: unknown, request: RestRequest): Result<Done> {
  switch (type) {
    case responseTypes.message:
      return respondWithMessage(core, interaction, data, request);
    case responseTypes.deferredMessage:
      return defer(core, interaction, data);
    case responseTypes.modal: {
      const modal = check(modalSchema, data);
      return modal.ok ? done({ kind: 'modal', type, ephemeral: false, modal: modal.value }, null) : modal;
    }
    case responseTypes.autocomplete: {
      const list = check(choicesSchema, data);
      return list.ok ? done({ kind: 'choices', type, ephemeral: false, choices: list.value.choices }, null) : list;
    }
    default:
      return update(core, interaction, type, data, request);
  }
}

const done = (acknowledgement: Acknowledgement, message: StoredMessage | null): Result<Done> =>
  value({ acknowledgement, message });

function respondWithMessage(core: Core, interaction: Interaction, data: unknown, request: RestRequest): Result<Done> {
  const body = checkMessage(data);
  if (!body.ok) return body;
  const ephemeral = Boolean((body.value.flags ?? 0) & messageFlags.ephemeral);
  const made = core.messages.create({ ...place(core, interaction, ephemeral), body: body.value, uploads: request.files });
  return made.ok ? done({ kind: 'message', type: responseTypes.message, ephemeral }, made.value) : made;
}

function defer(core: Core, interaction: Interaction, data: unknown): Result<Done> {
  const body = check(deferralSchema, data);
  if (!body.ok) return body;
  const ephemeral = Boolean((body.value?.flags ?? 0) & messageFlags.ephemeral);
  const made = core.messages.create({ ...place(core, interaction, ephemeral), body: {}, uploads: [], loading: true });
  return made.ok ? done({ kind: 'deferred', type: responseTypes.deferredMessage, ephemeral }, made.value) : made;
}

function update(core: Core, interaction: Interaction, type: number, data: unknown, request: RestRequest): Result<Done> {
  const source = interaction.sourceMessageId === null ? undefined : core.messages.alive(interaction.sourceMessageId);
  if (!source) return refused(refusals.unknownMessage);
  const ephemeral = source.ephemeralFor !== null;
  if (type === responseTypes.deferredUpdate) return done({ kind: 'deferred-update', type, ephemeral }, source);
  const body = checkMessage(data, source.flags);
  if (!body.ok) return body;
  const edited = core.messages.edit(source, body.value, request.files);
  return edited.ok ? done({ kind: 'update', type, ephemeral }, edited.value) : edited;
}

/** Where a response appears, and to whom. */
export function place(core: Core, interaction: Interaction, ephemeral: boolean) {
  return {
    channelId: interaction.channelId,
    authorId: core.world.bot.id,
    interactionId: interaction.id,
    ephemeralFor: ephemeral ? interaction.memberId : null,
  };
}

/** The callback response object (interactions/receiving-and-responding#interaction-callback-interaction-callback-response-object). */
function callbackPayload(core: Core, interaction: Interaction, type: number, message: StoredMessage | null) {
  const kinds = {
    command: interactionTypes.command,
    component: interactionTypes.component,
    autocomplete: interactionTypes.autocomplete,
    modal: interactionTypes.modalSubmit,
  };
  const about = message && {
    response_message_id: message.id,
    response_message_loading: message.loading,
    response_message_ephemeral: message.ephemeralFor !== null,
  };
  return {
    interaction: { id: interaction.id, type: kinds[interaction.kind], ...about },
    ...(message ? { resource: { type, message: messagePayload(message, core) } } : {}),
  };
}
