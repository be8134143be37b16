// Finds events of some accounts: their postings through their entries, their making by their ids,
// their other changes by an index of those; and those of a customer's credits and memberships.
// Nothing of others is read.
import type { Book, FeedScope, HistoryQuery } from '@scrip/engine';
import { sql, type RawBuilder } from 'kysely';
import { selectMs } from '../mapping/instant-column.ts';
import { keepsSome, kindNumbers, type Search } from './search.ts';

/** Which events of which accounts to find. */
interface AccountsSearch extends HistoryQuery {
  readonly scope: Exclude<FeedScope, { readonly kind: 'book' }>;
}

/** Events that a page looks at where kinds are named. Nearly all that it finds are of them. */
const scannedCountMax = 1_000;

/**
 * Merges the lists of the accounts, in two steps so that a thousand long lists are not all read as
 * far as a page may reach. The first takes the beginning of each, shorter the more there are. The
 * sequence that many enough of these do not exceed bounds the page; only lists that may go on below
 * it are read on, and there are few. For n events of k accounts that is some 2n√k rows at most.
 */
export function searchAccounts(book: Book, query: AccountsSearch): Search {
  const { after, countMax } = query;
  const kinds = kindNumbers(query);
  const wanted = kinds === undefined ? countMax + 1 : Math.max(countMax + 1, scannedCountMax);
  const limit = sql`${wanted}::int8`;
  const first = listOf(book, query, {
    id: sql`a.id`,
    after: sql`${after}::int8`,
    limit: sql`n.size`,
  });
  const rest = listOf(book, query, { id: sql`c.id`, after: sql`c.last`, limit });
  const ofKinds =
    kinds === undefined ? sql<boolean>`true` : sql<boolean>`v.kind = any(${kinds}::int2[])`;
  return {
    parts: sql`
      scope as materialized (${accountsOf(book, query.scope)}),
      step as materialized (
        select ceil(${limit} / sqrt(greatest(count(*), 1)))::int8 as size from scope
      ),
      beginnings as materialized (
        select a.id, l.sequence from scope a cross join step n cross join lateral (${first}) l
      ),
      bound as materialized (
        select coalesce((
          select sequence from (select distinct sequence from beginnings) d
          order by sequence offset ${wanted - 1}::int8 limit 1
        ), head_sequence) as sequence
        from head
      ),
      cut as materialized (
        select id, max(sequence) as last from beginnings
        group by id
        having count(*) >= (select size from step)
          and max(sequence) < (select sequence from bound)
      ),
      candidates as materialized (
        select sequence from beginnings where sequence <= (select sequence from bound)
        union
        select l.sequence from cut c cross join lateral (${rest}) l
        order by sequence limit ${limit}
      ),
      found as materialized (
        select c.sequence, v.body from candidates c
        cross join lateral (
          select kind, body from event
          where book_id = ${book.id}::int4 and sequence = c.sequence limit 1
        ) v
        where ${ofKinds}
        order by c.sequence limit ${countMax + 1}::int8
      ),`,
    horizon: sql<string>`(
      select case when count(*) < ${limit} then head_sequence else max(sequence) end
      from candidates
    )`,
  };
}

/** The keys of the lists that a stream is about: accounts. A guessed id is none of them. */
function accountsOf(book: Book, scope: AccountsSearch['scope']): RawBuilder<unknown> {
  if (scope.kind === 'customer') {
    // No account has the key 0: it stands for what is about the customer and about no account.
    return sql`
      (
        select id from account
        where book_id = ${book.id}::int4 and customer_id = ${scope.customerId}::text order by id
      )
      union all
      select 0::int8 where ${scope.withCoupons === true}::bool`;
  }
  const places = scope.accountIds.flatMap((id) => book.ids.accountPlace(id) ?? []);
  return sql`
    select f.id
    from unnest(
      ${places.map(({ sequence }) => sequence)}::int8[],
      ${places.map(({ instantBits }) => instantBits)}::int8[]
    ) as k (id, instant_bits)
    cross join lateral (
      select id, created_at from account where book_id = ${book.id}::int4 and id = k.id limit 1
    ) f
    where ${selectMs('f.created_at')} % 4096 = k.instant_bits`;
}

/** The sequences of one account's events behind one, in order, at most so many. */
function listOf(
  book: Book,
  query: AccountsSearch,
  of: Readonly<Record<'id' | 'after' | 'limit', RawBuilder<unknown>>>,
): RawBuilder<unknown> {
  const { id, after, limit } = of;
  const isMakingKept = keepsSome(query, ['account_created']);
  const arePostingsKept = keepsSome(query, postingKinds);
  const areChangesKept = keepsSome(query, changeKinds);
  const areCouponsKept = keepsSome(query, customerKinds);
  return sql`
    select sequence from (
      (
        select sequence from entry
        where book_id = ${book.id}::int4 and account_id = ${id} and sequence > ${after}
          and sequence <> ${id} and ${arePostingsKept}::bool
        order by sequence limit ${limit}
      )
      union all
      (
        select sequence from event
        where book_id = ${book.id}::int4 and subject = ${id} and reference_digest is null
          and sequence > ${after} and ${areChangesKept}::bool
        order by sequence limit ${limit}
      )
      union all
      (
        select sequence from customer_event
        where book_id = ${book.id}::int4 and customer_id = ${customerIdOf(query)}::text
          and sequence > ${after} and ${id} = 0 and ${areCouponsKept}::bool
        order by sequence limit ${limit}
      )
      union all
      (select ${id} where ${id} > ${after} and ${isMakingKept}::bool)
    ) every
    order by sequence limit ${limit}`;
}

/** Whose credits and memberships a stream is about, if it is about one customer. */
function customerIdOf({ scope }: AccountsSearch): string | null {
  return scope.kind === 'customer' ? scope.customerId : null;
}

/** Kinds whose events post a transaction, or may. They are found through their entries. */
const postingKinds = [
  'transaction_posted',
  'hold_captured',
  'grant_activated',
  'grant_expired',
  'grant_voided',
  'grant_issued',
] as const;

/** Kinds whose events move no credits, or may not. They name their account. */
const changeKinds = [
  'account_updated',
  'account_frozen',
  'account_unfrozen',
  'account_closed',
  'grant_scheduled',
  'grant_expired',
  'grant_voided',
  'grant_issued',
  'hold_created',
  'hold_extended',
  'hold_captured',
  'hold_released',
  'hold_expired',
  'schedule_created',
  'schedule_ended',
] as const;

/** Kinds whose events are about a customer's credits, codes or memberships. */
const customerKinds = [
  'coupon_code_created',
  'customer_credit_issued',
  'customer_credit_redeemed',
  'redemption_reversed',
  'customer_credit_revoked',
  'membership_created',
  'membership_status_changed',
  'membership_credits_issued',
] as const;
