// Explanations: what a balance is made of, and which grants an entry drew on or gave to.
import type { BalanceParts, Book, ExplainedEntry, HistoryEntry, ReadAnswer } from '@scrip/engine';
import {
  assert,
  compareGrants,
  postingOf,
  refuse,
  refuseUnknownAccount,
  type Account,
  type AccountRef,
  type BookEvent,
  type Grant,
  type GrantId,
  type Sequence,
} from '@scrip/kernel';
import { sql } from 'kysely';
import { isMeant, locate, matches } from './account-ref.ts';
import { noneChosen, readAccountTerms } from './account-terms.ts';
import { isDue } from './live-terms.ts';
import { viewOf } from './read-accounts.ts';
import { readAccountThen } from './read-balance.ts';
import {
  answer,
  firstRow,
  headOf,
  refused,
  type BookRow,
  type ReadContext,
} from './read-context.ts';
import { grantKind } from './term-kinds.ts';

/** Reads the parts of a balance: now, or as booked after an event. */
export async function readBalanceParts(
  context: ReadContext,
  book: Book,
  { ref, atSequence }: { readonly ref: AccountRef; readonly atSequence: number | undefined },
): Promise<ReadAnswer<BalanceParts>> {
  if (atSequence !== undefined) {
    const point = { kind: 'at_sequence', sequence: atSequence } as const;
    const found = await readAccountThen(context, book, { ref, point });
    if (found.kind === 'refused') return found;
    return { ...found, value: partsOf(found.value.account, found.value.sequence) };
  }
  const located = locate(book, ref);
  const asked = { account: matches(located), live: sql`true`, chosen: noneChosen };
  const found = await readAccountTerms(context, book, asked);
  if (found.account === undefined || !isMeant(located, found.createdMs)) {
    return refused(found.row, refuseUnknownAccount(ref));
  }
  return answer(found.row, partsOf(found.account, headOf(found.row)));
}

function partsOf(account: Account, sequence: Sequence): BalanceParts {
  const { balance, held, grants, holds } = account;
  const counted = grants.filter(({ status }) => status !== 'scheduled');
  return {
    balance: viewOf(account, sequence),
    pool: counted.reduce((rest, grant) => rest - grant.remaining, balance),
    poolHeld: counted.reduce((rest, grant) => rest - grant.held, held),
    grants: grants.toSorted(compareGrants).map((grant) => named(grant, sequence)),
    holds,
  };
}

/** What a schedule made and nobody booked has no place in the book yet, and so no id. */
function named(grant: Grant, head: Sequence): Grant {
  if (grant.sequence <= head) return grant;
  return { ...grant, id: '' as GrantId, sequence: 0 as Sequence };
}

interface BodyRow extends BookRow {
  readonly body: Uint8Array | null;
}

/**
 * Reads an entry and the grants of its allocations. What was posted never changes, so that the
 * entry can be found before the grants are read in one snapshot.
 */
export async function readExplainedEntry(
  context: ReadContext,
  book: Book,
  id: string,
): Promise<ReadAnswer<ExplainedEntry>> {
  const sequence = book.ids.entryPlace(id)?.sequence ?? 0;
  const row = firstRow(
    await context.run(sql<BodyRow>`
      select b.head_sequence, v.body
      from book b
      left join lateral (
        select body from event where book_id = b.id and sequence = ${sequence}::int8 limit 1
      ) v on true
      where b.id = ${book.id}::int4`),
  );
  const entry = row.body === null ? undefined : entryOf(context.codec.decode(row.body), id);
  if (entry === undefined) {
    return refused(row, refuse('ENTRY_NOT_FOUND', 'No such entry.', { entry: id }));
  }
  const grantIds = (entry.allocations ?? []).flatMap(({ grantId }) => grantId ?? []);
  if (grantIds.length === 0) return answer(row, { entry, grants: [] });
  return explainWith(context, book, { entry, grantIds });
}

function entryOf(event: BookEvent, id: string): HistoryEntry | undefined {
  const transaction = postingOf(event)?.transaction;
  const entry = transaction?.entries.find((each) => each.id === id);
  if (transaction === undefined || entry === undefined) return undefined;
  const { id: transactionId, unit, sequence, createdAt } = transaction;
  return { ...entry, unit, transactionId, sequence, createdAt };
}

async function explainWith(
  context: ReadContext,
  book: Book,
  { entry, grantIds }: { readonly entry: HistoryEntry; readonly grantIds: readonly GrantId[] },
): Promise<ReadAnswer<ExplainedEntry>> {
  const keys = grantIds.map((id) => book.ids.grantPlace(id)?.sequence ?? 0);
  const found = await readAccountTerms(context, book, {
    account: matches(locate(book, { kind: 'id', id: entry.accountId })),
    live: isDue,
    chosen: sql`
      select t.id, t.last_sequence as sequence
      from unnest(${keys}::int8[]) as g (id)
      cross join lateral (
        select id, last_sequence from account_term where book_id = b.id and id = g.id limit 1
      ) t`,
  });
  assert(found.account !== undefined, 'the account of an entry exists');
  const grants = found.chosen.flatMap((term) => grantKind.settled(found.state, term) ?? []);
  const grantsById = new Map(grants.map((grant) => [grant.id, grant]));
  const inOrder = grantIds.flatMap((id) => grantsById.get(id) ?? []);
  return answer(found.row, { entry, grants: inOrder });
}
