import type { Signals } from '../../core/ports.ts';
import type { Database } from './database.ts';

/** Signals as messages of Postgres: `signal <owner> <topic> <text>`. */
export function createSignals(
  { query }: Database,
  { owner, onError }: { owner: string; onError: (error: unknown) => void },
): Signals & { heard(message: string): void } {
  const listeners = new Map<string, (text: string) => void>();
  return {
    tell(topic, text) {
      query(`select pg_notify('hallo', $1)`, [`signal ${owner} ${topic} ${text}`]).catch(onError);
    },
    on(topic, listener) {
      listeners.set(topic, listener);
    },
    heard(message) {
      const [, from, topic = '', ...text] = message.split(' ');
      if (from !== owner) listeners.get(topic)?.(text.join(' '));
    },
  };
}
