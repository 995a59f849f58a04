import { z } from 'zod';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { OrderError } from './order-error.ts';
import type { ProviderRequest } from './protocol.ts';

const requestsSchema = z.object({
  requests: z.array(
    z.object({
      id: z.string(),
      state: z.string(),
      receivedAt: z.iso.datetime(),
      endedAt: z.iso.datetime().nullable(),
      progress: z.number().nullable(),
      costUsd: z.number().nullable(),
    }),
  ),
  billedUsd: z.number(),
});
const faultsSchema = z.object({ pending: z.array(z.looseObject({ fault: z.string(), times: z.number() })) });
const refusalSchema = z.object({ error: z.string() });

/** What the provider has in its books, and what is ordered there. */
export interface ProviderBooks {
  requests: ProviderRequest[];
  billedUsd: number;
  pending: z.output<typeof faultsSchema>['pending'];
}

export type Provider = ReturnType<typeof createProvider>;

const timeoutMs = 5_000;
const requestsKept = 30;

/** The Hallo API server's books and faults, by its admin routes. */
export function createProvider(baseUrl: string) {
  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await fetch(new URL(path, baseUrl), { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(() => {
      throw new OrderError('the provider is away');
    });
    const json: unknown = await response.json();
    if (response.ok) return json;
    throw new OrderError(refusalSchema.safeParse(json).data?.error ?? `the provider answered ${response.status}`);
  }

  return {
    /** Rejects while the provider is away. */
    books: async (): Promise<ProviderBooks> => {
      const { requests, billedUsd } = requestsSchema.parse(await ask('/admin/requests'));
      const { pending } = faultsSchema.parse(await ask('/admin/faults'));
      const times = requests.map(({ receivedAt, endedAt, ...rest }) => ({
        ...rest,
        receivedAt: Date.parse(receivedAt),
        endedAt: endedAt === null ? null : Date.parse(endedAt),
      }));
      return { requests: times.slice(-requestsKept), billedUsd, pending };
    },
    order: async (fault: FaultOrderInput): Promise<void> => {
      const headers = { 'content-type': 'application/json' };
      await ask('/admin/faults', { method: 'POST', headers, body: JSON.stringify(fault) });
    },
    clear: async (): Promise<void> => {
      await ask('/admin/faults', { method: 'DELETE' });
    },
  };
}
