// Reads of a balance at a point of a book's past: a seal turns an instant into a sequence, and one
// probe of the account's history answers.
import type { BalancePoint, BalanceView, Book, ReadAnswer } from '@scrip/engine';
import {
  amountFromText,
  refuse,
  refuseUnknownAccount,
  type AccountRef,
  type Sequence,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { fromMs, selectMs, timestampOf } from '../mapping/instant-column.ts';
import { fromAccountRow, accountColumns, type AccountRow } from '../mapping/account-row.ts';
import { isMeant, locate, matches } from './account-ref.ts';
import {
  answer,
  firstRow,
  headOf,
  refused,
  type BookRow,
  type ReadContext,
} from './read-context.ts';

/** A point that lies in the past, or may. */
export type PastPoint = Exclude<BalancePoint, { readonly kind: 'now' }>;

interface PastRow extends BookRow, Omit<AccountRow, 'created_ms'> {
  readonly created_ms: string | null;
  readonly point: string;
  readonly balance_then: string | null;
  readonly entry_ms: string | null;
}

/** Reads the balance that an account had. Before it existed, 0; beyond the head, a refusal. */
export async function readBalanceThen(
  { run }: ReadContext,
  book: Book,
  { ref, point }: { readonly ref: AccountRef; readonly point: PastPoint },
): Promise<ReadAnswer<BalanceView>> {
  const located = locate(book, ref);
  const row = firstRow(
    await run(sql<PastRow>`
      select b.head_sequence, p.sequence as point, e.balance as balance_then,
        ${selectMs('v.created_at')} as entry_ms, ${accountColumns}
      from book b
      cross join lateral (select ${pointOf(point)} as sequence) p
      left join lateral (
        select * from account where book_id = b.id and ${matches(located)} limit 1
      ) a on true
      left join unit u on u.book_id = b.id and u.label = a.unit_label
      left join lateral (
        select sequence, balance from entry
        where book_id = b.id and account_id = a.id and sequence <= p.sequence
        order by sequence desc limit 1
      ) e on true
      left join lateral (
        select created_at from event where book_id = b.id and sequence = e.sequence limit 1
      ) v on true
      where b.id = ${book.id}::int4`),
  );
  if (!isMeant(located, row.created_ms)) return refused(row, refuseUnknownAccount(ref));
  const head = headOf(row);
  if (point.kind === 'at_sequence' && point.sequence > head) {
    const message = `The book stands at sequence ${head}.`;
    return refused(row, refuse('SEQUENCE_BEYOND_HEAD', message, { head_sequence: String(head) }));
  }
  return answer(row, viewOf(row as PastRow & AccountRow, book));
}

function viewOf(row: PastRow & AccountRow, book: Book): BalanceView {
  const account = fromAccountRow(row, book.ids);
  const sequence = Number(row.point) as Sequence;
  return {
    accountId: account.id,
    unit: account.unit,
    balance: amountFromText(row.balance_then ?? '0', account.unit.scale),
    held: sequence >= account.sequence ? account.held : 0n,
    updatedAt: row.entry_ms === null ? account.createdAt : fromMs(row.entry_ms),
    sequence,
  };
}

/** The last sequence that counts at a point. */
function pointOf(point: PastPoint): RawBuilder<string> {
  if (point.kind === 'at_sequence') {
    return sql<string>`${Math.min(point.sequence, Number.MAX_SAFE_INTEGER)}::int8`;
  }
  return sql<string>`coalesce((
    select last_sequence from seal
    where book_id = b.id and created_at <= ${timestampOf(point.instant)}
    order by created_at desc, last_sequence desc limit 1
  ), 0)`;
}
