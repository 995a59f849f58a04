import pg from 'pg';
import { backoffMs } from '../../core/backoff.ts';

/** Hears what processes tell each other through Postgres, on a connection of its own. A message tells nothing that the tables don't. */
export type Listener = {
  /** `heard` gets each message of the channel; `missed` is called when some may have been missed, since the connection is a new one. */
  on(channel: string, heard: (message: string) => void, missed?: () => void): Promise<() => void>;
  /** Whether all that was said more than two seconds ago has been heard. */
  hears(): boolean;
  close(): Promise<void>;
};

const CHECK_EVERY_MS = 1_000;
const CHECK_TIMEOUT_MS = 3_000;
/** A connection that was cut without a word is found out by a check that is not answered; until then it counts as good. */
const GOOD_FOR_MS = 1_800;
const RETRY_BACKOFF = { baseMs: 100, capMs: 2_000 };

type Subscription = { channel: string; heard: (message: string) => void; missed: () => void };

/** Connects at once; whenever the connection breaks, again. */
export async function createListener(url: string): Promise<Listener> {
  const subscriptions = new Set<Subscription>();
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let attempt = 0;
  let closed = false;
  /** By the machine's own time: when the connection was last known to be good. */
  let goodAtMs = Number.NEGATIVE_INFINITY;

  async function connect(): Promise<void> {
    const next = new pg.Client({
      ...{ connectionString: url, keepAlive: true, application_name: 'hallo-listener' },
      ...{ connectionTimeoutMillis: CHECK_TIMEOUT_MS, query_timeout: CHECK_TIMEOUT_MS },
    });
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    next.on('notification', ({ channel, payload = '' }) => {
      for (const subscription of subscriptions) if (subscription.channel === channel) subscription.heard(payload);
    });
    client = next;
    try {
      await next.connect();
      for (const channel of new Set([...subscriptions].map(each => each.channel))) await listenTo(next, channel);
    } catch (error) {
      lost(next);
      throw error;
    }
    if (closed) return void next.end().catch(() => {});
    attempt = 0;
    goodAtMs = performance.now();
    for (const subscription of subscriptions) subscription.missed();
  }

  function lost(which: pg.Client): void {
    if (client !== which) return;
    client = undefined;
    which.removeAllListeners();
    which.on('error', () => {});
    which.end().catch(() => {});
    if (closed || retry) return;
    retry = setTimeout(
      () => {
        retry = undefined;
        connect().catch(() => {});
      },
      backoffMs(attempt++, RETRY_BACKOFF, Math.random),
    );
  }

  await connect();
  // One that was cut without a word never ends by itself.
  const checks = setInterval(() => {
    const [asked, askedAtMs] = [client, performance.now()];
    asked?.query('select 1').then(
      () => {
        if (asked === client) goodAtMs = askedAtMs;
      },
      () => lost(asked),
    );
  }, CHECK_EVERY_MS);

  return {
    async on(channel, heard, missed = () => {}) {
      const subscription = { channel, heard, missed };
      subscriptions.add(subscription);
      if (client) await listenTo(client, channel);
      return () => void subscriptions.delete(subscription);
    },
    hears: () => client !== undefined && performance.now() < goodAtMs + GOOD_FOR_MS,
    async close() {
      closed = true;
      clearInterval(checks);
      clearTimeout(retry);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}

async function listenTo(client: pg.Client, channel: string): Promise<void> {
  await client.query(`listen ${client.escapeIdentifier(channel)}`);
}
