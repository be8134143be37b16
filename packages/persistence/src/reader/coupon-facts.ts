// What a list of coupons' records depends on besides its rows: whether that of which it is a list
// is there, and which memberships have periods that are not booked.
import type { Book } from '@scrip/engine';
import {
  recordKinds,
  type MembershipId,
  type RecordKind,
  type Refusal,
  type Sequence,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { fromMs, selectInstantOf, selectMs } from '../mapping/instant-column.ts';
import { isMeantRecord, locateRecord, selectPlaced } from './find-record.ts';

/** The record whose list is asked for. */
interface ParentFacts {
  readonly parent_ms: string | null;
}

/** How a list sees its parent. */
interface Parent {
  /** As rows have it. */
  readonly id: string;
  readonly facts: RawBuilder<ParentFacts>;
  readonly judge: (facts: ParentFacts) => Refusal | undefined;
}

/** The parent of a list, which is refused unless it is there, and the customer's who is named. */
export function parentOf(
  book: Book,
  kind: RecordKind,
  named: {
    readonly id: string;
    readonly customerId?: string | undefined;
    readonly refuseUnknown: (id: string) => Refusal;
  },
): Parent {
  const { customerId, refuseUnknown } = named;
  const located = locateRecord(book, kind, named.id);
  const isTheirs = customerId === undefined ? sql`true` : sql`r.customer_id = ${customerId}::text`;
  return {
    // What is no id may hold what the database cannot.
    id: located.place === undefined ? '' : located.id,
    facts: sql<ParentFacts>`(
      select ${selectMs('o.created_at')} from (${selectPlaced(kind, located)}) r
      cross join lateral (${selectInstantOf('r.sequence')}) o
      where ${isTheirs}
    ) as parent_ms`,
    judge: ({ parent_ms: createdMs }) =>
      isMeantRecord(book, located, createdMs) ? undefined : refuseUnknown(named.id),
  };
}

/** What a list of a customer's credits depends on. */
export interface CustomerFacts {
  readonly is_known: boolean;
  readonly due_memberships: readonly DueMembership[] | null;
}

interface DueMembership {
  readonly sequence: number;
  readonly line: number;
  readonly created_ms: number;
}

/** Memberships of one answer: booking them takes one batch. */
export const dueCountMax = 100;

/**
 * Whether anything names a customer, and their memberships of which a period has begun. These are
 * looked for among the customer's own: after a stop all of a book may be due. Only the indexes of
 * customers have these orders: no plan looks among all accounts or records of the book.
 */
export function customerFacts(customerId: string): RawBuilder<CustomerFacts> {
  const theirs = sql`book_id = b.id and customer_id = ${customerId}::text`;
  return sql<CustomerFacts>`
    (
      (select id from account where ${theirs} order by id limit 1) is not null
      or (
        select sequence from coupon_record where ${theirs}
        order by kind, issued_at, sequence, line limit 1
      ) is not null
    ) as is_known,
    (
      select json_agg(json_build_object(
        'sequence', m.sequence, 'line', m.line, 'created_ms', ${selectMs('o.created_at')}
      ) order by m.next_due_at, m.sequence)
      from (
        select * from (
          select sequence, line, next_due_at from coupon_record
          where ${theirs} and kind = ${recordKinds.membership}::int2
          order by issued_at, sequence, line offset 0
        ) l
        where next_due_at <= k.now_at order by next_due_at limit ${dueCountMax}::int8
      ) m
      cross join lateral (${selectInstantOf('m.sequence')}) o
    ) as due_memberships`;
}

/** The ids of the memberships that are due. */
export function dueMembershipIdsOf(
  book: Book,
  { due_memberships: due }: CustomerFacts,
): readonly MembershipId[] {
  return (due ?? []).map(({ sequence, line, created_ms: createdMs }) => {
    const place = { kind: 'membership', sequence: sequence as Sequence, line } as const;
    return book.ids.recordId(place, fromMs(String(createdMs))) as MembershipId;
  });
}
