import { useEffect, useRef, useState } from 'preact/hooks';
import { optionTypes } from '../../../discord/numbers.ts';
import type { CommandOption } from '../../../discord/rest/command-schema.ts';
import type { PageChannel } from '../../protocol.ts';
import type { Leaf } from '../commands.ts';
import { fits, sampleFor, takesPictures, takesSound } from '../files.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';
import { useFilesOfThePage } from './files.ts';
import { Icon } from './icon.ts';
import { OptionField, type OptionFieldValue } from './option-field.ts';

/** A command's options as fields; sent as the member's client would. */
export function CommandForm(props: { leaf: Leaf; channel: PageChannel; locale: string; close: () => void }) {
  const { leaf, channel, locale, close } = props;
  const { act } = usePage();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Record<string, OptionFieldValue>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (name: string, value: OptionFieldValue) => setValues(before => ({ ...before, [name]: value }));
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select, button[type=submit]')?.focus(), []);

  /** Puts a file into the first empty option that takes it, wherever it was dropped or pasted. */
  function place(files: readonly File[]) {
    const next = { ...values };
    setProblem(null);
    for (const file of files) {
      const free = attachments(leaf).find(each => next[each.name] === undefined && fits(file, each.file_types ?? []));
      if (free) next[free.name] = file;
      else setProblem(`No option here takes ${file.name}`);
    }
    setValues(next);
  }
  useFilesOfThePage(place);

  async function takeSamples() {
    for (const option of attachments(leaf)) {
      const sample = await sampleFor(option.file_types ?? []);
      if (sample) set(option.name, sample);
    }
  }

  async function send(event: Event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const files: File[] = [];
    const options = Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        if (value === undefined || value === '') return [];
        return [[name, value instanceof File ? { file: files.push(value) - 1 } : value]];
      }),
    );
    const { command, path } = leaf;
    const answer = await act({ act: 'command', channelId: channel.id, name: command.body.name, path, options }, files);
    setBusy(false);
    if (answer.ok) close();
    else setProblem(answer.problem);
  }

  const fields = (options: readonly CommandOption[]) =>
    options.map(
      option => html`<${OptionField} key=${option.name} option=${option} locale=${locale} channel=${channel}
      value=${values[option.name]} onChange=${(value: OptionFieldValue) => set(option.name, value)} />`,
    );
  const required = leaf.options.filter(each => each.required === true);
  const optional = leaf.options.filter(each => each.required !== true);
  const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && close();
  return html`
    <form class="command-form" ref=${form} aria-label=${leaf.title} onSubmit=${send} onKeyDown=${onKeyDown}>
      <header>
        <p><b>${leaf.title}</b> ${leaf.description}</p>
        <button type="button" class="plain" aria-label=${`Leave ${leaf.title}`} onClick=${close}><${Icon} name="close" /></button>
      </header>
      <div class="fields">${fields(required)}</div>
      ${
        required.length > 0 && optional.length > 0
          ? html`<details><summary>${optional.length} more ${optional.length === 1 ? 'option' : 'options'}</summary><div
            class="fields">${fields(optional)}</div></details>`
          : html`<div class="fields">${fields(optional)}</div>`
      }
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
      <footer>
        ${
          attachments(leaf).some(each => takesPictures(each.file_types ?? []) || takesSound(each.file_types ?? [])) &&
          html`<button type="button" class="button secondary" onClick=${takeSamples}>Use the samples</button>`
        }
        <button type="submit" class="button primary" aria-busy=${busy}><${Icon}
          name="send" />${busy ? 'Sending…' : 'Send'}</button>
      </footer>
    </form>
  `;
}

const attachments = (leaf: Leaf) => leaf.options.filter(each => each.type === optionTypes.attachment);
