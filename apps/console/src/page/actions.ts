// What a person can do on the page.

export type SignInForm =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'key'; readonly apiKey: string; readonly customerId: string };

export type Actions = {
  readonly signIn: (form: SignInForm) => void;
  readonly signOut: () => void;
  readonly selectAccount: (accountId: string) => void;
  /** Asks for the page behind the last row; for the newest one where there is no row. */
  readonly readOlder: (accountId: string) => void;
};
