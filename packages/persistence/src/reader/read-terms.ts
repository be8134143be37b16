// Reads of grants, holds and schedules: one by its id, and those of an account page by page.
import type { Book, Page, PageRequest, ReadAnswer, TermsQuery } from '@scrip/engine';
import { instantBits, refuseUnknownAccount, type Place, type Term } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { isMeant, locate, matches } from './account-ref.ts';
import { noneChosen, readAccountTerms, type FoundAccount } from './account-terms.ts';
import { isDue } from './live-terms.ts';
import { judgeCursor, pageOf } from './page.ts';
import { answer, headOf, refused, type ReadContext } from './read-context.ts';
import type { TermKind } from './term-kinds.ts';

/** Reads one by its id, in any status. */
export async function readTerm<T extends Term['term']>(
  context: ReadContext,
  book: Book,
  { kind, id }: { readonly kind: TermKind<T>; readonly id: string },
): Promise<ReadAnswer<T>> {
  const place = kind.place(book.ids, id);
  const isIt = sql`
    book_id = b.id and id = ${place?.sequence ?? 0}::int8 and kind = ${kind.number}::int2`;
  const found = await readAccountTerms(context, book, {
    account: sql`id = (select account_id from account_term where ${isIt})`,
    live: isDue,
    chosen: sql`select id, last_sequence as sequence from account_term where ${isIt}`,
  });
  const [term] = found.account === undefined ? [] : settledTerms(found, kind);
  // A guessed id fails here.
  const isThere = place !== undefined && term !== undefined;
  if (isThere && instantBits(term.createdAt) === place.instantBits) return answer(found.row, term);
  return refused(found.row, kind.refuseUnknown(id));
}

/** Reads a page of those of an account. */
export async function readTermPage<T extends Term['term']>(
  context: ReadContext,
  book: Book,
  { kind, query }: { readonly kind: TermKind<T>; readonly query: TermsQuery },
): Promise<ReadAnswer<Page<T>>> {
  const { account: ref, liveOnly, page } = query;
  const located = locate(book, ref);
  const place = page.cursor && kind.place(book.ids, page.cursor.id);
  const found = await readAccountTerms(context, book, {
    account: matches(located),
    live: liveOnly ? sql`true` : isDue,
    chosen: liveOnly ? noneChosen : selectPage(kind.number, page, place),
    cursor: page.cursor && { place, kindNumber: kind.number },
  });
  if (found.account === undefined || !isMeant(located, found.createdMs)) {
    return refused(found.row, refuseUnknownAccount(ref));
  }
  const refusal = judgeCursor(page, place, found.cursorMs);
  if (refusal !== undefined) return refused(found.row, refusal);
  const isBackwards = page.cursor?.direction === 'before';
  const byAge = liveOnly ? liveTermsOf(found, kind) : settledTerms(found, kind);
  const inPage = byAge.filter(({ sequence }) => {
    if (place === undefined) return true;
    return isBackwards ? sequence > place.sequence : sequence < place.sequence;
  });
  const ordered = isBackwards ? inPage : inPage.toReversed();
  return answer(found.row, pageOf(page, ordered.slice(0, page.size + 1)));
}

/** Only the index of the account has this order: no plan looks among the terms of the book. */
function selectPage(
  kindNumber: number,
  { cursor, size }: PageRequest,
  place: Place | undefined,
): RawBuilder<unknown> {
  const isBackwards = cursor?.direction === 'before';
  const end = place?.sequence ?? Number.MAX_SAFE_INTEGER;
  const [from, to] = isBackwards ? [end, Number.MAX_SAFE_INTEGER] : [0, end];
  const order = isBackwards ? sql`kind, id` : sql`kind desc, id desc`;
  return sql`
    select id, last_sequence as sequence from account_term
    where book_id = b.id and account_id = a.id and kind > 0
      and (kind, id) > (${kindNumber}::int2, ${from}::int8)
      and (kind, id) < (${kindNumber}::int2, ${to}::int8)
    order by ${order} limit ${size + 1}::int8`;
}

function settledTerms<T extends Term['term']>(
  { chosen, state }: FoundAccount,
  kind: TermKind<T>,
): readonly T[] {
  return chosen.flatMap((term) => kind.settled(state, term) ?? []);
}

/** What a schedule has made but nobody booked has no id of its own yet: it is in no list. */
function liveTermsOf<T extends Term['term']>(
  { row, account }: FoundAccount,
  kind: TermKind<T>,
): readonly T[] {
  return kind.liveOf(account).filter(({ sequence }) => sequence <= headOf(row));
}
