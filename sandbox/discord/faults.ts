import { rateLimited } from './rate-limits.ts';
import type { Answer } from './rest/answers.ts';

interface RequestFault {
  /** Default: any. */
  method?: string;
  /**
   * Which requests, by path after /api/v10: segments literal, `:name` or `*` for any one, `**` at the end for any rest.
   * Default: all. Attachments count by their own path (`/ephemeral-attachments/**`), and only where they are named.
   */
  route?: string;
  /** How many requests it meets. Default 1. */
  times?: number;
  /** Only requests that bring files. */
  withFiles?: boolean;
}

/** What can be ordered to go wrong with requests to the REST API. */
export type RestFault =
  /** Answered so, without being carried out; with `handled: true` it is carried out first. */
  | (RequestFault & {
      fault: 'answer';
      status: number;
      code?: number;
      message?: string;
      json?: unknown;
      headers?: Record<string, string>;
      handled?: boolean;
    })
  /** The connection is cut, before (`handled: false`) or after the request was carried out. */
  | (RequestFault & { fault: 'drop'; handled: boolean })
  | (RequestFault & { fault: 'latency'; delayMs: number })
  | (RequestFault & { fault: 'rate-limit'; retryAfterMs: number; scope: 'user' | 'global' | 'shared' });

/** What can be ordered to go wrong at the gateway. */
export type GatewayFault =
  | { fault: 'close-gateway'; code: number }
  /** The connection is cut without a close frame. */
  | { fault: 'drop-gateway' }
  | { fault: 'reconnect' }
  | { fault: 'invalid-session'; resumable: boolean }
  /** The next resumes are answered with an invalid session. */
  | { fault: 'refuse-resume'; times?: number };

export type Fault = RestFault | GatewayFault;

export type FaultBox = ReturnType<typeof createFaults>;

/** Keeps what was ordered until it is due. */
export function createFaults() {
  let ordered: { fault: RestFault; left: number }[] = [];
  let resumeRefusals = 0;

  /**
   * The faults that meet a request; each is used up by one. `named`: by those alone that name a route. `withFiles`: the
   * request brings files.
   */
  function take(method: string, path: string, is: { named?: boolean; withFiles?: boolean } = {}): RestFault[] {
    const may = (fault: RestFault) =>
      (is.named !== true || fault.route !== undefined) && (is.withFiles === true || fault.withFiles !== true);
    const met = ordered.filter(each => each.left > 0 && may(each.fault) && meets(each.fault, method, path));
    for (const each of met) each.left -= 1;
    ordered = ordered.filter(each => each.left > 0);
    return met.map(each => each.fault);
  }

  return {
    take,
    add: (fault: RestFault) => {
      ordered.push({ fault, left: fault.times ?? 1 });
    },
    refuseResumes: (times: number) => {
      resumeRefusals += times;
    },
    takeResumeRefusal: () => {
      const due = resumeRefusals > 0;
      if (due) resumeRefusals -= 1;
      return due;
    },
    /** What is still to come, with the number of times that are left. */
    pending: () => ordered.map(({ fault, left }) => ({ ...fault, times: left })),
    clear: () => {
      ordered = [];
      resumeRefusals = 0;
    },
  };
}

function meets(fault: RestFault, method: string, path: string): boolean {
  return (
    (fault.method === undefined || fault.method === method) && (fault.route === undefined || matchesRoute(fault.route, path))
  );
}

/** Whether a path is one of a route's. */
export function matchesRoute(route: string, path: string): boolean {
  const want = route.split('/');
  const have = path.split('/');
  if (want.at(-1) === '**') {
    want.pop();
    have.length = Math.min(have.length, want.length);
  }
  return (
    want.length === have.length && want.every((segment, at) => segment === '*' || segment.startsWith(':') || segment === have[at])
  );
}

/** The answer that a fault stands for. */
function faultAnswer(fault: RestFault & { fault: 'answer' }): Answer {
  const json =
    fault.json ?? (fault.status === 204 ? undefined : { message: fault.message ?? 'Ordered fault', code: fault.code ?? 0 });
  return { status: fault.status, ...(json === undefined ? {} : { json }), ...(fault.headers ? { headers: fault.headers } : {}) };
}

/** What becomes of a request: an answer, or a cut connection. */
export type Outcome = { kind: 'answer'; answer: Answer } | { kind: 'drop' };

/** Carries a request out as the faults that meet it allow. */
export async function withFaults(faults: readonly RestFault[], run: () => Promise<Answer>): Promise<Outcome> {
  for (const fault of faults) {
    switch (fault.fault) {
      case 'latency':
        await new Promise(resolve => setTimeout(resolve, fault.delayMs));
        break;
      case 'rate-limit':
        return answered(rateLimited(fault.retryAfterMs, fault.scope));
      case 'drop':
        if (fault.handled) await run();
        return { kind: 'drop' };
      case 'answer':
        if (fault.handled) await run();
        return answered(faultAnswer(fault));
    }
  }
  return answered(await run());
}

export const answered = (answer: Answer): Outcome => ({ kind: 'answer', answer });
