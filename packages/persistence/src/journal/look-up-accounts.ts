// Look-ups of accounts and units under the lock.
import type { NameLookup, UnitOfWork } from '@scrip/engine';
import { nameIndex, type AccountId, type Place, type Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import { accountColumns, fromAccountRow, isAt, type AccountRow } from '../mapping/account-row.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';
import { fromUnitRow, unitColumns, type UnitRow } from '../mapping/unit-row.ts';
import { loadLiveTerms } from './look-up-terms.ts';
import type { WorkContext } from './work-context.ts';

type AccountLookUps = Pick<
  UnitOfWork,
  'findAccountIdsByExternalId' | 'findAccountIdsByName' | 'loadAccounts' | 'loadUnits'
>;

/** Makes the look-ups of accounts and units. */
export function createAccountLookUps(context: WorkContext): AccountLookUps {
  return {
    findAccountIdsByExternalId: (externalIds) => findByExternalId(context, externalIds),
    findAccountIdsByName: (names) => findByName(context, names),
    loadAccounts: (ids, termCountMax = Infinity) => loadAccounts(context, ids, termCountMax),
    loadUnits: (labels) => loadUnits(context, labels),
  };
}

interface PlaceRow {
  readonly id: string;
  readonly created_ms: string;
}

function idOf({ book }: WorkContext, row: PlaceRow): AccountId {
  return book.ids.accountId(Number(row.id) as Sequence, fromMs(row.created_ms));
}

async function findByExternalId(
  context: WorkContext,
  externalIds: readonly string[],
): ReturnType<UnitOfWork['findAccountIdsByExternalId']> {
  const rows = await context.run(sql<PlaceRow & { readonly external_id: string }>`
    select a.external_id, a.id, ${selectMs('a.created_at')} as created_ms
    from unnest(${externalIds}::text[]) as k (external_id)
    cross join lateral (
      select external_id, id, created_at from account
      where book_id = ${context.book.id}::int4 and external_id = k.external_id limit 1
    ) a`);
  return new Map(rows.map((row) => [row.external_id, idOf(context, row)]));
}

async function findByName(
  context: WorkContext,
  names: readonly NameLookup[],
): ReturnType<UnitOfWork['findAccountIdsByName']> {
  type Row = PlaceRow & { readonly customer_id: string; readonly name: string };
  const rows = await context.run(sql<Row>`
    select a.customer_id, a.name, a.id, ${selectMs('a.created_at')} as created_ms
    from unnest(
      ${names.map((name) => name.customerId)}::text[], ${names.map((name) => name.nameKey)}::text[]
    ) as k (customer_id, name_key)
    cross join lateral (
      select customer_id, name, id, created_at from account
      where book_id = ${context.book.id}::int4 and customer_id = k.customer_id
        and name_key = k.name_key and status <> 'closed' limit 1
    ) a`);
  return new Map(rows.map((row) => [nameIndex(row.customer_id, row.name), idOf(context, row)]));
}

async function loadAccounts(
  context: WorkContext,
  ids: readonly string[],
  termCountMax: number,
): ReturnType<UnitOfWork['loadAccounts']> {
  const { run, book } = context;
  const asked = ids.flatMap((id) => {
    const place = book.ids.accountPlace(id);
    return place === undefined ? [] : [{ id, place }];
  });
  if (asked.length === 0) return { accounts: [], leftIds: [] };
  const rows = await run(sql<AccountRow>`
    select ${accountColumns}
    from unnest(${asked.map(({ place }) => place.sequence)}::int8[]) as k (id)
    cross join lateral (
      select * from account where book_id = ${book.id}::int4 and id = k.id limit 1
    ) a
    cross join lateral (
      select scale from unit where book_id = ${book.id}::int4 and label = a.unit_label limit 1
    ) u`);
  const { meant, askedCount } = takeRows(rows, asked, termCountMax);
  const termed = meant.filter((row) => row.term_count > 0).map((row) => row.id);
  // Most accounts have none: nothing is asked for them.
  const terms = termed.length === 0 ? undefined : await loadLiveTerms(context, termed);
  return {
    accounts: meant.map((row) => fromAccountRow(row, book.ids, terms?.get(row.id))),
    leftIds: asked.slice(askedCount).map(({ id }) => id),
  };
}

/** The rows that were meant, up to the one whose terms pass a number, and how many that answers. */
function takeRows(
  rows: readonly AccountRow[],
  asked: readonly { readonly place: Place }[],
  termCountMax: number,
): { readonly meant: readonly AccountRow[]; readonly askedCount: number } {
  const rowsById = new Map(rows.map((row) => [row.id, row]));
  const meant: AccountRow[] = [];
  let termCount = 0;
  for (const [askedCount, { place }] of asked.entries()) {
    if (termCount > termCountMax) return { meant, askedCount };
    const row = rowsById.get(String(place.sequence));
    if (row === undefined || !isAt(row.created_ms, place)) continue;
    meant.push(row);
    termCount += row.term_count;
  }
  return { meant, askedCount: asked.length };
}

async function loadUnits(
  { run, book }: WorkContext,
  labels: readonly string[],
): ReturnType<UnitOfWork['loadUnits']> {
  const rows = await run(sql<UnitRow>`
    select ${unitColumns}
    from unnest(${labels}::text[]) as k (label)
    cross join lateral (
      select * from unit where book_id = ${book.id}::int4 and label = k.label limit 1
    ) u`);
  return rows.map(fromUnitRow);
}
