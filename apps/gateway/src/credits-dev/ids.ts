// The two kinds of ids: an account has the same eleven characters as `acc_` here, as `cca_` in the
// ledger.

const accountPrefix = /^(?:acc|cca)_/;

/** Whether a text can only be an id of the ledger's making. */
export function isOwnId(text: string): boolean {
  return accountPrefix.test(text);
}

export function toLedgerId(id: string): string {
  return id.replace(accountPrefix, 'cca_');
}

export function toShownId(ledgerId: string): string {
  return ledgerId.replace(accountPrefix, 'acc_');
}

/** The store as this API names it: `dev_` and the characters of the store's id. */
export function toDeveloperId(storeId: string): string {
  return storeId.replace(/^sto_/, 'dev_');
}
