// The bytes of events about grants, holds and schedules: those that real programs make.
import { EventSchema } from '@scrip/contract';
import {
  instantFromMs,
  parseCreateHold,
  parsePostOneSided,
  type BookEvent,
  type Change,
  type Command,
} from '@scrip/kernel';
import {
  createTestBook,
  noteSeen,
  nothingSeen,
  termsCommandOf,
  termsPrograms,
  waitedMs,
  type TermsStep,
} from '@scrip/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventCodec } from './event-codec.ts';
import { unorderedIn } from './unordered-fields.ts';

const kinds = new Set<Change['kind']>();
/** What programs can make. */
const everyKind = [
  'account_created',
  'account_frozen',
  'account_unfrozen',
  'clock_advanced',
  'grant_activated',
  'grant_expired',
  'grant_issued',
  'grant_scheduled',
  'grant_voided',
  'hold_captured',
  'hold_created',
  'hold_expired',
  'hold_extended',
  'hold_released',
  'schedule_created',
  'schedule_ended',
  'transaction_posted',
];
/** Chance leaves a kind out now and then: more programs have it. */
const roundCountMax = 10;

describe('the bytes of events about terms', () => {
  it('decode to the event that was encoded, and are the same again, field by field', () => {
    const survives = fc.property(termsPrograms(60), (steps) => {
      for (const event of eventsOf(steps)) {
        kinds.add(event.change.kind);
        const bytes = eventCodec.encode(event);
        const decoded = eventCodec.decode(bytes);
        expect(decoded).toEqual(withoutEmptyLists(event));
        expect(Buffer.compare(eventCodec.encode(decoded), bytes)).toBe(0);
        expect(unorderedIn(EventSchema, bytes)).toEqual([]);
      }
    });
    for (let round = 0; round < roundCountMax && kinds.size < everyKind.length; round++) {
      fc.assert(survives, { numRuns: 150 });
    }
    expect([...kinds].toSorted()).toEqual(everyKind);
  });

  it('keep the metadata of a hold with its keys in order, whatever they are', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', initialBalance: '5' });
    const metadata = JSON.parse('{"b":{"z":1,"a":[null]},"a":1,"__proto__":{"x":true}}') as never;
    const account = { kind: 'id', id } as const;
    const named = { reference: 'job', idempotencyKey: 'k' };
    book.submit(parseCreateHold({ account, amount: '5', ...named, metadata }));
    const bytes = eventCodec.encode(book.events.at(-1) as BookEvent);
    const { change } = eventCodec.decode(bytes);
    const text = JSON.stringify('hold' in change && change.hold.metadata);
    expect(text).toBe('{"__proto__":{"x":true},"a":1,"b":{"a":[null],"z":1}}');
  });

  it('tell the grants of an event once', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    const account = { kind: 'id', id } as const;
    const terms = { category: 'promotional', source: 'a gift to the customer' } as const;
    const named = { reference: 'gift', idempotencyKey: 'k' };
    book.submit(parsePostOneSided('credit', { account, amount: '5', ...named, terms }));
    const text = Buffer.from(eventCodec.encode(book.events.at(-1) as BookEvent)).toString('latin1');
    expect(text.split('a gift to the customer')).toHaveLength(2);
  });
});

function eventsOf(steps: readonly TermsStep[]): readonly BookEvent[] {
  const book = createTestBook();
  const ids = [0, 1, 2].map((n) => book.createId({ customerId: `c${n}`, initialBalance: '10' }));
  const seen = nothingSeen();
  let now = book.state.instant;
  const submit = (value: Command): void => {
    const before = book.events.length;
    book.state.instant = instantFromMs(now - 1);
    book.submit({ kind: 'parsed', value });
    for (const event of book.events.slice(before)) noteSeen(seen, event);
  };
  for (const [index, step] of steps.entries()) {
    now = instantFromMs(now + 10 + waitedMs(step));
    const command = termsCommandOf(step, { index, ids, now, seen });
    if (command !== undefined) submit(command);
    for (const id of ids) submit({ kind: 'book_due_moves', account: { kind: 'id', id } });
  }
  submit({ kind: 'advance_clock', byMs: 1 });
  return book.events;
}

/** A list of no grants is as good as none, and takes no bytes. */
function withoutEmptyLists(event: BookEvent): BookEvent {
  const change = Object.entries(event.change).filter(
    ([, value]: [string, unknown]) => !Array.isArray(value) || value.length > 0,
  );
  return { ...event, change: Object.fromEntries(change) as unknown as Change };
}
