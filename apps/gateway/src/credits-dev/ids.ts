// The ids of this API: the ledger's own eleven characters behind other prefixes. Those of the
// ledger are taken as well, and an id of neither kind stays as it is: it names nothing.

const accountPrefix = /^(?:acc|cca)_/;

/** Whether a text can only be an id of the ledger's making. */
export function isOwnId(text: string): boolean {
  return accountPrefix.test(text);
}

export function toAccountId(id: string): string {
  return id.replace(accountPrefix, 'cca_');
}

export function toShownAccountId(accountId: string): string {
  return accountId.replace(accountPrefix, 'acc_');
}

/** A reservation is a hold. */
export function toHoldId(reservationId: string): string {
  return reservationId.replace(/^res_/, 'hld_');
}

export function toReservationId(holdId: string): string {
  return holdId.replace(/^hld_/, 'res_');
}

export function toShownTransactionId(transactionId: string): string {
  return transactionId.replace(/^cct_/, 'txn_');
}

/** A plan is kept in an account of its own. */
export function toPlanAccountId(planId: string): string {
  return planId.replace(/^plan_/, 'cca_');
}

export function toPlanId(accountId: string): string {
  return accountId.replace(/^cca_/, 'plan_');
}

/** A plan of an account is a schedule. */
export function toAccountPlanId(scheduleId: string): string {
  return scheduleId.replace(/^sch_/, 'accountPlan_');
}

/** The store as this API names it: `dev_` and the characters of the store's id. */
export function toDeveloperId(storeId: string): string {
  return storeId.replace(/^sto_/, 'dev_');
}
