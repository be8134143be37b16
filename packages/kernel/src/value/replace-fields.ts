// An update of some fields: what is named is replaced, by nothing where nothing is given.

/** The fields that are named as `replacement` has them, the others as they are. */
export function replaceFields<T extends object, R extends { readonly [K in keyof T]?: unknown }>(
  current: T,
  replacement: R,
  names: readonly (keyof T)[],
): Omit<T, keyof R> & R {
  const replaced = { ...current } as Record<keyof T, unknown>;
  for (const name of names) replaced[name] = replacement[name];
  return replaced as Omit<T, keyof R> & R;
}
