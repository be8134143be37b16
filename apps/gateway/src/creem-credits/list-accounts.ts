// A page of accounts. Those that another façade keeps are left out, unless they are asked for by
// their customer.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallOptions } from '@scrip/client';
import type { Account, ListAccountsRequestSchema } from '@scrip/contract';
import type { FacadeTools } from '../facade.ts';

/** Once kept ones are in the way, as many are passed over by one call as the ledger allows. */
const pageSizeMax = 1000;

type Asked = MessageInitShape<typeof ListAccountsRequestSchema> & { readonly pageSize: number };

export async function listAccounts(
  { ledger, isKept }: FacadeTools,
  asked: Asked,
  call: CallOptions,
): Promise<{ readonly accounts: readonly Account[]; readonly hasMore: boolean }> {
  if (asked.customerId !== undefined) return ledger.listAccounts(asked, call);
  const isBackwards = asked.cursor?.case === 'endingBefore';
  let shown: readonly Account[] = [];
  // One more than wanted: what follows may be kept ones alone, and then there is no more.
  let page = { ...asked, pageSize: asked.pageSize + 1 };
  for (;;) {
    const { accounts, hasMore } = await ledger.listAccounts(page, call);
    const more = accounts.filter((account) => !isKept(account));
    shown = isBackwards ? [...more, ...shown] : [...shown, ...more];
    const last = isBackwards ? accounts[0] : accounts.at(-1);
    if (shown.length > asked.pageSize || !hasMore || last === undefined) break;
    const cursor = {
      case: isBackwards ? 'endingBefore' : 'startingAfter',
      value: last.id,
    } as const;
    page = { ...asked, pageSize: pageSizeMax, cursor };
  }
  const first = isBackwards ? Math.max(shown.length - asked.pageSize, 0) : 0;
  return {
    accounts: shown.slice(first, first + asked.pageSize),
    hasMore: shown.length > asked.pageSize,
  };
}
