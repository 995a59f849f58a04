import { useId, useState } from 'preact/hooks';
import type { OfferedSwitch } from '../../protocol.ts';
import { html } from '../html.ts';
import { usePage } from '../page.ts';

/** What can be ordered to go wrong, and what still is to. */
export function Switches() {
  const { state, order } = usePage();
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const pending = state.backstage?.pending ?? [];
  const ahead = state.backstage?.clockAheadMs ?? 0;
  const groups = [...new Set(state.switches.map(each => each.group))];
  const tell = async (request: Parameters<typeof order>[0]) => {
    const answer = await order(request);
    setProblem(answer.ok ? null : answer.problem);
  };
  return html`
    <section class="pending" aria-label="Ordered">
      ${
        pending.length === 0
          ? html`<p class="quiet">Nothing is ordered to go wrong.</p>`
          : html`<ul>${pending.map(each => html`<li>${each}</li>`)}</ul>`
      }
      <button type="button" class="button secondary small" aria-describedby=${id}
        onClick=${() => tell({ clear: true })}>Clear the orders</button>
      <small id=${id}>Lets go what an order holds up, too</small>
      ${ahead >= 1_000 && html`<p class="quiet">Discord's clock is ${Math.round(ahead / 60_000)} min ahead.</p>`}
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    </section>
    ${groups.map(
      group => html`
        <section class="switch-group" key=${group}>
          <h3>${group}</h3>
          ${state.switches
            .filter(each => each.group === group)
            .map(
              each => html`<${Switch} key=${each.id} it=${each}
            tell=${tell} />`,
            )}
        </section>
      `,
    )}
  `;
}

function Switch({
  it,
  tell,
}: {
  it: OfferedSwitch;
  tell: (request: { switch: string; values: Record<string, string> }) => Promise<void>;
}) {
  const id = useId();
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(it.fields.map(each => [each.name, each.initial])),
  );
  const set =
    (name: string) =>
    ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
      setValues(before => ({ ...before, [name]: currentTarget.value }));
  const submit = (event: Event) => {
    event.preventDefault();
    void tell({ switch: it.id, values });
  };
  return html`
    <form class="switch" onSubmit=${submit}>
      <button type="submit" aria-describedby=${id}>${it.label}</button>
      <small id=${id}>${it.hint}</small>
      ${it.fields.map(field =>
        field.kind === 'choice'
          ? html`<label>${field.label}<select value=${values[field.name]}
            onChange=${set(field.name)}>${field.options.map(
              each => html`<option
            selected=${each === values[field.name]}>${each}</option>`,
            )}</select></label>`
          : html`<label class="wide">${field.label}<input type="text" list=${`${id}-${field.name}`}
            value=${values[field.name]} onInput=${set(field.name)} /></label>
              <datalist id=${`${id}-${field.name}`}>${field.suggestions.map(
                each => html`<option
                value=${each}></option>`,
              )}</datalist>`,
      )}
    </form>
  `;
}
