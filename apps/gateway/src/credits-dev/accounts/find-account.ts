// Finds the account that a request means. This API sees the accounts named `default` and no others.
import type { CallOptions, ScripClient } from '@scrip/client';
import type { Account } from '@scrip/contract';
import { AccountStatus } from '@scrip/contract';
import { FaultError, invalidField } from '../../faults/fault.ts';
import { unlessUnknown } from '../act.ts';
import { isOwnId, toAccountId } from '../ids.ts';

/** The only name that this API sees, without regard to case. */
export const accountName = 'default';
/** A customer has at most one open account of a name; this many closed ones are looked at. */
const accountsPerCustomerMax = 100;

/** As a query or a body has them. */
export type AccountIds = {
  readonly accountId?: string | null | undefined;
  readonly externalId?: string | null | undefined;
};

/**
 * Finds by `accountId` (own id, external id, customer id, in this order), by `externalId` (external
 * id, customer id), or by both if they mean the same account.
 */
export async function findAccount(
  ledger: ScripClient,
  ids: AccountIds,
  call: CallOptions,
): Promise<Account> {
  const accountId = ids.accountId ?? undefined;
  const externalId = ids.externalId ?? undefined;
  if (accountId === undefined && externalId === undefined) {
    const issues = [{ field: 'accountId', problem: 'is required' }];
    throw new FaultError('FIELD_MISSING', 'accountId or externalId is required.', { issues });
  }
  const lookup = { ledger, call };
  const [byAccountId, byExternalId] = await Promise.all([
    accountId === undefined ? undefined : byEitherId(lookup, accountId),
    externalId === undefined ? undefined : byExternalOrCustomerId(lookup, externalId),
  ]);
  if (accountId !== undefined && byAccountId === undefined) throw unknownAccount(accountId);
  if (externalId !== undefined && byExternalId === undefined) throw unknownAccount(externalId);
  if (byAccountId && byExternalId && byAccountId.id !== byExternalId.id) {
    throw invalidField('externalId', 'means another account than accountId');
  }
  const found = byAccountId ?? byExternalId;
  if (found === undefined) throw unknownAccount('');
  return found;
}

type Lookup = { readonly ledger: ScripClient; readonly call: CallOptions };

async function byEitherId(lookup: Lookup, id: string): Promise<Account | undefined> {
  if (!isOwnId(id)) return byExternalOrCustomerId(lookup, id);
  const own = await byRef(lookup, { case: 'id', value: toAccountId(id) });
  return own ?? byCustomerId(lookup, id);
}

async function byExternalOrCustomerId(lookup: Lookup, id: string): Promise<Account | undefined> {
  if (isOwnId(id)) {
    // No external id looks like this, but an account without a customer shows its own id.
    return (await byCustomerId(lookup, id)) ?? byCustomerId(lookup, toAccountId(id));
  }
  return (await byRef(lookup, { case: 'externalId', value: id })) ?? byCustomerId(lookup, id);
}

async function byRef(
  { ledger, call }: Lookup,
  ref: { readonly case: 'id' | 'externalId'; readonly value: string },
): Promise<Account | undefined> {
  const asking = ledger.getAccount({ account: { ref } }, call);
  const account = (await unlessUnknown(asking, 'ACCOUNT_NOT_FOUND'))?.account;
  return account?.name.toLowerCase() === accountName ? account : undefined;
}

/** The customer's account that is not closed, else the one that was closed last. */
async function byCustomerId(
  { ledger, call }: Lookup,
  customerId: string,
): Promise<Account | undefined> {
  const asked = { customerId, name: accountName, pageSize: accountsPerCustomerMax };
  const page = await unlessUnknown(ledger.listAccounts(asked, call), 'ACCOUNT_NOT_FOUND');
  const accounts = page?.accounts ?? [];
  return accounts.find(({ status }) => status !== AccountStatus.CLOSED) ?? accounts[0];
}

function unknownAccount(id: string): FaultError {
  return new FaultError('ACCOUNT_NOT_FOUND', `There is no account ${id}.`);
}
