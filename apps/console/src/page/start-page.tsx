// The page as it runs: its state, what changes it, and drawing it after each change.
import './style.css';
import type { AccessTokenProvider } from '@scrip/client';
import { ScripError } from '@scrip/client';
import { render } from 'preact';
import { accessTokenOf } from '../session/credentials.ts';
import { describeFailure } from '../session/failure-text.ts';
import { readAccounts } from '../session/read-pages.ts';
import type { SessionLedger } from '../session/session-options.ts';
import type { Session } from '../session/session.ts';
import { beginSession } from '../session/session.ts';
import { modeOf } from '../session/token-mode.ts';
import { changeState, signedOut } from '../state/change-state.ts';
import type { Change, SignedIn, State } from '../state/state.ts';
import type { Actions, SignInForm } from './actions.ts';
import { App } from './app.tsx';

export type PageParts = {
  readonly root: HTMLElement;
  /** A token that came with the address. */
  readonly token: string | undefined;
  /** Hears of each token that comes with the address later: somebody opened another link. */
  readonly onToken: (listener: (accessToken: string) => void) => void;
  readonly ledgerUrl: string;
  /** Keeps an access token, and nothing else, for as long as the tab is open. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly now: () => number;
  /** Hears whether the page is hidden, at once and whenever that changes. */
  readonly onHidden: (listener: (isHidden: boolean) => void) => void;
  readonly createClient: (accessToken: AccessTokenProvider) => SessionLedger;
};

const storedTokenKey = 'scrip.access_token';
const tickMs = 1_000;
/** How long a page that nobody sees keeps its streams; a browser has few connections to give. */
const hiddenMsMax = 15_000;

/** Starts the page; it runs until the tab is closed. */
export function startPage(parts: PageParts): void {
  const { root, now, storage } = parts;
  let state: State = signedOut;
  let session: Session | undefined;
  let isDrawing = false;
  /** Counts ways in and out, so that one that was overtaken by another changes nothing. */
  let attempt = 0;
  const draw = (): void => {
    isDrawing = false;
    render(<App state={state} actions={actions} />, root);
  };
  const tell = (change: Change): void => {
    const next = changeState(state, change);
    // Whatever changes before the browser draws is drawn once.
    if (next !== state && !isDrawing) requestAnimationFrame(draw);
    isDrawing = isDrawing || next !== state;
    state = next;
  };
  const leave = (): void => {
    attempt += 1;
    session?.end();
    session = undefined;
    storage.removeItem(storedTokenKey);
    tell({ kind: 'signed_out' });
  };
  const actions: Actions = {
    signIn: (form) => {
      if (state.kind === 'signed_out' && state.isBusy) return;
      const own = (attempt += 1);
      tell({ kind: 'signing_in' });
      signIn(parts, form).then(
        ({ ledger, facts }) => {
          if (own !== attempt) return;
          if (form.kind === 'token') storage.setItem(storedTokenKey, form.accessToken);
          tell({ kind: 'signed_in', nowMs: now(), ...facts });
          session = beginSession({ ledger, tell, now });
        },
        (thrown: unknown) => {
          if (own !== attempt) return;
          // A token that is good for nothing is not tried again after a reload.
          const { code } = ScripError.from(thrown);
          if (code === 'unauthenticated') storage.removeItem(storedTokenKey);
          tell({ kind: 'sign_in_failed', message: describeFailure(thrown) });
        },
      );
    },
    signOut: leave,
    selectAccount: (accountId) => session?.select(accountId),
    readOlder: (accountId) => session?.readPage(accountId, lastRowId(state, accountId)),
  };
  parts.onToken((accessToken) => {
    leave();
    actions.signIn({ kind: 'token', accessToken });
  });
  pauseWhileHidden(parts, () => session);
  setInterval(() => tell({ kind: 'time_passed', nowMs: now() }), tickMs);
  const accessToken = parts.token ?? storage.getItem(storedTokenKey);
  if (accessToken) actions.signIn({ kind: 'token', accessToken });
  draw();
}

function pauseWhileHidden({ onHidden }: PageParts, session: () => Session | undefined): void {
  let letGo: ReturnType<typeof setTimeout> | undefined;
  onHidden((isHidden) => {
    clearTimeout(letGo);
    if (isHidden) letGo = setTimeout(() => session()?.pause(), hiddenMsMax);
    else session()?.resume();
  });
}

type Way = {
  readonly ledger: SessionLedger;
  readonly facts: Pick<SignedIn, 'customerId' | 'mode'>;
};

/** A way to the ledger that has been tried, and whose accounts of which book it leads to. */
async function signIn(parts: PageParts, form: SignInForm): Promise<Way> {
  const nextToken = accessTokenOf(form, parts.ledgerUrl);
  let mode: SignedIn['mode'];
  const ledger = parts.createClient(async () => {
    const accessToken = await nextToken();
    mode = modeOf(accessToken);
    return accessToken;
  });
  await readAccounts(ledger);
  return { ledger, facts: { ...customerOf(form), ...(mode === undefined ? {} : { mode }) } };
}

/** Whose accounts they are, where somebody has said so. */
function customerOf(form: SignInForm): Pick<SignedIn, 'customerId'> {
  return form.kind === 'key' ? { customerId: form.customerId } : {};
}

function lastRowId(state: State, accountId: string): string | undefined {
  if (state.kind !== 'signed_in') return undefined;
  return state.historiesByAccountId[accountId]?.rows.at(-1)?.id;
}
