import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { type Action, act, follow, order } from './client.ts';
import { html } from './html.ts';
import { type Page, PageContext } from './page.ts';
import { initialState, reduce } from './state.ts';
import { Backstage } from './views/backstage.ts';
import { Chat } from './views/chat.ts';
import { ModalDialog } from './views/modal.ts';
import { Sidebar } from './views/sidebar.ts';

type Drawer = 'channels' | 'backstage' | null;

const memberKey = 'member';
const noAnswer = 'The application did not respond';

/** The whole page: follows what a member sees and hands it to the views. */
export function App() {
  const [state, change] = useReducer(reduce, initialState);
  const [memberId, setMemberId] = useState(sessionStorage.getItem(memberKey));
  const [drawer, setDrawer] = useState<Drawer>(null);

  useEffect(
    () =>
      follow(memberId, {
        event: event => change({ kind: 'event', event }),
        connected: up => change({ kind: 'connected', up }),
      }),
    [memberId],
  );

  // A drawer takes the focus, and gives it back.
  useLayoutEffect(() => {
    if (drawer === null) return;
    const before = document.activeElement;
    document.querySelector<HTMLElement>(`#${drawer} button.close`)?.focus();
    return () => before instanceof HTMLElement && before.focus();
  }, [drawer]);

  const become = useCallback((id: string) => {
    sessionStorage.setItem(memberKey, id);
    setMemberId(id);
  }, []);

  const page = useMemo((): Page | null => {
    const { sight, channelId } = state;
    if (sight === null) return null;
    return {
      ...{ state, sight, change, order },
      act: async (action, files) => {
        const answer = await act({ ...action, memberId: sight.memberId } as Action, files);
        if (!answer.ok || answer.acknowledgement === undefined) return answer;
        const { interactionId, acknowledgement } = answer;
        if (acknowledgement.modal && interactionId !== undefined)
          change({ kind: 'modal', modal: { interactionId, modal: acknowledgement.modal } });
        // Of a component the message itself tells, right where it was used.
        if (acknowledgement.kind === 'none' && 'channelId' in action)
          change({ kind: 'note', channelId: action.channelId, text: noAnswer });
        else if (acknowledgement.kind === 'none' && action.act === 'modal' && channelId !== null)
          change({ kind: 'note', channelId, text: noAnswer });
        return answer;
      },
    };
  }, [state]);

  if (page === null) return html`<p class="starting" role="status">Connecting to the sandbox…</p>`;
  const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && setDrawer(null);
  const toggle = (which: Drawer) => setDrawer(drawer === which ? null : which);
  return html`
    <${PageContext.Provider} value=${page}>
      <div class="app" data-drawer=${drawer ?? 'none'} data-member=${page.sight.memberId}
        onKeyDown=${onKeyDown}>
        <${Sidebar} become=${become} close=${() => setDrawer(null)} />
        <${Chat} drawer=${drawer} toggle=${toggle} />
        <${Backstage} close=${() => setDrawer(null)} />
        ${drawer && html`<button type="button" class="veil" aria-label="Close the panel" onClick=${() => setDrawer(null)}></button>`}
      </div>
      ${state.modal && html`<${ModalDialog} key=${state.modal.interactionId} open=${state.modal} />`}
    <//>
  `;
}
