import { html } from '../html.ts';
import { nameOf, usePage } from '../page.ts';

const hues = 6;

/** A user's initial on a colour of their own; the name stands beside it, so it is no news to a screen reader. */
export function Avatar({ userId }: { userId: string }) {
  const { sight } = usePage();
  const at = sight.users.findIndex(each => each.id === userId);
  return html`<span class=${`avatar hue-${Math.max(at, 0) % hues}`} aria-hidden="true">${nameOf(sight, userId).charAt(0)}</span>`;
}
