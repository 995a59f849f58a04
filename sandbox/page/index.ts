import type { Discord, RecordedRequest } from '../discord/index.ts';
import { type BotControl, createBackstage } from './backstage.ts';
import { createFeeds, type Feeds } from './feed.ts';
import { createPageHandler } from './handler.ts';
import { createProvider } from './provider.ts';

export type { BotControl } from './backstage.ts';

export interface PageOptions {
  discord: Discord;
  /** Where the Hallo API server listens, with its admin routes and faults. */
  providerUrl?: string;
  bot?: BotControl;
}

const requestsKept = 200;

/** Serves the page on the stand-in's own port. */
export function addPage({ discord, providerUrl, bot }: PageOptions): void {
  const requests: RecordedRequest[] = [];
  discord.events.on('request', request => {
    requests.push(request);
    if (requests.length > requestsKept) requests.shift();
  });
  const provider = providerUrl === undefined ? undefined : createProvider(providerUrl);
  const backstage = createBackstage({
    discord,
    provider,
    bot,
    onChange: each => feeds.tellAll({ kind: 'backstage', backstage: each }),
  });
  const feeds: Feeds = createFeeds({ discord, backstage, requests: () => requests });
  discord.addPage(createPageHandler({ discord, backstage, feeds }));
}
