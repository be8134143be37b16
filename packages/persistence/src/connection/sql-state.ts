// What an error of the driver says: its SQL state, and what follows from it.

/** `EPIPE` and the like are errors of the system, in as many characters. */
const sqlState = /^(?!E[A-Z]{4}$)[0-9A-Z]{5}$/;

/** The five characters of an error that the server made; none for lost connections. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && sqlState.test(code) ? code : undefined;
}

// Data, integrity, state and serialisation: errors that PostgreSQL raises before a commit counts.
const abortedClasses = new Set(['22', '23', '25', '40']);

// Of the class of serialisation, but it says that the server itself does not know.
const completionUnknown = '40003';

/** Whether an error in answer to COMMIT proves that nothing was written. */
export function isSurelyAborted(error: unknown): boolean {
  const state = sqlStateOf(error);
  const severity = (error as { readonly severity?: unknown } | undefined)?.severity;
  if (state === undefined || severity !== 'ERROR' || state === completionUnknown) return false;
  return abortedClasses.has(state.slice(0, 2));
}

/** The fault of a failed unit of work, as the journal's port names it. */
export function faultOf(error: unknown): 'content' | 'unavailable' | 'collision' {
  const state = sqlStateOf(error);
  // Without a state the connection was refused, lost, or not to be had in time.
  if (state === undefined) return 'unavailable';
  if (collisionStates.has(state)) return 'collision';
  if (unavailableStates.has(state)) return 'unavailable';
  return faultsByClass[state.slice(0, 2)] ?? 'collision';
}

/** Division by zero: a write that does not change what it is to change makes the server say so. */
export const changedTooLittle = '22012';

const collisionStates = new Set([
  // A lock, a statement or a transaction took too long, or was cancelled.
  '55P03',
  '57014',
  '25P03',
  changedTooLittle,
]);

const unavailableStates = new Set([
  // No such database; a standby, which accepts no writes.
  '3D000',
  '25006',
]);

const faultsByClass: Readonly<Record<string, 'content' | 'unavailable' | 'collision'>> = {
  '08': 'unavailable',
  '22': 'content',
  '23': 'content',
  '28': 'unavailable',
  '40': 'collision',
  '53': 'unavailable',
  '54': 'content',
  '57': 'unavailable',
  '58': 'unavailable',
};
