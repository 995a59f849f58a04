import type { Render, RenderRequest } from './render.ts';

/** A render as it begins: admitted, its deferral not yet confirmed. */
export function admitted(request: RenderRequest, id: string, nowMs: number, reservedUsd: number): Render {
  return {
    ...request,
    id,
    phase: 'preparing',
    phaseAtMs: nowMs,
    admittedAtMs: nowMs,
    messageId: null,
    prepared: null,
    notBeforeMs: 0,
    submitAttempts: 0,
    job: null,
    missingSinceMs: null,
    outputUrl: null,
    cancelledAtMs: null,
    outcome: null,
    reservedUsd,
    costUsd: null,
    placeUntilMs: null,
    videoKey: null,
    videoBytes: null,
    deliveryAttempts: 0,
    rung: null,
    finalChannelId: null,
    finalMessageId: null,
    farewellAtMs: null,
    pingedAtMs: null,
    closedAtMs: null,
  };
}
