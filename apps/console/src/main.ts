// Where the page begins: what it is given by the browser, put together with what it does.
import { createScripClient } from '@scrip/client';
import { startPage } from './page/start-page.tsx';

const { origin } = location;
const told = document.querySelector<HTMLMetaElement>('meta[name=scrip-ledger-url]')?.content;
const ledgerUrl = told || `${origin.replace(/:\d+$/, '')}:7410`;

/** A token is in the address bar no longer than it takes to read it. */
function takeToken(): string | undefined {
  const { hash, pathname, search } = location;
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? undefined;
  if (token !== undefined) history.replaceState(null, '', pathname + search);
  return token;
}

const root = document.getElementById('page');
if (root === null) throw new Error('the page has no place');
startPage({
  root,
  token: takeToken(),
  // A link that is opened in a tab where the page is already changes no more than the hash.
  onToken: (listener) => {
    addEventListener('hashchange', () => {
      const token = takeToken();
      if (token) listener(token);
    });
  },
  ledgerUrl,
  storage: sessionStorage,
  now: () => Date.now(),
  onHidden: (listener) => {
    document.addEventListener('visibilitychange', () => listener(document.hidden));
    listener(document.hidden);
  },
  createClient: (accessToken) =>
    createScripClient({
      baseUrl: ledgerUrl,
      accessToken,
      reconnect: { random: () => 0.5 + Math.random() / 2 },
    }),
});
