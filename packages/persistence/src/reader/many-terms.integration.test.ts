// What is live of an account in great number, and what no event tells: by the clock alone.
import { createEngine, type Book, type Engine, type EventCodec } from '@scrip/engine';
import {
  assert,
  grantsOf,
  parseChangeAccountStatus,
  parseCreateAccount,
  parseCreateHold,
  parseCreateSchedule,
  parsePostOneSided,
  type AccountRef,
  type Command,
  type Instant,
  type Parsed,
} from '@scrip/kernel';
import { createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const day = 86_400_000;
const account: AccountRef = { kind: 'external_id', externalId: 'a' };
const all = { account, liveOnly: false, page: { size: 10 } };

let decodedCount = 0;
const codec: EventCodec = {
  ...jsonEventCodec,
  decode: (bytes) => {
    decodedCount += 1;
    return jsonEventCodec.decode(bytes);
  },
};

let database: Database;
let drop: () => Promise<void>;
let book: Book;
let engine: Engine;
let bookCount = 0;
let keyCount = 0;

beforeAll(async () => {
  const created = await createTestDatabase();
  drop = created.drop;
  database = await openDatabase({ connection: created.connection, codec, allowUnsafe: true });
  await database.migrate();
});

afterAll(async () => {
  await database.close();
  await drop();
});

beforeEach(async () => {
  const storeId = `sto_${++bookCount}`;
  const idKeys = { test: new Uint8Array(32).fill(bookCount), prod: new Uint8Array(32) };
  await database.stores.create({ storeId, name: '', idKeys });
  book = (await database.stores.findBook(storeId, 'test')) as Book;
  engine = createEngine({ journal: database.journal, codec });
  await submit(parseCreateAccount({ customerId: 'c', externalId: 'a' }));
});

const named = () => ({ reference: 'ref', idempotencyKey: `key ${++keyCount}` });

async function submit(...commands: readonly Parsed<Command>[]) {
  const outcomes = await engine.submitBatch(book, {
    mode: 'independent',
    commands: commands.map((command) => {
      assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
      return command.value;
    }),
  });
  return outcomes.map((outcome) => {
    assert('event' in outcome, 'the commands of the tests are accepted');
    return outcome.event;
  });
}

function grant(expiresAt?: Instant): Parsed<Command> {
  const terms = { category: 'paid', expiresAt } as const;
  return parsePostOneSided('credit', { account, amount: '1', ...named(), terms });
}

function advance(byMs: number): Parsed<Command> {
  return { kind: 'parsed', value: { kind: 'advance_clock', byMs } };
}

describe('an event that tells very many terms', () => {
  beforeEach(async () => {
    await submit(...Array.from({ length: 300 }, () => grant()));
    await submit(parseCreateHold({ account, amount: '300', ...named() }));
    decodedCount = 0;
  });

  it('is read once by a read', async () => {
    const read = await database.terms.balanceParts(book, account);
    expect(read).toMatchObject({ value: { grants: { length: 300 }, balance: { held: 300n } } });
    expect(decodedCount).toBe(1);
  });

  it('is read once by a write', async () => {
    engine = createEngine({ journal: database.journal, codec });
    await submit(grant());
    expect(decodedCount).toBe(1);
  });
});

it('a grant that was used up has expired when its time is over', async () => {
  const start = await database.reader.account(book, account);
  assert(start.kind === 'read', 'the account is read');
  const [granted] = await submit(grant((start.value.createdAt + day) as Instant));
  const [{ id } = { id: '' }] = granted === undefined ? [] : grantsOf(granted);
  await submit(parsePostOneSided('debit', { account, amount: '1', ...named() }));
  const used = { status: 'active', remaining: 0n };
  expect(await database.terms.grant(book, id)).toMatchObject({ value: used });
  await submit(advance(day));
  const over = { status: 'expired', remaining: 0n, expired: 0n };
  expect(await database.terms.grant(book, id)).toMatchObject({ value: over });
  expect(await database.terms.grants(book, all)).toMatchObject({ value: { items: [over] } });
});

it('a schedule has ended when its account is closed', async () => {
  const schedule = { amount: '5', category: 'paid', leftover: 'roll_over' } as const;
  const period = { unit: 'day', count: 1 } as const;
  await submit(parseCreateSchedule({ account, ...schedule, period, ...named() }));
  const [active] = await schedules();
  expect(active).toMatchObject({ status: 'active', issuedCount: 1 });
  await submit(parseChangeAccountStatus('close_account', { account }));
  await submit(advance(3 * day));
  expect(await schedules()).toMatchObject([{ status: 'ended', issuedCount: 1 }]);
});

async function schedules() {
  const read = await database.terms.schedules(book, all);
  assert(read.kind === 'read', 'the schedules are read');
  return read.value.items;
}
