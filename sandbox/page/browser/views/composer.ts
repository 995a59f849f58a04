import { useId, useMemo, useRef, useState } from 'preact/hooks';
import type { PageChannel } from '../../protocol.ts';
import { type Leaf, slashCommands } from '../commands.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { CommandForm } from './command-form.ts';
import { CommandList } from './command-list.ts';
import { Icon } from './icon.ts';

/** Where one writes: words as they are, commands after a `/`. */
export function Composer({ channel }: { channel: PageChannel }) {
  const { sight, act } = usePage();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [leaf, setLeaf] = useState<Leaf | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const locale = sight.users.find(each => each.id === sight.memberId)?.locale ?? 'en-US';
  const leaves = useMemo(() => slashCommands(sight, channel, locale), [sight, channel, locale]);
  const typesCommand = text.startsWith('/');
  const matches = typesCommand ? leaves.filter(each => each.title.startsWith(text.trimEnd()) || each.title.startsWith(text)) : [];
  const here = Math.min(at, Math.max(0, matches.length - 1));

  function choose(chosen: Leaf) {
    setLeaf(chosen);
    setText('');
    setAt(0);
  }

  function beginCommand() {
    setText('/');
    input.current?.focus();
  }

  function onInput({ currentTarget }: { currentTarget: HTMLInputElement }) {
    setText(currentTarget.value);
    setAt(0);
  }

  function leave() {
    setLeaf(null);
    requestAnimationFrame(() => input.current?.focus());
  }

  async function say() {
    if (text.trim() === '') return;
    const answer = await act({ act: 'say', channelId: channel.id, content: text });
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) setText('');
  }

  function onKeyDown(event: KeyboardEvent) {
    const chosen = matches[here];
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' && typesCommand) setAt(Math.min(here + 1, matches.length - 1));
    else if (event.key === 'ArrowUp' && typesCommand) setAt(Math.max(here - 1, 0));
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) choose(chosen);
    else if (event.key === 'Enter' && !typesCommand) void say();
    else if (event.key === 'Escape' && text !== '') setText('');
    else return;
    event.preventDefault();
  }

  if (leaf)
    return html`<div class="composer"><${CommandForm} key=${leaf.title} leaf=${leaf} channel=${channel} locale=${locale}
      close=${leave} /></div>`;
  if (!channel.mayWrite) return html`<div class="composer"><p class="quiet">You may not write here.</p></div>`;
  return html`
    <div class="composer">
      ${typesCommand && html`<${CommandList} id=${id} leaves=${matches} at=${here} choose=${choose} />`}
      <div class="box">
        <button type="button" class="plain" aria-label="Commands" onClick=${beginCommand}><${Icon} name="plus" /></button>
        <input type="text" ref=${input} role="combobox" aria-expanded=${typesCommand} aria-controls=${`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant=${matches[here] ? `${id}-${here}` : undefined}
          aria-label=${`Message ${channel.name ? `#${channel.name}` : 'Hallo'}`}
          placeholder=${`Message ${channel.name ? `#${channel.name}` : 'Hallo'}, or / for commands`}
          maxlength="2000" autocomplete="off" value=${text} onKeyDown=${onKeyDown}
          onInput=${onInput} />
        <button type="button" class="plain" aria-label="Send" disabled=${text.trim() === '' || typesCommand}
          onClick=${say}><${Icon} name="send" /></button>
      </div>
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    </div>
  `;
}
