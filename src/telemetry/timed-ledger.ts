import { Histogram, type Registry } from 'prom-client';
import type { Ledger } from '../core/ports.ts';

/** The operations of the ledger whose time is measured: those that a render, or a member, waits for. */
const TIMED = ['admit', 'get', 'advance', 'update', 'requestCancel', 'claimNext', 'takeOver', 'recent'] as const;

/** The ledger, with the time that each of its operations takes as a figure. */
export function timedLedger(ledger: Ledger, registry: Registry): Ledger {
  const seconds = new Histogram({
    name: 'hallo_storage_seconds',
    help: 'Time of the store, by operation of the ledger',
    labelNames: ['operation'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  function timed<Args extends unknown[], Value>(operation: string, work: (...args: Args) => Promise<Value>) {
    return async (...args: Args): Promise<Value> => {
      const end = seconds.startTimer({ operation });
      try {
        return await work(...args);
      } finally {
        end();
      }
    };
  }
  const over = Object.fromEntries(TIMED.map(name => [name, timed<never[], unknown>(name, ledger[name])]));
  return Object.assign({}, ledger, over);
}
