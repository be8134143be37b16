// Where the window goes when somebody points at an account.

/** How far down the history may begin and still be seen to change. */
const windowShare = 2 / 3;

/**
 * Brings the history into the window, unless it is there. Whoever walks through the accounts with
 * the keyboard stays with them: their click has no count.
 */
export function showHistory({ detail }: MouseEvent): void {
  const heading = document.getElementById('history');
  if (detail === 0 || heading === null) return;
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight * windowShare) heading.scrollIntoView();
}
