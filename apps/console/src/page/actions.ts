// What a person can do on the page.

export type SignInForm =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'key'; readonly apiKey: string; readonly customerId: string };

export type Actions = {
  readonly signIn: (form: SignInForm) => void;
  readonly signOut: () => void;
  readonly selectAccount: (accountId: string) => void;
  readonly readOlder: (accountId: string) => void;
  /** Asks again for a page that failed. */
  readonly readAgain: (accountId: string) => void;
};
