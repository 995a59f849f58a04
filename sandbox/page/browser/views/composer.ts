import { useId, useMemo, useRef, useState } from 'preact/hooks';
import { limits } from '../../../discord/numbers.ts';
import type { PageChannel } from '../../protocol.ts';
import { type Leaf, slashCommands } from '../commands.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { CommandForm } from './command-form.ts';
import { CommandList } from './command-list.ts';
import { ChosenFiles, onPick, useFilesOfThePage } from './files.ts';
import { Icon } from './icon.ts';

/** Where one writes: words and files as they are, commands after a `/`. */
export function Composer({ channel }: { channel: PageChannel }) {
  const { sight, act } = usePage();
  const id = useId();
  const [text, setText] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [at, setAt] = useState(0);
  const [leaf, setLeaf] = useState<Leaf | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const locale = sight.users.find(each => each.id === sight.memberId)?.locale ?? 'en-US';
  const leaves = useMemo(() => slashCommands(sight, channel, locale), [sight, channel, locale]);
  const typesCommand = text.startsWith('/');
  const matches = typesCommand ? leaves.filter(each => each.title.startsWith(text.trimEnd()) || each.title.startsWith(text)) : [];
  const here = Math.min(at, Math.max(0, matches.length - 1));
  const isEmpty = text.trim() === '' && files.length === 0;
  // A command's form takes them itself.
  useFilesOfThePage(attach, leaf === null && channel.mayWrite);

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

  function attach(given: readonly File[]) {
    const all = [...files, ...given];
    setFiles(all.slice(0, limits.attachments));
    setProblem(all.length > limits.attachments ? `A message takes ${limits.attachments} files` : null);
  }

  async function say() {
    if (isEmpty || busy) return;
    setBusy(true);
    const answer = await act({ act: 'say', channelId: channel.id, content: text }, files);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    setText('');
    setFiles([]);
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
      ${files.length > 0 && html`<div class="files"><${ChosenFiles} files=${files} onChange=${setFiles} next=${input} /></div>`}
      <div class="box">
        <button type="button" class="plain" aria-label="Commands" onClick=${beginCommand}><${Icon} name="plus" /></button>
        <button type="button" class="plain" aria-label="Attach files"
          onClick=${() => picker.current?.click()}><${Icon} name="file" /></button>
        <input type="file" ref=${picker} hidden multiple aria-label="Files of the message" onChange=${onPick(attach)} />
        <input type="text" ref=${input} role="combobox" aria-expanded=${typesCommand} aria-controls=${`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant=${matches[here] ? `${id}-${here}` : undefined}
          aria-label=${`Message ${channel.name ? `#${channel.name}` : 'Hallo'}`}
          placeholder=${`Message ${channel.name ? `#${channel.name}` : 'Hallo'}, or / for commands`}
          maxlength=${limits.contentLength} autocomplete="off" value=${text} onKeyDown=${onKeyDown}
          onInput=${onInput} />
        <button type="button" class="plain" aria-label="Send" aria-busy=${busy} disabled=${isEmpty || typesCommand}
          onClick=${say}><${Icon} name="send" /></button>
      </div>
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    </div>
  `;
}
