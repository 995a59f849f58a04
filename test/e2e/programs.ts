import { z } from 'zod';
import { PHASES, type Phase } from '../../src/core/phases.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { type Child, until } from './processes.ts';

const adminRequests = z.object({
  requests: z.array(
    z.object({
      ...{ id: z.string(), state: z.string(), costUsd: z.number().nullable(), starts: z.number() },
      weights: z.object({ poseWeight: z.number() }).nullable(),
      receivedAt: z.string(),
      endedAt: z.string().nullable(),
    }),
  ),
  billedUsd: z.number(),
});
const adminFaults = z.object({ pending: z.array(z.unknown()) });

/** The Hallo API server, which `start` starts on a port ('0': any free one). */
export async function startServerProgram(start: (port: string) => Child) {
  const listening = /listening on (http:\/\/127\.0\.0\.1:(\d+))/;
  let child = start('0');
  const [, url = '', port = ''] = await child.line(listening);
  const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
    const answer = await fetch(new URL(path, url), init);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const record = async () => adminRequests.parse(await ask('/admin/requests'));
  const pending = async () => adminFaults.parse(await ask('/admin/faults')).pending.length;

  return {
    url,
    /** The server's own record of the submits that it took and of its bills. */
    record,
    async order(fault: FaultOrderInput): Promise<void> {
      const headers = { 'content-type': 'application/json' };
      await ask('/admin/faults', { method: 'POST', headers, body: JSON.stringify(fault) });
    },
    /** Ends what was ordered, and with it what it holds up. */
    async clear(): Promise<void> {
      await ask('/admin/faults', { method: 'DELETE' });
    },
    /** Resolves when each ordered fault was met by what it is for. */
    met: () => until('a call that meets the fault', async () => (await pending()) === 0),
    /** Resolves when no render is under way any more, those included that nobody waits for. */
    quiet: () =>
      until('the end of every request', async () =>
        (await record()).requests.every(({ state }) => /COMPLETED|FAILED/.test(state)),
      ),
    kill: () => child.end('SIGKILL'),
    /** On the same port, with the same data. */
    async restart(): Promise<void> {
      child = start(port);
      await child.line(listening);
    },
  };
}

/** The bot, which `start` starts. */
export async function startBotProgram(start: () => Child) {
  let operator = '';
  let child = await connected();

  /** Starts it and waits until it is connected to Discord. */
  async function connected(): Promise<Child> {
    const started = start();
    [, operator = ''] = await started.line(/"operator":"([^"]+)".*"msg":"ready"/);
    return started;
  }

  /** The bot's own figures, as an operator reads them. */
  async function figures() {
    const text = await (await fetch(`${operator}/metrics`)).text();
    const figure = (name: string) =>
      Number(
        text
          .split('\n')
          .find(line => line.startsWith(`${name} `))
          ?.slice(name.length),
      );
    const inPhase = (phase: Phase) => figure(`hallo_renders{phase="${phase}"}`);
    const open = PHASES.filter(phase => phase !== 'closed').reduce((sum, phase) => sum + inPhase(phase), 0);
    return { inPhase, open, closed: inPhase('closed'), spentUsd: figure('hallo_spent_usd{span="month"}') };
  }

  return {
    /** A second one, which is not waited for. */
    another: start,
    /** Again, on the same data. */
    async restart(): Promise<void> {
      child = await connected();
    },
    /** At once, so that it can be called from within an event. */
    killNow: () => child.signal('SIGKILL'),
    gone: () => child.ended,
    isGone: () => child.isEnded(),
    end: (signal: NodeJS.Signals) => child.end(signal),
    figures,
    /** Resolves when a render stands in this phase. */
    phase: (phase: Phase) => until(`a render in ${phase}`, async () => (await figures()).inPhase(phase) > 0),
    /** Resolves when no render is on its way any more. */
    quiet: (withinMs?: number) => until('the end of every render', async () => (await figures()).open === 0, withinMs),
  };
}
