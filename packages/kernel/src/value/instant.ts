// Instants: whole milliseconds since the epoch. Nothing finer is stored, sent or compared.

/** Milliseconds since 1970-01-01T00:00:00Z, a whole number. */
export type Instant = number & { readonly brand: 'Instant' };

/** Cuts a number of milliseconds to a whole instant. */
export function instantFromMs(ms: number): Instant {
  return Math.floor(ms) as Instant;
}

/** The later of two instants. */
export function laterInstant(a: Instant, b: Instant): Instant {
  return a >= b ? a : b;
}
