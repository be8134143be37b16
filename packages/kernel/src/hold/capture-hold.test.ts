// Captures that are asked for again, what they say of themselves, and the end of the calendar.
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../book/decision.ts';
import { parseCaptureHold, parseCreateHold, parseReleaseHold } from './commands.ts';

let keyCount = 0;
const key = (): string => `key of a hold ${++keyCount}`;

function openHold(amount: string) {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c', initialBalance: '100' });
  const account = { kind: 'id', id } as const;
  book.submit(parseCreateHold({ account, amount, reference: 'job', idempotencyKey: key() }));
  const [holdId = ''] = book.state.holds.keys();
  const capture = (asked?: string, final = true): Decision =>
    book.submit(
      parseCaptureHold({
        holdId,
        amount: asked,
        final,
        allowExcess: false,
        idempotencyKey: key(),
      }),
    );
  const release = () => book.submit(parseReleaseHold({ holdId }));
  return { book, id, capture, release };
}

describe('a final capture that is asked for again under another key', () => {
  it('answers the first one when it asks for the same amount', () => {
    const { capture } = openHold('50');
    const first = capture('30');
    expect(capture('30')).toEqual({ ...first, kind: 'replayed' });
    expect(capture()).toEqual({ ...first, kind: 'replayed' });
    expect(capture('31')).toMatchObject({ reason: 'HOLD_NOT_ACTIVE' });
    expect(capture('30', false)).toMatchObject({ reason: 'HOLD_NOT_ACTIVE' });
  });

  it('is told from the captures before it', () => {
    const { capture } = openHold('50');
    capture('30', false);
    const last = capture('5');
    expect(capture('5')).toEqual({ ...last, kind: 'replayed' });
    expect(capture('35')).toMatchObject({ reason: 'HOLD_NOT_ACTIVE' });
    expect(capture('30')).toMatchObject({ reason: 'HOLD_NOT_ACTIVE' });
  });

  it('is refused on a hold that captures in parts have used up', () => {
    const { capture, book, id } = openHold('50');
    capture('20', false);
    capture('30', false);
    expect(capture('30')).toMatchObject({ reason: 'HOLD_NOT_ACTIVE' });
    expect(capture()).toMatchObject({ reason: 'HOLD_NOT_ACTIVE' });
    expect(book.balance(id)).toBe(50n);
  });

  it('answers a capture of nothing with that', () => {
    const { capture, book, id } = openHold('50');
    const last = capture('0');
    expect(capture('0')).toEqual({ ...last, kind: 'replayed' });
    expect(book.balance(id)).toBe(100n);
  });

  it('is refused on a hold that was released, as a release is on one that was captured', () => {
    const released = openHold('50');
    released.release();
    expect(released.capture('50')).toMatchObject({ metadata: { status: 'released' } });
    const captured = openHold('50');
    captured.capture();
    expect(captured.release()).toMatchObject({ metadata: { status: 'captured' } });
  });
});

it('keeps what a capture says of itself with its transaction', () => {
  const { book } = openHold('50');
  const [holdId = ''] = book.state.holds.keys();
  const asked = { holdId, final: true, allowExcess: false, idempotencyKey: key() };
  const captured = book.submit(parseCaptureHold({ ...asked, metadata: { model: 'm', job: 7 } }));
  const posting = { transaction: { metadata: { job: 7, model: 'm' } } };
  expect(captured).toMatchObject({ event: { change: { posting } } });
});

describe('the clock of a book', () => {
  it('stays within the calendar', () => {
    const book = createTestBook();
    const advance = (byMs: number) =>
      book.submit({ kind: 'parsed', value: { kind: 'advance_clock', byMs } });
    expect(advance(Date.UTC(8999, 11) - book.state.instant)).toMatchObject({ kind: 'accepted' });
    expect(advance(Date.UTC(9000, 0) - book.state.instant)).toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: 'by' },
    });
  });
});
