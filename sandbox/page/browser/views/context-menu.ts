import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PageAnswer, PageChannel, PageMessage } from '../../protocol.ts';
import { menuCommands, nameIn } from '../commands.ts';
import { html } from '../html.ts';
import { nameOf, usePage } from '../page.ts';
import { focusMessages } from './focus.ts';

/** Where a menu opens, in pixels of the window. */
export interface MenuPlace {
  x: number;
  y: number;
}

interface Item {
  label: string;
  danger?: boolean;
  choose: () => void;
}

/** What can be done with a message: the bot's own commands first. */
export function MessageMenu(props: { message: PageMessage; channel: PageChannel; place: MenuPlace; close: () => void }) {
  const { message, channel, place, close } = props;
  const { sight, act, change } = usePage();
  const locale = sight.users.find(each => each.id === sight.memberId)?.locale ?? 'en-US';
  const onMessage = menuCommands(sight, channel, 3).map(({ body }) =>
    itemOf(nameIn(locale, body), () =>
      act({ act: 'message-menu', channelId: channel.id, name: body.name, messageId: message.id }),
    ),
  );
  const onUser = menuCommands(sight, channel, 2).map(({ body }) =>
    itemOf(`${nameIn(locale, body)}: ${nameOf(sight, message.authorId)}`, () =>
      act({ act: 'user-menu', channelId: channel.id, name: body.name, userId: message.authorId }),
    ),
  );
  const mayDelete = message.authorId === sight.memberId || channel.moderates || message.ephemeralFor === sight.memberId;
  const remove: Item = {
    label: message.ephemeralFor ? 'Dismiss message' : 'Delete message',
    danger: true,
    choose: () => void act({ act: 'remove', messageId: message.id }).then(focusMessages),
  };
  const copy: Item = { label: 'Copy text', choose: () => void navigator.clipboard.writeText(message.content) };
  function itemOf(label: string, use: () => Promise<PageAnswer>): Item {
    const choose = async () => {
      const answer = await use();
      if (!answer.ok) change({ kind: 'note', channelId: channel.id, text: answer.problem });
    };
    return { label, choose: () => void choose() };
  }
  return html`<${Menu} label="Message" items=${[...onMessage, ...onUser, copy, ...(mayDelete ? [remove] : [])]}
    place=${place} close=${close} />`;
}

/** A menu that takes the focus, and gives it back. */
function Menu({ label, items, place, close }: { label: string; items: readonly Item[]; place: MenuPlace; close: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const it = menu.current;
    if (!it) return;
    const { offsetWidth: width, offsetHeight: height } = it;
    it.style.left = `${Math.max(8, Math.min(place.x, innerWidth - width - 8))}px`;
    it.style.top = `${Math.max(8, Math.min(place.y, innerHeight - height - 8))}px`;
    it.querySelector('button')?.focus();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  useEffect(() => {
    const away = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target)) close();
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  });
  function onKeyDown(event: KeyboardEvent) {
    const buttons = [...(menu.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex(each => each.matches(':focus'));
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const to = moves[event.key];
    if (to !== undefined) buttons.at(to % buttons.length)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  const choose = (item: Item) => {
    close();
    item.choose();
  };
  return html`
    <div class="menu" role="menu" aria-label=${label} ref=${menu} onKeyDown=${onKeyDown}>
      ${items.map(
        item => html`<button type="button" role="menuitem" tabindex="-1" class=${item.danger ? 'danger' : ''}
        onClick=${() => choose(item)}>${item.label}</button>`,
      )}
    </div>
  `;
}
