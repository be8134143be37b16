// Which of a store's two books an access token reads, as the token says.

export type Mode = 'test' | 'prod';

/**
 * Reads the mode of a token that the ledger has taken: its signature is not looked at here. Nothing
 * for a token that does not say.
 */
export function modeOf(accessToken: string): Mode | undefined {
  const claims = accessToken.split('.')[1] ?? '';
  try {
    const text = atob(claims.replaceAll('-', '+').replaceAll('_', '/'));
    const { mode } = JSON.parse(text) as { readonly mode?: unknown };
    return mode === 'test' || mode === 'prod' ? mode : undefined;
  } catch {
    return undefined;
  }
}
