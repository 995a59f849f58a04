import type { RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { acceptOf, filesIn, fits, sampleFor, takesPictures, takesSound } from '../files.ts';
import { html } from '../html.ts';
import { sizeText } from '../text/time.ts';
import { Icon } from './icon.ts';
import { Recorder } from './recorder.ts';

export interface FilesProps {
  label: string;
  /** As Discord declares them: `image`, or endings with their dot; empty: any. */
  types: readonly string[];
  most: number;
  files: readonly File[];
  onChange: (files: File[]) => void;
}

/** Takes files by picker, drop and paste, from the samples and, for sounds, from the microphone. */
export function Files({ label, types, most, files, onChange }: FilesProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  /** Holds as long as nothing else was chosen since. */
  const [problem, setProblem] = useState<{ text: string; last: File | undefined } | null>(null);
  const [over, setOver] = useState(false);

  function add(given: readonly File[]) {
    const good = given.filter(each => fits(each, types));
    const kept = [...files, ...good].slice(-most);
    setProblem(good.length < given.length ? { text: `Takes ${types.join(', ')}`, last: kept.at(-1) } : null);
    if (good.length > 0) onChange(kept);
  }

  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    add(filesIn(event.dataTransfer));
  };
  const addSample = async () => {
    const sample = await sampleFor(types);
    if (sample) add([sample]);
  };
  return html`
    <div class=${over ? 'files over' : 'files'} onDragOver=${onDragOver}
      onDragLeave=${() => setOver(false)} onDrop=${onDrop}>
      <${ChosenFiles} files=${files} onChange=${onChange} next=${input} />
      <div class="ways">
        <label class="button secondary small" for=${id}>
          <${Icon} name="file" />${files.length > 0 ? 'Another file' : 'Choose a file'}
        </label>
        <input class="unseen" type="file" id=${id} ref=${input} aria-label=${`${label}: choose a file`}
          accept=${acceptOf(types)} multiple=${most > 1}
          onChange=${onPick(add)} />
        ${
          (takesPictures(types) || takesSound(types)) &&
          html`<button type="button" class="button secondary small"
          aria-label=${`${label}: take the sample`} onClick=${addSample}>Sample</button>`
        }
        ${takesSound(types) && html`<${Recorder} label=${label} onRecorded=${(file: File) => add([file])} />`}
      </div>
      <small>or drop or paste it here${types.length > 0 && html`<span> · ${types.map(each => each.replace('.', '')).join(' ')}</span>`}</small>
      ${problem?.last === files.at(-1) && problem && html`<p class="problem" role="alert">${problem.text}</p>`}
    </div>
  `;
}

/** What a file picker does with what was chosen. */
export function onPick(add: (files: File[]) => void) {
  return ({ currentTarget: picked }: { currentTarget: HTMLInputElement }) => {
    add([...(picked.files ?? [])]);
    // So that the same file can be chosen again.
    picked.value = '';
  };
}

/** Files that were chosen, each of which can be taken away again; the keyboard goes on at what is `next` then. */
export function ChosenFiles({
  files,
  onChange,
  next,
}: Pick<FilesProps, 'files' | 'onChange'> & { next: RefObject<HTMLElement> }) {
  const remove = (file: File) => {
    onChange(files.filter(each => each !== file));
    next.current?.focus();
  };
  return files.map(file => html`<${Chosen} key=${file} file=${file} remove=${() => remove(file)} />`);
}

/** A file that was chosen, as it looks or sounds. */
function Chosen({ file, remove }: { file: File; remove: () => void }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return html`
    <div class="chosen">
      ${url && file.type.startsWith('image/') && html`<img src=${url} alt="" />`}
      <span>${file.name}<small>${sizeText(file.size)}</small></span>
      <button type="button" class="plain" aria-label=${`Remove ${file.name}`} onClick=${remove}><${Icon} name="close" /></button>
      ${url && /^(audio|video)\//.test(file.type) && html`<audio src=${url} controls aria-label=${file.name}></audio>`}
    </div>
  `;
}

/** Files that are pasted, or dropped anywhere on the page. */
export function useFilesOfThePage(place: (files: File[]) => void, takes = true): void {
  // Before the form is seen, so that no file comes too early.
  useLayoutEffect(() => {
    if (!takes) return;
    const onPaste = (event: ClipboardEvent) => {
      const files = filesIn(event.clipboardData);
      if (files.length === 0) return;
      event.preventDefault();
      place(files);
    };
    const onDragOver = (event: DragEvent) => event.preventDefault();
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      place(filesIn(event.dataTransfer));
    };
    document.addEventListener('paste', onPaste);
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('paste', onPaste);
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('drop', onDrop);
    };
  });
}
