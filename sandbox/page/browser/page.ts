import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { PageAnswer, PageGuild, Sight } from '../protocol.ts';
import type { Action, OrderRequest } from './client.ts';
import type { Change, State } from './state.ts';

type WithoutMember<Each> = Each extends { memberId: string } ? Omit<Each, 'memberId'> : Each;

/** What every view can reach. */
export interface Page {
  state: State;
  sight: Sight;
  change: (change: Change) => void;
  /** Does something as the member whose eyes the page looks through; modals open by themselves. */
  act: (action: WithoutMember<Action>, files?: readonly File[]) => Promise<PageAnswer>;
  order: (request: OrderRequest) => Promise<PageAnswer>;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('this view stands outside of the page');
  return page;
}

/** The guild of a channel; undefined for direct messages. */
export function guildOf(sight: Sight, channelId: string): PageGuild | undefined {
  return sight.guilds.find(guild => guild.channels.some(channel => channel.id === channelId));
}

export function nameOf(sight: Sight, userId: string): string {
  return sight.users.find(each => each.id === userId)?.displayName ?? 'Somebody';
}

/** The stand-in's time, as often as asked. */
export function useNow(everyMs: number): number {
  const { state } = usePage();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + (state.backstage?.clockAheadMs ?? 0);
}
