// Where the access tokens of a session come from, according to how somebody signed in.
import type { AccessTokenProvider } from '@scrip/client';
import { createScripAdminClient, ScripError } from '@scrip/client';
import type { SignInForm } from '../page/actions.ts';
import { tokenExpired } from './failure-text.ts';

/** How long a token that the page mints is good, in seconds. */
const ttlSeconds = 900;

/** Gives tokens: the one that was handed in, or a new one for the key whenever one is needed. */
export function accessTokenOf(form: SignInForm, ledgerUrl: string): AccessTokenProvider {
  switch (form.kind) {
    case 'token':
      return onceOnly(form.accessToken);
    case 'key': {
      const admin = createScripAdminClient({ baseUrl: ledgerUrl, apiKey: form.apiKey });
      const { customerId } = form;
      return async () => {
        const { accessToken } = await admin.mintAccessToken({ customerId, ttlSeconds });
        return accessToken;
      };
    }
  }
}

/** Somebody who asks for the second time has found the first one expired. */
function onceOnly(accessToken: string): AccessTokenProvider {
  let isUsed = false;
  return () => {
    if (isUsed) {
      throw new ScripError(tokenExpired, { code: 'unauthenticated', cause: undefined });
    }
    isUsed = true;
    return accessToken;
  };
}
