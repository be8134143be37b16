// Addresses of the web, as a setting names them.

/** Reads an address without user, query and fragment; gives it without a slash at its end. */
export function parseHttpUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, search, hash, origin, pathname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  if (username + password + search + hash !== '') return undefined;
  return origin + pathname.replace(/\/+$/, '');
}
