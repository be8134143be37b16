// The way in: an access token as an application mints it, or an API key that mints them here.
import type { SignedOut } from '../state/state.ts';
import type { Actions } from './actions.ts';
import { takeFocus } from './take-focus.ts';

export type SignInProps = { readonly state: SignedOut; readonly actions: Actions };

export function SignIn({ state, actions }: SignInProps) {
  const { isBusy, failure, hasLeft } = state;
  return (
    <main class="sign-in">
      <p class="wordmark">Scrip</p>
      <h1 tabIndex={-1} ref={hasLeft ? takeFocus : null}>
        A customer’s accounts, live
      </h1>
      {failure && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      <TokenForm isBusy={isBusy} actions={actions} />
      <KeyForm isBusy={isBusy} actions={actions} />
    </main>
  );
}

type FormProps = { readonly isBusy: boolean; readonly actions: Actions };

function TokenForm({ isBusy, actions }: FormProps) {
  const submit = (fields: FormData): void =>
    actions.signIn({ kind: 'token', accessToken: textOf(fields, 'accessToken') });
  return (
    <form onSubmit={submitted(submit)} aria-labelledby="with-token">
      <h2 id="with-token">With an access token</h2>
      <Field name="accessToken" label="Access token" isSecret />
      <p class="hint">
        Your application mints one with <code>MintAccessToken</code>. It reads this customer’s
        accounts and nothing else, for an hour at most. This tab keeps it until it is closed, so
        that the page can be reloaded.
      </p>
      <button type="submit" class="primary" aria-disabled={isBusy}>
        Show accounts
      </button>
    </form>
  );
}

function KeyForm({ isBusy, actions }: FormProps) {
  const submit = (fields: FormData): void =>
    actions.signIn({
      kind: 'key',
      apiKey: textOf(fields, 'apiKey'),
      customerId: textOf(fields, 'customerId'),
    });
  return (
    <form onSubmit={submitted(submit)} aria-labelledby="with-key">
      <h2 id="with-key">With an API key</h2>
      <Field name="customerId" label="Customer id" />
      <Field name="apiKey" label="API key" isSecret />
      <p class="hint">
        For whoever runs the ledger. The key goes to the ledger alone, to mint access tokens while
        this page is open. It is kept in memory, never stored, and forgotten when you reload.
      </p>
      <button type="submit" aria-disabled={isBusy}>
        Show accounts
      </button>
    </form>
  );
}

type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly isSecret?: boolean;
};

function Field({ name, label, isSecret = false }: FieldProps) {
  const facts = { name, required: true, autocomplete: 'off', autocapitalize: 'off' } as const;
  return (
    <label class="field">
      <span>{label}</span>
      {isSecret ? (
        <input {...facts} type="password" />
      ) : (
        <input {...facts} type="text" spellcheck={false} />
      )}
    </label>
  );
}

function submitted(act: (fields: FormData) => void): (event: SubmitEvent) => void {
  return (event) => {
    event.preventDefault();
    act(new FormData(event.target as HTMLFormElement));
  };
}

function textOf(fields: FormData, name: string): string {
  const text = fields.get(name);
  return typeof text === 'string' ? text.trim() : '';
}
