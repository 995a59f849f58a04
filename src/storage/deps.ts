import type { Clock } from '../core/clock.ts';

/** What a store is handed. */
export type LedgerDeps = {
  clock: Clock;
  /** tells this process from every other one, earlier ones included */
  owner: string;
  newId: () => string;
  /** Is told of each render whose row can't be read, once: it is set aside, and the others go on. */
  onUnreadable?: (renderId: string) => void;
};
