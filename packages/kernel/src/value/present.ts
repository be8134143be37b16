// Optional properties: there with a value, or not there at all.

/** The property when there is a value, else none. */
export function present<K extends string, V>(
  key: K,
  value: V | undefined,
): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
