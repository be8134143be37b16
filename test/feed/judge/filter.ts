// What a watch should be told of the history, worked out from the contract.
import { clone } from '@bufbuild/protobuf';
import { EventSchema, SystemAccount, type Account, type Event } from '@scrip/contract';
import { digestOf } from '../record/digest.ts';
import type { Scope, Watch } from '../record/watch.ts';
import { postedOf, type TrueEvent, type Truth } from './truth.ts';

/** An event that a watch is to see, and in which form. */
export type Expected = Pick<TrueEvent, 'sequence' | 'createdAtMs' | 'digest'>;

/** The events of the whole history that the watch keeps, as its caller may see them. */
export function expectedOf(truth: Truth, watch: Watch): readonly Expected[] {
  const { scope, kinds, caller } = watch;
  const own = caller.kind === 'token' ? caller.scope : undefined;
  const isKept = (event: TrueEvent): boolean =>
    (kinds.length === 0 || kinds.includes(event.kind)) &&
    event.accountIds.some((id) => isIn(truth, scope, id)) &&
    (own === undefined || event.accountIds.some((id) => isIn(truth, own, id)));
  const kept = truth.events.filter(isKept);
  if (own === undefined) return kept;
  return kept.map(({ sequence, createdAtMs, event }) => {
    const seen = redact(event, (accountId) => isIn(truth, own, accountId));
    return { sequence, createdAtMs, digest: digestOf(seen) };
  });
}

export function isIn(truth: Truth, scope: Scope, accountId: string): boolean {
  switch (scope.kind) {
    case 'book':
      return true;
    case 'accounts':
      return scope.accountIds.includes(accountId);
    case 'customer':
      return truth.customerIdByAccountId.get(accountId) === scope.customerId;
  }
}

/** An event as an access token sees it: its own entries, and nothing that tells of the rest. */
function redact(event: Event, isOwn: (accountId: string) => boolean): Event {
  const seen = clone(EventSchema, event);
  seen.sequence = 0n;
  delete seen.idempotencyKey;
  const posted = postedOf(seen);
  if (posted?.transaction !== undefined) {
    posted.counterpart = SystemAccount.UNSPECIFIED;
    const { transaction } = posted;
    transaction.reference = '';
    transaction.idempotencyKey = '';
    delete transaction.metadata;
    delete transaction.reversalOf;
    transaction.entries = transaction.entries.filter(({ accountId }) => isOwn(accountId));
  }
  const { value } = seen.change;
  if (value !== undefined && 'account' in value) hide(value.account);
  return seen;
}

function hide(account: Account | undefined): void {
  if (account === undefined) return;
  delete account.externalId;
  delete account.email;
  delete account.metadata;
  account.sequence = 0n;
}
