import { useEffect, useRef } from 'preact/hooks';
import type { Leaf } from '../commands.ts';
import { html } from '../html.ts';

/** The commands that fit what was typed. The focus stays in the message box. */
export function CommandList({
  id,
  leaves,
  at,
  choose,
}: {
  id: string;
  leaves: readonly Leaf[];
  at: number;
  choose: (leaf: Leaf) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at]);
  return html`
    <ul class="command-list" role="listbox" id=${`${id}-list`} aria-label="Commands" ref=${list}>
      ${leaves.map(
        (leaf, index) => html`
          <li key=${leaf.title} role="option" id=${`${id}-${index}`} aria-selected=${index === at} onClick=${() => choose(leaf)}>
            <b>${leaf.title}</b><span>${leaf.description}</span>
          </li>
        `,
      )}
      ${
        leaves.length === 0 &&
        html`<li role="option" aria-selected="false"
        aria-disabled="true"><span>There is no such command here.</span></li>`
      }
    </ul>
  `;
}
