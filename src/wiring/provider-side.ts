import { type Breaker, createBreaker } from '../core/breaker.ts';
import type { Provider } from '../core/ports.ts';
import { createRequestBudget, type RequestBudget } from '../core/request-budget.ts';
import { createSegmindProvider } from '../provider/segmind-provider.ts';
import { SegmindClient } from '../segmind/index.ts';
import type { Ground } from './ground.ts';

/** Who renders, and what holds calls back: the budget of calls a minute, and the breaker. */
export type ProviderSide = { provider: Provider; budget: RequestBudget; breaker: Breaker; close(): Promise<void> };

export function wireProvider({ config, clock, random, timeouts, telemetry, around, storage }: Ground): ProviderSide {
  const { apiKey, baseUrl, uploadUrl, requestsPerMinute, estimateUsd } = config.provider;
  const { wakeups, signals, sharedCalls } = storage;
  const client = new SegmindClient({
    ...{ apiKey: apiKey ?? null, clock, random, timeouts },
    ...(baseUrl && { baseUrl }),
    ...(uploadUrl && { uploadUrl }),
  });
  const provider = around.provider(createSegmindProvider(client, telemetry));
  const budget = createRequestBudget({ requestsPerMinute, clock, shared: sharedCalls?.(requestsPerMinute) });
  const onClose = () => void wakeups.kick();
  const breaker = createBreaker({ provider, clock, telemetry, signals, needUsd: estimateUsd, onClose });
  return { provider, budget, breaker, close: () => client.close() };
}
