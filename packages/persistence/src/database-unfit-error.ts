// The error that stops a start: the database is not one that a ledger can be kept in.

/** A database that cannot be used. The message is one line, for the operator, without secrets. */
export class DatabaseUnfitError extends Error {
  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = 'DatabaseUnfitError';
  }
}
