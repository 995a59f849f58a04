import type { ServerResponse } from 'node:http';
import type { Discord, RecordedRequest } from '../discord/index.ts';
import type { BackstageKeeper } from './backstage.ts';
import type { PageEvent } from './protocol.ts';
import { messageOf, sightOf } from './sight.ts';
import { offeredSwitches } from './switches.ts';

const heartbeatMs = 15_000;

export interface FeedDeps {
  discord: Discord;
  backstage: BackstageKeeper;
  /** The last requests of the bot, oldest first. */
  requests: () => readonly RecordedRequest[];
}

export type Feeds = ReturnType<typeof createFeeds>;

/** The open streams of server-sent events: each shows what one member sees, from a whole picture on. */
export function createFeeds({ discord, backstage, requests }: FeedDeps) {
  const open = new Set<(event: PageEvent) => void>();

  function openFor(memberId: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const tell = (event: PageEvent) => void response.write(`data: ${JSON.stringify(event)}\n\n`);
    const look = () => tell({ kind: 'sight', sight: sightOf(discord, memberId) });
    tell({ kind: 'switches', switches: offeredSwitches });
    look();
    tell({ kind: 'requests', requests: [...requests()] });
    void backstage.look().then(each => tell({ kind: 'backstage', backstage: each }));

    const offEvents = follow(discord, memberId, tell, look);
    const offWatch = backstage.watch();
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    open.add(tell);
    response.on('close', () => {
      clearInterval(heartbeat);
      offEvents();
      offWatch();
      open.delete(tell);
    });
  }

  return {
    openFor,
    /** Tells everyone who watches. */
    tellAll: (event: PageEvent): void => {
      for (const tell of open) tell(event);
    },
  };
}

/** Tells what happens in the chat, as far as the member sees it. */
function follow(discord: Discord, memberId: string, tell: (event: PageEvent) => void, look: () => void): () => void {
  const { events, messages } = discord;
  const show = ({ message }: { message: Parameters<typeof messageOf>[1] }) => {
    if (messages.visibleTo(message, memberId)) tell({ kind: 'message', message: messageOf(discord, message) });
  };
  const offs = [
    events.on('message-created', show),
    events.on('message-edited', show),
    events.on('message-deleted', ({ message }) => tell({ kind: 'message-gone', id: message.id })),
    events.on('world-changed', look),
    events.on('commands-registered', look),
    events.on('request', request => tell({ kind: 'requests', requests: [request] })),
  ];
  return () => {
    for (const off of offs) off();
  };
}
