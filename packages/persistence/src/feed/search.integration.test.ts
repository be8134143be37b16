// Pages of made-up histories, of many accounts and of few, are what a plain filter finds in them.
import type { Book, FeedFilter, HistoryPage } from '@scrip/engine';
import { instantFromMs, type BookEvent, type Sequence } from '@scrip/kernel';
import { openTestDatabase, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import * as fc from 'fast-check';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';
import { numberOfKind } from '../mapping/event-row.ts';

type Kind = BookEvent['change']['kind'];

/** An event as far as a search sees it: the accounts are named by the sequences that made them. */
interface Made {
  readonly kind: Kind;
  readonly accounts: readonly number[];
  readonly size: number;
}

let database: Database;
let client: Client;
let close: () => Promise<void>;
let book: Book;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  const opened = await openTestDatabase(open);
  ({ database, client, close } = opened);
  book = await opened.makeBook();
});

afterAll(() => close());

const changes = [
  'account_updated',
  'account_frozen',
  'account_unfrozen',
  'account_closed',
] as const satisfies readonly Kind[];
const kinds: readonly Kind[] = ['account_created', 'transaction_posted', ...changes];

/** Numbers from which a history is made, once it is known which accounts there are. */
const stepsOf = (accountCount: number) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom<Kind[]>('transaction_posted', 'transaction_posted', ...kinds),
      // Some accounts have most of the events.
      accounts: fc.uniqueArray(
        fc.nat(1_000_000).map((n) => Math.floor(accountCount * (n / 1_000_001) ** 3)),
        { minLength: 1, maxLength: 4 },
      ),
      size: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 100, maxLength: 300, size: 'max' },
  );

const queries = fc.record({
  countMax: fc.constantFrom(4, 9, 20, 100),
  bytesMax: fc.constantFrom(100, 1_000_000, 1_000_000),
  kinds: fc.option(fc.uniqueArray(fc.constantFrom(...kinds), { minLength: 1 }), { nil: undefined }),
  chosen: fc.uniqueArray(fc.nat(79), { minLength: 1, maxLength: 60, size: 'max' }),
  after: fc.nat(30),
});

describe.each([2, 80])('in histories of up to %d accounts', (accountCount) => {
  const runs = fc.tuple(stepsOf(accountCount), fc.array(queries, { minLength: 2, maxLength: 2 }));

  it('pages are all that is kept, in order, once', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ([steps, asked]) => {
        const { history, made } = makeHistory(steps);
        await store(history);
        for (const query of asked) {
          const accounts = made.filter((_, index) => query.chosen.includes(index));
          const scopes = [
            { kind: 'book' },
            { kind: 'accounts', accountIds: accounts.map(idOf) },
            { kind: 'customer', customerId: 'even' },
          ] as const;
          for (const scope of scopes) {
            const filter = { scope, ...(query.kinds ? { kinds: new Set(query.kinds) } : {}) };
            const found = await readAll(history.length, { ...query, filter });
            expect(found).toEqual(keptOf(history, { filter, accounts, after: query.after }));
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

/** Accounts are made by the first event that names them. */
function makeHistory(steps: readonly Made[]) {
  const made: number[] = [];
  const history = steps.map(({ kind, accounts, size }, index): Made => {
    const known = accounts.flatMap((account) => made[account] ?? []);
    const first = known[0];
    if (kind === 'account_created' || first === undefined) {
      made.push(index + 1);
      return { kind: 'account_created', accounts: [index + 1], size };
    }
    return { kind, accounts: kind === 'transaction_posted' ? known : [first], size };
  });
  return { history, made };
}

const startMs = 1_700_000_000_000;

function idOf(account: number) {
  return book.ids.accountId(account as Sequence, instantFromMs(startMs + account));
}

/** Puts a history in the place of the one before. Every third sequence ends a batch. */
async function store(history: readonly Made[]): Promise<void> {
  await client.query('truncate event, entry, account, seal');
  const parameters = [
    book.id,
    history.map(({ kind }) => numberOfKind(kind)),
    history.map(({ kind, accounts }) =>
      changes.some((change) => change === kind) ? accounts[0] : null,
    ),
    history.map(({ size }) => Buffer.alloc(size)),
  ];
  await client.query(
    `insert into event (book_id, sequence, kind, subject, body)
     select $1, n, kind, subject, body
     from unnest($2::int2[], $3::int8[], $4::bytea[]) with ordinality
       as e (kind, subject, body, n)`,
    parameters,
  );
  // Every other account is made with an opening credit, and so has an entry of the same event.
  const entries = history.flatMap(({ kind, accounts }, index) =>
    kind === 'transaction_posted' || (kind === 'account_created' && index % 2 === 0)
      ? accounts.map((account) => [account, index + 1] as const)
      : [],
  );
  await client.query(
    `insert into entry (book_id, account_id, sequence, line, amount, balance)
     select $1, account_id, sequence, 0, 1, 1
     from unnest($2::int8[], $3::int8[]) as e (account_id, sequence)`,
    [book.id, entries.map(([account]) => account), entries.map(([, sequence]) => sequence)],
  );
  await client.query(
    `insert into account (book_id, id, customer_id, name, name_key, unit_label, status, balance,
       last_sequence, created_at, updated_at, balance_updated_at)
     select $1, n, case n % 2 when 0 then 'even' else 'odd' end, n, n, 'credits', 'active', 0, n,
       timestamptz 'epoch' + (${startMs} + n) * interval '1 ms', now(), now()
     from unnest($2::int8[]) n`,
    [
      book.id,
      history.flatMap(({ kind }, index) => (kind === 'account_created' ? [index + 1] : [])),
    ],
  );
  const count = history.length;
  await client.query(
    `insert into seal (book_id, last_sequence, created_at, chain_hash)
     select $1::int4, n, now(), int4send(n) from generate_series(1, $2::int4) n
     where n % 3 = 0 or n = $2::int4`,
    [book.id, count],
  );
  await client.query(
    `update book set head_sequence = $2::int4, chain_hash = sha256(int4send($2::int4))
     where id = $1`,
    [book.id, count],
  );
}

function keptOf(
  history: readonly Made[],
  of: { readonly filter: FeedFilter; readonly accounts: readonly number[]; readonly after: number },
): readonly number[] {
  const { filter, after } = of;
  const { scope, kinds: wanted } = filter;
  const isOfScope = (account: number): boolean =>
    scope.kind === 'customer' ? account % 2 === 0 : of.accounts.includes(account);
  return history.flatMap(({ kind, accounts }, index) => {
    const isKept =
      index + 1 > after &&
      (wanted === undefined || wanted.has(kind)) &&
      (scope.kind === 'book' || accounts.some(isOfScope));
    return isKept ? [index + 1] : [];
  });
}

async function readAll(
  headSequence: number,
  query: Parameters<Database['feedSource']['readHistory']>[1] extends infer Query
    ? { readonly [K in keyof Query]: K extends 'after' ? number : Query[K] }
    : never,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (let after = query.after as Sequence; ;) {
    const page = await database.feedSource.readHistory(book, { ...query, after });
    found.push(...page.events.map(({ sequence }) => sequence));
    expectWhole(page, headSequence);
    expect(page.events.length).toBeLessThanOrEqual(query.countMax);
    const bytes = page.events.map((event) => event.bytes.length);
    expect(bytes.slice(0, -1).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(query.bytesMax);
    if (page.scannedTo >= headSequence) return found;
    expect(page.scannedTo).toBeGreaterThan(after);
    after = page.scannedTo;
  }
}

/** The seal is the first one at or after what was looked through, which covers the events. */
function expectWhole({ events, scannedTo, seal, head }: HistoryPage, headSequence: number): void {
  expect(head.sequence).toBe(headSequence);
  expect(events.at(-1)?.sequence ?? 0).toBeLessThanOrEqual(scannedTo);
  expect(seal.sequence).toBe(Math.min(headSequence, 3 * Math.ceil(scannedTo / 3)));
  expect(Buffer.from(seal.chainHash).readInt32BE()).toBe(seal.sequence);
}
