// Reads of an account at a point of a book's past: a seal turns an instant into a sequence, a probe
// of its history gives the balance, and its terms are those that were live then.
import type { BalancePoint, BalanceView, Book, ReadAnswer } from '@scrip/engine';
import {
  amountFromText,
  refuse,
  refuseUnknownAccount,
  type Account,
  type AccountRef,
  type Instant,
  type Sequence,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { prepare } from '../connection/prepared.ts';
import { numberOfKind } from '../mapping/event-row.ts';
import {
  clampMs,
  fromMs,
  selectInstantOf,
  selectMs,
  timestampOfMs,
} from '../mapping/instant-column.ts';
import { fromAccountRow, accountColumns, type AccountRow } from '../mapping/account-row.ts';
import { sortTerms } from '../mapping/term-row.ts';
import { isMeant, locate, type LocatedRef } from './account-ref.ts';
import {
  fromTermColumns,
  liveTermsThen,
  noTermColumns,
  selectTerms,
  termColumns,
  type TermColumns,
} from './live-terms.ts';
import { viewOf } from './read-accounts.ts';
import {
  answer,
  clockColumns,
  firstRow,
  headOf,
  joinClock,
  refused,
  type ClockRow,
  type ReadContext,
} from './read-context.ts';
import { settleAccount } from './settle-account.ts';

/** A point that lies in the past, or may. */
export type PastPoint = Exclude<BalancePoint, { readonly kind: 'now' }>;

/** An account as it was after a sequence. */
export interface PastAccount {
  /** With the terms that were live then. Before it existed, it had nothing. */
  readonly account: Account;
  readonly sequence: Sequence;
}

interface PastRow extends ClockRow, TermColumns, Omit<AccountRow, 'created_ms'> {
  readonly created_ms: string | null;
  readonly point: string;
  readonly balance_then: string | null;
  readonly entry_ms: string | null;
  readonly closed_sequence: string | null;
  readonly has_terms: boolean;
}

/** Reads the balance that an account had. Before it existed, 0; beyond the head, a refusal. */
export async function readBalanceThen(
  context: ReadContext,
  book: Book,
  asked: { readonly ref: AccountRef; readonly point: PastPoint },
): Promise<ReadAnswer<BalanceView>> {
  const found = await readAccountThen(context, book, asked);
  if (found.kind === 'refused') return found;
  const { account, sequence } = found.value;
  return { ...found, value: viewOf(account, sequence) };
}

/** Reads an account at a point: after a sequence as booked, at an instant with all that was due. */
export async function readAccountThen(
  { run, runPrepared, codec }: ReadContext,
  book: Book,
  { ref, point }: { readonly ref: AccountRef; readonly point: PastPoint },
): Promise<ReadAnswer<PastAccount>> {
  const located = locate(book, ref);
  const keys = keysOf(book, located, point);
  const plain = firstRow(await runPrepared(plainStatements[point.kind], keys));
  // What the second statement says is the answer then: plain accounts cost no more than before.
  const row = plain.has_terms
    ? firstRow(await run(selectThen(point.kind, keys, withTerms)))
    : plain;
  if (!isMeant(located, row.created_ms)) return refused(row, refuseUnknownAccount(ref));
  const head = headOf(row);
  if (point.kind === 'at_sequence' && point.sequence > head) {
    const message = `The book stands at sequence ${head}.`;
    return refused(row, refuse('SEQUENCE_BEYOND_HEAD', message, { head_sequence: String(head) }));
  }
  const sequence = Number(row.point) as Sequence;
  const terms = sortTerms(fromTermColumns(row, codec));
  const booked = { ...accountThen(row as PastRow & AccountRow, book, sequence), ...terms };
  const account = { ...booked, held: booked.holds.reduce((sum, hold) => sum + hold.remaining, 0n) };
  if (point.kind === 'at_sequence' || row.ids === null) return answer(row, { account, sequence });
  const instant = Math.min(point.instant, fromMs(row.now_ms)) as Instant;
  return answer(row, { ...settleAccount(book, account, { sequence, instant }), sequence });
}

/** The parts of the statement that are about terms. */
interface PastParts {
  readonly columns: RawBuilder<unknown>;
  readonly joins: RawBuilder<unknown>;
}

const withoutTerms: PastParts = {
  columns: sql`${noTermColumns}, null::int8 as closed_sequence,
    (
      select id from account_term
      where book_id = b.id and account_id = a.id and kind > 0 order by kind, id limit 1
    ) is not null as has_terms`,
  joins: sql``,
};

// A closed account gets no more from its schedules: from when on, only its events tell.
const withTerms: PastParts = {
  columns: sql`${termColumns}, z.sequence as closed_sequence, true as has_terms`,
  joins: sql`
    left join lateral (${selectTerms(liveTermsThen)}) n on true
    left join lateral (
      select sequence from event
      where book_id = b.id and subject = a.id and reference_digest is null
        and kind = ${numberOfKind('account_closed')}::int2 and a.status = 'closed'
      order by sequence desc limit 1
    ) z on true`,
};

/** What a statement asks with. */
interface PastKeys {
  readonly bookId: number;
  readonly id: number | null;
  readonly externalId: string | null;
  /** A sequence, or milliseconds. */
  readonly point: number;
}

function keysOf(book: Book, { ref, place }: LocatedRef, point: PastPoint): PastKeys {
  return {
    bookId: book.id,
    id: place?.sequence ?? null,
    externalId: ref.kind === 'external_id' ? ref.externalId : null,
    point:
      point.kind === 'at'
        ? clampMs(point.instant)
        : Math.min(point.sequence, Number.MAX_SAFE_INTEGER),
  };
}

/** The last sequence that counts at a point. */
const lastSequences: Readonly<Record<PastPoint['kind'], (point: unknown) => RawBuilder<string>>> = {
  at: (ms) => sql<string>`coalesce((
    select last_sequence from seal
    where book_id = b.id and created_at <= ${timestampOfMs(ms)}
    order by created_at desc, last_sequence desc limit 1
  ), 0)`,
  at_sequence: (sequence) => sql<string>`${sequence}::int8`,
};

/** The statements of accounts without terms, each with a text and a plan that are made once. */
const plainStatements = {
  at: prepare<PastKeys, PastRow>((keys) => selectThen('at', keys, withoutTerms)),
  at_sequence: prepare<PastKeys, PastRow>((keys) => selectThen('at_sequence', keys, withoutTerms)),
} as const;

function selectThen(
  kind: PastPoint['kind'],
  { bookId, id, externalId, point }: { readonly [Name in keyof PastKeys]: unknown },
  parts: PastParts,
): RawBuilder<PastRow> {
  return sql<PastRow>`
    select ${clockColumns}, p.sequence as point, e.balance as balance_then,
      ${selectMs('v.created_at')} as entry_ms, ${accountColumns}, ${parts.columns}
    from book b
    ${joinClock}
    cross join lateral (select ${lastSequences[kind](point)} as sequence) p
    left join lateral (
      (select * from account where book_id = b.id and id = ${id}::int8 limit 1)
      union all
      (select * from account where book_id = b.id and external_id = ${externalId}::text limit 1)
    ) a on true
    left join unit u on u.book_id = b.id and u.label = a.unit_label
    left join lateral (
      select sequence, balance from entry
      where book_id = b.id and account_id = a.id and sequence <= p.sequence
      order by sequence desc limit 1
    ) e on true
    left join lateral (${selectInstantOf('e.sequence')}) v on true
    ${parts.joins}
    where b.id = ${bookId}::int4`;
}

function accountThen(row: PastRow & AccountRow, book: Book, sequence: Sequence): Account {
  const account = fromAccountRow(row, book.ids);
  const wasClosed = row.closed_sequence !== null && Number(row.closed_sequence) <= sequence;
  return {
    ...account,
    // Whether it was frozen makes no difference to what time does.
    status: wasClosed ? 'closed' : 'active',
    balance: amountFromText(row.balance_then ?? '0', account.unit.scale),
    balanceUpdatedAt: row.entry_ms === null ? account.createdAt : fromMs(row.entry_ms),
  };
}
