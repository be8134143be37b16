// Reads of an account's own history.
import type { Book, HistoryEntry, Page, PageRequest, ReadAnswer } from '@scrip/engine';
import {
  amountFromText,
  refuseUnknownAccount,
  type AccountId,
  type AccountRef,
  type Sequence,
  type Unit,
} from '@scrip/kernel';
import { sql } from 'kysely';
import { fromMs, selectInstantOf, selectMs } from '../mapping/instant-column.ts';
import { isMeant, locate, matches } from './account-ref.ts';
import { judgeCursor, pageOf, pageRange } from './page.ts';
import { answer, firstRow, refused, type BookRow, type ReadContext } from './read-context.ts';

interface EntryRow {
  readonly sequence: string;
  readonly line: number;
  readonly amount: string;
  readonly balance: string;
  readonly entry_ms: string;
}

interface HistoryRow extends BookRow {
  readonly account_id: string | null;
  readonly account_ms: string | null;
  readonly unit_label: string;
  readonly scale: number;
  readonly cursor_ms: string | null;
}

/** Reads a page of the entries of one account. */
export async function readEntryPage(
  { run }: ReadContext,
  book: Book,
  { ref, page }: { readonly ref: AccountRef; readonly page: PageRequest },
): Promise<ReadAnswer<Page<HistoryEntry>>> {
  const located = locate(book, ref);
  const place = page.cursor && book.ids.entryPlace(page.cursor.id);
  const range = pageRange('sequence', page, place);
  const rows = await run(sql<HistoryRow & (EntryRow | { readonly sequence: null })>`
    select b.head_sequence, a.id as account_id, ${selectMs('a.created_at')} as account_ms,
      a.unit_label, u.scale, ${selectMs('w.created_at')} as cursor_ms,
      e.sequence, e.line, e.amount, e.balance, ${selectMs('v.created_at')} as entry_ms
    from book b
    left join lateral (
      select id, created_at, unit_label from account
      where book_id = b.id and ${matches(located)} limit 1
    ) a on true
    left join unit u on u.book_id = b.id and u.label = a.unit_label
    left join lateral (
      select sequence from entry
      where book_id = b.id and account_id = a.id and sequence = ${place?.sequence ?? 0}::int8
        and line = ${place?.line ?? 0}::int2
      limit 1
    ) c on true
    left join lateral (${selectInstantOf('c.sequence')}) w on true
    left join lateral (
      select sequence, line, amount, balance from entry
      where book_id = b.id and account_id = a.id and ${range.condition}
      order by ${range.order} limit ${range.limit}::int8
    ) e on true
    left join lateral (${selectInstantOf('e.sequence')}) v on true
    where b.id = ${book.id}::int4
    order by ${pageRange('e.sequence', page, place).order}`);
  const first = firstRow(rows);
  if (!isMeant(located, first.account_ms)) return refused(first, refuseUnknownAccount(ref));
  const refusal = judgeCursor(page, place, first.cursor_ms);
  if (refusal !== undefined) return refused(first, refusal);
  const accountId = book.ids.accountId(
    Number(first.account_id) as Sequence,
    fromMs(first.account_ms ?? ''),
  );
  const unit = { label: first.unit_label, scale: first.scale };
  const entries = rows.flatMap((row) =>
    row.sequence === null ? [] : fromEntryRow(row, { book, accountId, unit }),
  );
  return answer(first, pageOf(page, entries));
}

function fromEntryRow(
  row: EntryRow,
  of: { readonly book: Book; readonly accountId: AccountId; readonly unit: Unit },
): HistoryEntry {
  const sequence = Number(row.sequence) as Sequence;
  const createdAt = fromMs(row.entry_ms);
  const amount = amountFromText(row.amount, of.unit.scale);
  return {
    unit: of.unit,
    id: of.book.ids.entryId(sequence, createdAt, row.line),
    accountId: of.accountId,
    side: amount < 0n ? 'debit' : 'credit',
    amount: amount < 0n ? -amount : amount,
    balanceAfter: amountFromText(row.balance, of.unit.scale),
    transactionId: of.book.ids.transactionId(sequence, createdAt),
    sequence,
    createdAt,
  };
}
