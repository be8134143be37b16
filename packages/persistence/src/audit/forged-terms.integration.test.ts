// A history whose parts do not fit each other is found, even when its seals were made to fit.
import { createEngine, genesisHash, nextChainHash, verifyBook, type Book } from '@scrip/engine';
import {
  assert,
  holdOf,
  parseCaptureHold,
  parseCreateAccount,
  parseCreateHold,
  parsePostOneSided,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { openTestDatabase, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let client: Client;
let close: () => Promise<void>;
let makeBook: () => Promise<Book>;
let book: Book;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, client, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

/**
 * 1 makes an account with 10, 2 a grant of 5, 3 a hold of 3 of it, 4 a debit of 4, half of the
 * grant, 5 captures 1 of the hold, 6 the rest of it.
 */
beforeEach(async () => {
  book = await makeBook();
  const engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
  const submit = async (command: Parsed<Command>) => {
    assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
    const outcome = await engine.submit(book, command.value);
    assert('event' in outcome, 'the commands of the tests are accepted');
    return outcome.event;
  };
  const account = { kind: 'external_id', externalId: 'a' } as const;
  const named = (idempotencyKey: string) => ({ reference: 'ref', idempotencyKey });
  await submit(parseCreateAccount({ customerId: 'a', externalId: 'a', initialBalance: '10' }));
  const terms = { category: 'paid', priority: 10 } as const;
  await submit(parsePostOneSided('credit', { account, amount: '5', ...named('grant'), terms }));
  const held = await submit(parseCreateHold({ account, amount: '3', ...named('hold') }));
  await submit(parsePostOneSided('debit', { account, amount: '4', ...named('debit') }));
  const holdId = holdOf(held)?.id ?? '';
  const more = { final: false, allowExcess: false };
  await submit(parseCaptureHold({ holdId, amount: '1', ...more, ...named('first') }));
  await submit(parseCaptureHold({ holdId, amount: '2', ...more, ...named('last') }));
});

/** Where in an event, and what stands there then. */
type Part = readonly [path: string, value: bigint | object];

const entry = 'change.posting.transaction.entries.0';
const grant = 'change.grants.0';

const forgeries: readonly [what: string, sequence: number, parts: readonly Part[], said: string][] =
  [
    ['what is left of a grant', 4, [[`${grant}.remaining`, 2n]], 'its allocations make'],
    ['what was taken of it', 4, [[`${entry}.allocations.0.amount`, 1n]], 'its allocations make'],
    [
      'more parts than were moved',
      2,
      [
        [`${entry}.allocations.0.amount`, 6n],
        [`${grant}.amount`, 6n],
        [`${grant}.remaining`, 6n],
      ],
      'allocates more than it moves',
    ],
    ['a grant that is not told', 4, [['change.grants', []]], 'does not say what is left'],
    ['more of it than was granted', 4, [[`${grant}.expired`, 9n]], 'than was granted'],
    ['what holds keep of it', 3, [[`${grant}.held`, 2n]], 'other than its holds do'],
    ['what a capture leaves of that', 5, [[`${grant}.held`, 1n]], 'other than its holds do'],
    ['where a hold is from', 3, [['change.hold.allocations.0.amount', 2n]], 'its holds do'],
    [
      'what a hold keeps of the pool',
      5,
      [['change.hold.allocations.1', { amount: 1n }]],
      'other than its allocations',
    ],
    ['what was captured', 5, [['change.hold.captured', 2n]], 'captures other than it posts'],
    ['what a hold was for', 5, [['change.hold.amount', 4n]], 'other parts of hold'],
    [
      'a debit that the pool does not cover',
      4,
      [
        [`${entry}.amount`, 12n],
        [`${entry}.balanceAfter`, 3n],
        [`${entry}.allocations`, []],
        [`${grant}.remaining`, 5n],
      ],
      'takes the pool of account',
    ],
    [
      'a hold that the pool does not cover',
      3,
      [
        ['change.hold.amount', 14n],
        ['change.hold.remaining', 14n],
        ['change.heldAfter', 14n],
        ['change.hold.allocations.1', { amount: 11n }],
      ],
      'than its pool has',
    ],
  ];

it.each(forgeries)('names the event that was forged in %s', async (...forgery) => {
  const [, sequence, parts, said] = forgery;
  expect(await verify()).toMatchObject({ kind: 'intact', sequence: 6 });
  await forge(sequence, parts);
  expect(await verify()).toMatchObject({
    kind: 'different',
    difference: { place: 'event', sequence, message: expect.stringContaining(said) as string },
  });
});

function verify() {
  return verifyBook(book, { source: database.auditSource, codec: jsonEventCodec });
}

/** Changes parts of an event, and makes all seals fit. */
async function forge(sequence: number, parts: readonly Part[]): Promise<void> {
  const { rows } = await client.query<{ readonly sequence: string; readonly body: Buffer }>(
    'select sequence, body from event where book_id = $1 order by sequence',
    [book.id],
  );
  let hash = genesisHash;
  for (const row of rows) {
    const isIt = Number(row.sequence) === sequence;
    const body = isIt ? forged(row.body, parts) : row.body;
    hash = nextChainHash(hash, [body]);
    await client.query(
      `with forged as (update event set body = $3 where book_id = $1 and sequence = $2)
      update seal set chain_hash = $4 where book_id = $1 and last_sequence = $2`,
      [book.id, row.sequence, body, hash],
    );
  }
}

function forged(body: Uint8Array, parts: readonly Part[]): Uint8Array {
  const event = jsonEventCodec.decode(body);
  for (const [path, value] of parts) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const place = names.reduce<object>((at, name) => Reflect.get(at, name) as object, event);
    Reflect.set(place, last, value);
  }
  return jsonEventCodec.encode(event);
}
