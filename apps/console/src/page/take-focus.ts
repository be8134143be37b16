// Where the focus goes when one view makes room for another.

/** Whoever has just signed in, or out, begins to read here. */
export function takeFocus(heading: HTMLElement | null): void {
  heading?.focus();
}
