import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Choice } from '../components.ts';
import { html } from '../html.ts';
import { Icon } from './icon.ts';

export interface PickerProps {
  label: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  least: number;
  most: number;
  disabled?: boolean;
  /** The element that says what is wrong, or what it is for. */
  describedBy?: string;
  /** Called when something was chosen: at once where one may be, else when the list closes. */
  onChoose: (values: string[]) => void;
}

/** A list that opens below a button; one or several can be chosen, by mouse or keyboard. */
export function Picker({ label, choices, chosen, least, most, disabled, describedBy, onChoose }: PickerProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState<readonly string[]>(chosen);
  const [at, setAt] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const several = most > 1;
  const labels = choices.filter(each => chosen.includes(each.value)).map(each => each.label);

  useEffect(() => {
    if (!open) return;
    const away = ({ target }: Event) => {
      if (target instanceof Node && !root.current?.contains(target)) close(draft, false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  });
  useEffect(() => {
    if (!open) return;
    // What scrolls around the list first, so that all of it is in sight, then the list.
    root.current?.querySelector('ul')?.scrollIntoView({ block: 'nearest' });
    root.current?.querySelector('[data-at=true]')?.scrollIntoView({ block: 'nearest' });
  }, [open, at]);

  function show() {
    if (disabled) return;
    setDraft(chosen);
    setAt(
      Math.max(
        0,
        choices.findIndex(each => chosen.includes(each.value)),
      ),
    );
    setOpen(true);
  }

  function close(values: readonly string[], backToButton = true) {
    setOpen(false);
    if (backToButton) button.current?.focus();
    const changed = values.length !== chosen.length || values.some(each => !chosen.includes(each));
    if (changed && values.length >= least) onChoose([...values]);
  }

  function take(value: string) {
    if (!several) return close(least === 0 && draft.includes(value) ? [] : [value]);
    if (draft.includes(value)) setDraft(draft.filter(each => each !== value));
    else if (draft.length < most) setDraft([...draft, value]);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!open) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      return show();
    }
    const last = choices.length - 1;
    const moves: Record<string, number> = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last };
    const to = moves[event.key];
    const here = choices[at];
    if (to !== undefined) setAt(to);
    else if (event.key === 'Escape') close(several ? draft : chosen);
    else if (event.key === 'Tab') return close(draft, false);
    else if ((event.key === 'Enter' || event.key === ' ') && here) take(here.value);
    else return;
    event.preventDefault();
    // Within a dialogue, Escape closes the list alone.
    event.stopPropagation();
  }

  return html`
    <div class="picker" ref=${root} onKeyDown=${onKeyDown}>
      <button type="button" ref=${button} role="combobox" aria-haspopup="listbox" aria-expanded=${open}
        aria-controls=${`${id}-list`}
        aria-activedescendant=${open ? `${id}-${at}` : undefined}
        aria-label=${labels.length > 0 ? `${label}: ${labels.join(', ')}` : label}
        aria-describedby=${describedBy} disabled=${disabled} onClick=${() => (open ? close(draft) : show())}>
        <span class=${labels.length > 0 ? '' : 'placeholder'}>${labels.join(', ') || label}</span><${Icon} name="chevron" />
      </button>
      <ul role="listbox" id=${`${id}-list`} hidden=${!open} aria-label=${label} aria-multiselectable=${several}>
        ${choices.map(
          (each, index) => html`
            <li key=${each.value} role="option" id=${`${id}-${index}`} data-at=${index === at}
              aria-selected=${draft.includes(each.value)}
              onPointerMove=${() => index !== at && setAt(index)} onClick=${() => take(each.value)}>
              <span>${[each.emoji?.name, each.label].filter(Boolean).join(' ')}${each.description && html`<small>${each.description}</small>`}</span>
            </li>
          `,
        )}
        ${choices.length === 0 && html`<li role="option" aria-disabled="true" aria-selected="false">Nothing to choose from</li>`}
      </ul>
    </div>
  `;
}
