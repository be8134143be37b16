// A call of the ledger as every protocol of these tests makes it, and the one form of its answer.

/** A message in the JSON form of the contract: camel case, strings for 64 bits and instants. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** What a call came to. */
export type Outcome = {
  /** `ok`, or the code of the error in the spelling of Connect: `failed_precondition`. */
  readonly code: string;
  readonly answer: JsonObject;
  readonly reason?: string;
  readonly metadata?: JsonObject;
  readonly message?: string;
  readonly isReplay: boolean;
  readonly requestId: string;
};

export type CallOptions = {
  /** Default: the key of the test mode. An empty text sends none. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Calls a method of `LedgerService` and never throws for a refusal. */
export type Caller = (
  method: string,
  request: JsonObject,
  options?: CallOptions,
) => Promise<Outcome>;

/** Follows a path into an answer: `at(answer, 'transaction', 'entries', 0, 'amount')`. */
export function at(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): Json | undefined {
  return path.reduce<Json | undefined>((inner, step) => {
    if (inner === null || typeof inner !== 'object') return undefined;
    return (inner as { readonly [step: string | number]: Json })[step];
  }, value);
}

/** As `at`, for a text that has to be there. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  throw new Error(`no text at ${path.join('.')} of ${JSON.stringify(value)}`);
}

/** As `at`, for a list, empty when it is left out. */
export function listAt(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}
