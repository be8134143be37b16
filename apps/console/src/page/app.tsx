// The page: the sign-in, or a customer's accounts and the history of the one that is selected.
import type { SignedIn, State } from '../state/state.ts';
import { AccountTable } from './account-table.tsx';
import type { Actions } from './actions.ts';
import { ConnectionStatus } from './connection-status.tsx';
import { HistoryTable } from './history-table.tsx';
import { SignIn } from './sign-in.tsx';
import { takeFocus } from './take-focus.ts';

export type AppProps = { readonly state: State; readonly actions: Actions };

export function App({ state, actions }: AppProps) {
  if (state.kind === 'signed_out') return <SignIn state={state} actions={actions} />;
  return (
    <div class={state.ending === undefined ? 'sheet' : 'sheet ended'}>
      <Header state={state} actions={actions} />
      <main>
        {state.notice && <p class="notice">{state.notice}</p>}
        <Accounts state={state} actions={actions} />
        <p class="spoken" aria-live="polite">
          {state.spoken?.text}
        </p>
      </main>
    </div>
  );
}

type SignedInProps = { readonly state: SignedIn; readonly actions: Actions };

function Header({ state, actions }: SignedInProps) {
  const customerIds = new Set(state.accounts?.map(({ customerId }) => customerId));
  return (
    <header class="masthead">
      <p class="wordmark">
        Scrip <Mode mode={state.mode} />
      </p>
      <h1 tabIndex={-1} ref={takeFocus}>
        {customerIds.size === 1 ? [...customerIds] : (state.customerId ?? 'Accounts')}
      </h1>
      <ConnectionStatus connection={state.connection} nowMs={state.nowMs} ending={state.ending} />
      <button type="button" class="quiet" onClick={actions.signOut}>
        {state.ending === undefined ? 'Sign out' : 'Sign in again'}
      </button>
    </header>
  );
}

/** Which of the two books it is, where that is known. */
function Mode({ mode }: { readonly mode: SignedIn['mode'] | undefined }) {
  if (mode === undefined) return null;
  return (
    <span class="mode" data-mode={mode}>
      {mode === 'test' ? 'Test book' : 'Production book'}
    </span>
  );
}

function Accounts({ state, actions }: SignedInProps) {
  const { accounts, hasMoreAccounts, selectedId, historiesByAccountId } = state;
  if (accounts === undefined) return state.ending ? null : <p class="empty">Reading accounts…</p>;
  if (accounts.length === 0) {
    return <p class="empty">There is no account yet. The first one appears here by itself.</p>;
  }
  const selected = accounts.find(({ id }) => id === selectedId);
  const history = selectedId === undefined ? undefined : historiesByAccountId[selectedId];
  return (
    <>
      <AccountTable
        accounts={accounts}
        hasMore={hasMoreAccounts}
        selectedId={selectedId}
        onSelect={actions.selectAccount}
      />
      {selected && history && (
        <HistoryTable account={selected} history={history} actions={actions} />
      )}
    </>
  );
}
