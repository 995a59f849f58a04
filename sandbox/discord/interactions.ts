import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { EventHub, InteractionKind } from './events.ts';
import { answerDeadlineMs, interactionTokenLifetimeMs } from './numbers.ts';
import type { Modal } from './rest/component-schema.ts';
import type { NextId } from './snowflake.ts';

/** The bot's first answer to an interaction. */
export interface Acknowledgement {
  kind: 'message' | 'deferred' | 'deferred-update' | 'update' | 'modal' | 'choices' | 'none';
  /** Discord's number of the response; 0 for `none`: no answer came within 3 s. */
  type: number;
  ephemeral: boolean;
  modal?: Modal;
  choices?: { name: string; value: string | number }[];
}

export interface Interaction {
  id: string;
  token: string;
  kind: InteractionKind;
  name: string;
  memberId: string;
  channelId: string;
  guildId: string | null;
  createdAt: number;
  /** The message whose component was used, or in whose place the modal was opened. */
  sourceMessageId: string | null;
  /** Of a modal: the interaction that opened it. */
  openedById?: string;
  acknowledgement: Acknowledgement | null;
  /** What `@original` means. */
  originalId: string | null;
  followUpIds: string[];
  acknowledged: Promise<Acknowledgement>;
}

export type NewInteraction = Pick<
  Interaction,
  'kind' | 'name' | 'memberId' | 'channelId' | 'guildId' | 'sourceMessageId' | 'openedById'
>;

export type Interactions = ReturnType<typeof createInteractions>;

/** The interactions that members caused, their tokens, and what became of them. */
export function createInteractions(deps: { clock: Clock; nextId: NextId; events: EventHub }) {
  const { clock, nextId, events } = deps;
  const byId = new Map<string, Interaction>();
  const byToken = new Map<string, Interaction>();
  const settle = new Map<string, (acknowledgement: Acknowledgement) => void>();

  function add(given: NewInteraction): Interaction {
    const acknowledged = Promise.withResolvers<Acknowledgement>();
    const id = nextId();
    const interaction: Interaction = {
      ...given,
      id,
      token: `aW50ZXJhY3Rpb246${randomBytes(48).toString('base64url')}`,
      createdAt: clock.now(),
      acknowledgement: null,
      originalId: null,
      followUpIds: [],
      acknowledged: acknowledged.promise,
    };
    byId.set(id, interaction);
    byToken.set(interaction.token, interaction);
    settle.set(id, acknowledged.resolve);
    watch(interaction);
    return interaction;
  }

  const overdue = (interaction: Interaction) =>
    interaction.acknowledgement === null && clock.now() - interaction.createdAt > answerDeadlineMs;

  function acknowledge(interaction: Interaction, acknowledgement: Acknowledgement): void {
    interaction.acknowledgement = acknowledgement;
    settle.get(interaction.id)?.(acknowledgement);
    settle.delete(interaction.id);
    events.emit('interaction-answered', { interactionId: interaction.id, acknowledgement });
  }

  /** Ends an interaction that nobody answered, when its time by the stand-in's clock is over. */
  function watch(interaction: Interaction): void {
    const leftMs = interaction.createdAt + answerDeadlineMs - clock.now();
    setTimeout(() => expire(interaction) || watch(interaction), Math.max(leftMs, 50)).unref();
  }

  /** True when there is nothing left to wait for. */
  function expire(interaction: Interaction): boolean {
    if (overdue(interaction)) acknowledge(interaction, { kind: 'none', type: 0, ephemeral: false });
    return interaction.acknowledgement !== null;
  }

  /** To be called when the clock was moved. */
  function clockMoved(): void {
    for (const id of [...settle.keys()]) {
      const interaction = byId.get(id);
      if (interaction) expire(interaction);
    }
  }

  const tokenExpired = (interaction: Interaction) => clock.now() - interaction.createdAt >= interactionTokenLifetimeMs;

  return {
    add,
    acknowledge,
    overdue,
    tokenExpired,
    clockMoved,
    get: (id: string) => byId.get(id),
    withToken: (token: string) => byToken.get(token),
  };
}
