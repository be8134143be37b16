// Which of a store's two books an access token reads, as the token says.
import { decodeJwt } from 'jose';
import type { SignedIn } from '../state/state.ts';

/**
 * Reads the mode of a token that the ledger has taken: its signature is not looked at here. Nothing
 * for a token that does not say.
 */
export function modeOf(accessToken: string): SignedIn['mode'] {
  try {
    const { mode } = decodeJwt(accessToken);
    return mode === 'test' || mode === 'prod' ? mode : undefined;
  } catch {
    return undefined;
  }
}
