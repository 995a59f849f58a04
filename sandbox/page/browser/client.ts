import type { z } from 'zod';
import type { actionSchema } from '../actions.ts';
import type { PageAnswer, PageEvent } from '../protocol.ts';

export type Action = z.input<typeof actionSchema>;

/** What can be ordered to go wrong, by a switch's id; or that nothing shall any more. */
export type OrderRequest = { switch: string; values: Record<string, string> } | { clear: true };

async function post(path: string, json: unknown, files: readonly File[] = []): Promise<PageAnswer> {
  const form = new FormData();
  form.set('payload_json', JSON.stringify(json));
  for (const [number, file] of files.entries()) form.set(`files[${number}]`, file, file.name);
  try {
    const response = await fetch(path, { method: 'POST', body: form });
    return await response.json();
  } catch {
    return { ok: false, problem: 'the sandbox can not be reached' };
  }
}

/** Does something as a member; resolves when the bot has answered, or hasn't in time. */
export const act = (action: Action, files?: readonly File[]) => post('/page/act', action, files);

export const order = (request: OrderRequest) => post('/page/order', request);

/** Follows what a member sees; the browser connects again by itself. The returned function ends it. */
export function follow(memberId: string | null, on: { event: (event: PageEvent) => void; connected: (up: boolean) => void }) {
  const source = new EventSource(memberId === null ? '/page/feed' : `/page/feed?as=${memberId}`);
  source.addEventListener('open', () => on.connected(true));
  source.addEventListener('error', () => on.connected(false));
  source.addEventListener('message', ({ data }) => on.event(JSON.parse(data)));
  return () => source.close();
}
