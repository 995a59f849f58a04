import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { componentTypes as types } from '../../../discord/numbers.ts';
import { type Component, componentsOf } from '../components.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import type { OpenModal } from '../state.ts';
import { Icon } from './icon.ts';
import { Markdown } from './markdown.ts';
import { type FieldValue, initialValue, ModalField } from './modal-field.ts';

/** A dialogue of the bot's. The browser keeps the focus inside and gives it back. */
export function ModalDialog({ open }: { open: OpenModal }) {
  const { act, change } = usePage();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const parts = componentsOf(open.modal.components);
  const fields = parts.flatMap(fieldsIn);
  const [values, setValues] = useState<Record<string, FieldValue>>(() =>
    Object.fromEntries(fields.map(each => [each.custom_id ?? '', initialValue(each)])),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('.modal-body :is(input, textarea, button)')?.focus();
  }, []);
  const close = () => change({ kind: 'modal', modal: null });

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const files: File[] = [];
    const sent: Record<string, string | string[] | boolean | { files: number[] }> = {};
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) continue;
      const holdsFiles = typeof value === 'object' && 'files' in value;
      sent[key] = holdsFiles ? { files: value.files.map(file => files.push(file) - 1) } : value;
    }
    const answer = await act({ act: 'modal', interactionId: open.interactionId, values: sent }, files);
    setBusy(false);
    if (answer.ok) close();
    else setProblem(answer.problem);
  }

  return html`
    <dialog class="modal" ref=${dialog} aria-labelledby=${id} onClose=${close}>
      <form onSubmit=${submit}>
        <header>
          <h2 id=${id}>${open.modal.title}</h2>
          <button type="button" class="plain" aria-label="Close" onClick=${() => dialog.current?.close()}><${Icon}
            name="close" /></button>
        </header>
        <div class="modal-body">
          ${parts.map(part =>
            part.type === types.textDisplay
              ? html`<${Markdown} text=${part.content ?? ''} />`
              : fieldsIn(part).map(field => {
                  const key = field.custom_id ?? '';
                  return html`<${ModalField} key=${key} field=${field} label=${part.label ?? field.label ?? ''}
                    description=${part.description}
                    value=${values[key]}
                      onChange=${(value: FieldValue) => setValues(before => ({ ...before, [key]: value }))} />`;
                }),
          )}
          ${problem && html`<p class="problem" role="alert">${problem}</p>`}
        </div>
        <footer>
          <button type="button" class="button secondary" onClick=${() => dialog.current?.close()}>Cancel</button>
          <button type="submit" class="button primary" aria-busy=${busy}>Submit</button>
        </footer>
      </form>
    </dialog>
  `;
}

function fieldsIn(part: Component): Component[] {
  if (part.component) return [part.component];
  return part.components ?? [];
}
