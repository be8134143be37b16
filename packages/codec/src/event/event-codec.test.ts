// Laws of the events' bytes.
import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@scrip/contract';
import {
  instantFromMs,
  parseMetadata,
  postingOf,
  type AccountId,
  type AccountSnapshot,
  type BookEvent,
  type Change,
  type Entry,
  type EntryId,
  type JsonValue,
  type Metadata,
  type Posting,
  type Sequence,
  type Transaction,
  type TransactionId,
} from '@scrip/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWhole } from './encode-event.ts';
import { eventCodec } from './event-codec.ts';
import { toldBytes } from './told-bytes.ts';
import { unorderedIn } from './unordered-fields.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => value.isWellFormed());
const someKey = text.filter((value) => value !== '');
const sequence = fc.integer({ min: 1, max: 2 ** 42 - 1 }).map((n) => n as Sequence);
const instant = fc.integer({ min: 0, max: 253_402_300_799_999 }).map(instantFromMs);
const scale = fc.integer({ min: 0, max: 18 });
const plain = { noNullPrototype: true } as const;
const amount = fc.bigInt({ min: 0n, max: 10n ** 60n });
const idOf = (prefix: string) =>
  fc.stringMatching(/^[0-9A-Za-z]{11}$/).map((rest) => `${prefix}_${rest}`);
const accountId = idOf('cca').map((id) => id as AccountId);
const transactionId = idOf('cct').map((id) => id as TransactionId);

const metadata: fc.Arbitrary<Metadata> = fc
  .dictionary(
    fc.oneof(text, fc.constantFrom('10', '2', '__proto__', 'constructor', 'toString', '')),
    fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }) as fc.Arbitrary<JsonValue>,
    { maxKeys: 8, noNullPrototype: true },
  )
  .map((unchecked) => parseMetadata(unchecked))
  .filter((checked) => checked.kind === 'parsed')
  .map((checked) => (checked.kind === 'parsed' ? checked.value : undefined) ?? { a: 1 });

const account: fc.Arbitrary<AccountSnapshot> = fc.record(
  {
    id: accountId,
    customerId: text,
    name: text,
    externalId: text,
    unit: fc.record({ label: text, scale }, plain),
    status: fc.constantFrom('active', 'frozen', 'closed'),
    balance: amount,
    held: amount,
    createdAt: instant,
    updatedAt: instant,
    sequence,
  },
  {
    ...plain,
    requiredKeys: [
      'id',
      'customerId',
      'name',
      'unit',
      'status',
      'balance',
      'held',
      'createdAt',
      'updatedAt',
      'sequence',
    ],
  },
);

const entry: fc.Arbitrary<Entry> = fc.record(
  {
    id: idOf('cce').map((id) => id as EntryId),
    accountId,
    side: fc.constantFrom('credit', 'debit'),
    amount,
    balanceAfter: amount,
  },
  plain,
);

type Moment = Pick<BookEvent, 'sequence' | 'createdAt'>;

const transactionAt = (moment: Moment): fc.Arbitrary<Transaction> =>
  fc
    .record(
      {
        id: transactionId,
        kind: fc.constantFrom('credit', 'debit', 'post', 'reversal', 'opening'),
        reference: text,
        idempotencyKey: someKey,
        unit: fc.record({ label: text, scale }, plain),
        entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
        reversalOf: transactionId,
        metadata,
      },
      { ...plain, requiredKeys: ['id', 'kind', 'reference', 'idempotencyKey', 'unit', 'entries'] },
    )
    .map((transaction) => ({ ...transaction, ...moment }));

const postingAt = (moment: Moment): fc.Arbitrary<Posting> =>
  fc.record(
    {
      transaction: transactionAt(moment),
      counterpart: fc.constantFrom('issued', 'spent', 'expired'),
    },
    { ...plain, requiredKeys: ['transaction'] },
  );

const changeAt = (moment: Moment): fc.Arbitrary<Change> =>
  fc.oneof(
    fc.record(
      { kind: fc.constant('account_created'), account, opening: postingAt(moment) },
      { ...plain, requiredKeys: ['kind', 'account'] },
    ),
    fc.record(
      {
        kind: fc.constant('account_updated'),
        account,
        changedFields: fc.subarray(['display_name', 'email', 'metadata'] as const),
      },
      plain,
    ),
    fc.record(
      {
        kind: fc.constantFrom('account_frozen', 'account_unfrozen', 'account_closed'),
        account,
      },
      plain,
    ),
    fc.record({ kind: fc.constant('transaction_posted'), posting: postingAt(moment) }, plain),
  );

const anyEvent: fc.Arbitrary<BookEvent> = fc
  .record({ sequence, createdAt: instant })
  .chain((moment) =>
    fc.record(
      {
        sequence: fc.constant(moment.sequence),
        createdAt: fc.constant(moment.createdAt),
        idempotencyKey: someKey,
        change: changeAt(moment),
      },
      { ...plain, requiredKeys: ['sequence', 'createdAt', 'change'] },
    ),
  );

/** Mostly the key of an event is that of its transaction, too. */
const event = fc.tuple(anyEvent, fc.boolean()).map(([original, isShared]): BookEvent => {
  const idempotencyKey = postingOf(original)?.transaction.idempotencyKey;
  return isShared && idempotencyKey !== undefined ? { ...original, idempotencyKey } : original;
});

const credit = (over: Partial<Transaction> = {}): BookEvent => {
  const moment = { sequence: 7 as Sequence, createdAt: instantFromMs(1_700_000_000_123) };
  const transaction: Transaction = {
    id: 'cct_00000000007' as TransactionId,
    kind: 'credit',
    reference: 'order 1',
    idempotencyKey: 'k1',
    unit: { label: 'credits', scale: 2 },
    entries: [
      {
        id: 'cce_00000000007' as EntryId,
        accountId: 'cca_00000000001' as AccountId,
        side: 'credit',
        amount: 150n,
        balanceAfter: 1150n,
      },
    ],
    ...moment,
    ...over,
  };
  const posting: Posting = { transaction, counterpart: 'issued' };
  return { ...moment, change: { kind: 'transaction_posted', posting } };
};

/** The stored bytes of `credit()`: what is before its key, and what is behind. */
const beforeKey = '0807120b0880e2cfaa0610c0a9d33a';
const behindKey =
  '7a600a5c0a0f6363745f303030303030303030303710011a076f72646572203122026b312a0763726564697473' +
  '30023a2f0a0f6363655f3030303030303030303037120f6363615f303030303030303030303118012203312e35' +
  '2a0431312e351001';

describe('the bytes of events', () => {
  it('decode to the event that was encoded, whatever the change', () => {
    fc.assert(
      fc.property(event, (original) => {
        expect(eventCodec.decode(eventCodec.encode(original))).toEqual(original);
      }),
      { numRuns: 400 },
    );
  });

  it('are the same after a round trip', () => {
    fc.assert(
      fc.property(event, (original) => {
        const bytes = eventCodec.encode(original);
        expect(eventCodec.encode(eventCodec.decode(bytes))).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it('are told as the whole message, however they are stored', () => {
    fc.assert(
      fc.property(event, (original) => {
        const whole = encodeWhole(original);
        expect(Buffer.compare(toldBytes(eventCodec.encode(original)), whole)).toBe(0);
        expect(Buffer.compare(toldBytes(whole), whole)).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('decode to the same event from the whole message, as it was stored once', () => {
    fc.assert(
      fc.property(event, (original) => {
        expect(eventCodec.decode(encodeWhole(original))).toEqual(original);
      }),
      { numRuns: 200 },
    );
  });

  it('hold a key once where it is that of the event and of the transaction', () => {
    const stored = eventCodec.encode({ ...credit(), idempotencyKey: 'k1' });
    expect(Buffer.from(stored).toString('latin1').split('k1')).toHaveLength(2);
    expect(unorderedIn(EventSchema, stored)).toEqual([]);
    const other = eventCodec.encode({ ...credit(), idempotencyKey: 'k2' });
    expect(eventCodec.decode(other).idempotencyKey).toBe('k2');
    expect(eventCodec.decode(eventCodec.encode(credit())).idempotencyKey).toBeUndefined();
  });

  it('decode in every form in which they were ever stored', () => {
    const original = { ...credit(), idempotencyKey: 'k1' };
    expect(eventCodec.decode(Buffer.from(`${beforeKey}1a026b31${behindKey}`, 'hex'))).toEqual(
      original,
    );
    const stored = Buffer.from(`${beforeKey}1a00${behindKey}`, 'hex');
    expect(eventCodec.decode(stored)).toEqual(original);
    expect(Buffer.compare(eventCodec.encode(original), stored)).toBe(0);
  });

  it('leave nothing behind of an event that has no bytes', () => {
    const bytes = eventCodec.encode(credit());
    const broken = { ...credit(), idempotencyKey: '' };
    expect(() => eventCodec.encode(broken)).toThrow('Broken invariant');
    expect(eventCodec.encode(credit())).toEqual(bytes);
  });

  it('are the same for metadata in any order of keys, at every depth', () => {
    fc.assert(
      fc.property(metadata, (sorted) => {
        const forward = eventCodec.encode(credit({ metadata: sorted }));
        const backward = eventCodec.encode(credit({ metadata: reversed(sorted) as Metadata }));
        expect(backward).toEqual(forward);
      }),
    );
  });

  it('hold metadata in the order of the keys, also of those that look like numbers', () => {
    const metadata_ = { b: { z: 1, a: 2 }, 10: 'ten', 2: 'two', a: [true, null] };
    const text_ = new TextDecoder().decode(eventCodec.encode(credit({ metadata: metadata_ })));
    const places = ['ten', 'two'].map((word) => text_.indexOf(word));
    expect(places).toEqual(places.toSorted((x, y) => x - y));
  });

  it('are fields that the contract knows, in ascending order', () => {
    const bytes = eventCodec.encode(credit({ metadata: { plan: 'pro' } }));
    const message = fromBinary(EventSchema, bytes);
    const posted = message.change.case === 'transactionPosted' ? message.change.value : undefined;
    expect(posted?.transaction?.$unknown).toBeUndefined();
    expect(posted?.transaction?.metadata).toEqual({ plan: 'pro' });
  });

  it('leave out what the event tells already', () => {
    const message = fromBinary(EventSchema, eventCodec.encode(credit()));
    const posted = message.change.case === 'transactionPosted' ? message.change.value : undefined;
    expect(posted?.transaction?.createdAt).toBeUndefined();
    expect(posted?.transaction?.sequence).toBe(0n);
    expect(posted?.transaction?.entries[0]?.transactionId).toBe('');
    expect(posted?.transaction?.entries[0]?.createdAt).toBeUndefined();
    expect(message.createdAt?.nanos).toBe(123_000_000);
  });

  it('keep a key named __proto__ as an ordinary key', () => {
    const metadata_ = JSON.parse('{"__proto__": {"admin": true}}') as Metadata;
    const decoded = eventCodec.decode(eventCodec.encode(credit({ metadata: metadata_ })));
    const change = decoded.change.kind === 'transaction_posted' ? decoded.change : undefined;
    expect(JSON.stringify(change?.posting.transaction.metadata)).toBe(
      '{"__proto__":{"admin":true}}',
    );
  });

  it('do not decode when they are no event', () => {
    expect(() => eventCodec.decode(new Uint8Array())).toThrow('Broken invariant');
    expect(() => eventCodec.decode(new Uint8Array([0xff]))).toThrow();
  });
});

function reversed(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(reversed);
  const entries = Object.entries(value as Metadata).toReversed();
  return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)]));
}
