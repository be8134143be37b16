// A page of an account's grants, holds or schedules.
import type { AccountRef } from '@scrip/contract';
import type { TermsQuery } from '@scrip/engine';
import { parsed, type Parsed } from '@scrip/kernel';
import { fromProtoAccountRef } from '../account/from-proto-account-ref.ts';
import { pageSizeOf } from './from-proto-page.ts';

/** The query of a list of terms. */
export function fromProtoTermsQuery(request: {
  readonly account?: AccountRef | undefined;
  readonly liveOnly: boolean;
  readonly pageSize: number;
  readonly startingAfter?: string | undefined;
}): Parsed<TermsQuery> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  const { liveOnly, startingAfter } = request;
  const cursor =
    startingAfter === undefined
      ? {}
      : { cursor: { direction: 'after', id: startingAfter } as const };
  return parsed({
    account: account.value,
    liveOnly,
    page: { size: pageSizeOf(request), ...cursor },
  });
}
