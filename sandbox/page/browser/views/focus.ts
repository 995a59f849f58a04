/** For the `ref` of what takes the place of the control that was just used, so that the keyboard goes on from there. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}

/** Where the keyboard goes on after the message in which it was is gone. */
export function focusMessages(): void {
  document.querySelector<HTMLElement>('.log')?.focus({ preventScroll: true });
}
