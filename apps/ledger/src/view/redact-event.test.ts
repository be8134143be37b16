// What of an event the bearer of an access token is shown.
import { eventCodec } from '@scrip/codec';
import { EventSchema } from '@scrip/contract';
import { accountIdsOf, parsePostTransaction, type BookEvent } from '@scrip/kernel';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { redactEvent } from './redact-event.ts';

/** A book in which everything that is nobody else's to know says so. */
function history() {
  const book = createTestBook();
  const open = (customerId: string) =>
    book.createId({
      customerId,
      externalId: `secret ${customerId}`,
      initialBalance: '77',
      idempotencyKey: `secret key ${customerId}`,
    });
  const mine = open('mine');
  const theirs = open('theirs');
  const posted = book.submit(
    parsePostTransaction({
      entries: [
        { account: { kind: 'id', id: theirs }, side: 'debit', amount: '33' },
        { account: { kind: 'id', id: mine }, side: 'credit', amount: '33' },
      ],
      reference: 'secret reference',
      idempotencyKey: 'secret key',
      metadata: { secret: 'note' },
    }),
  );
  book.reverse(book.transactionId(posted), mine);
  book.update(mine, { displayName: 'Ada' });
  book.status('freeze_account', mine);
  book.status('unfreeze_account', mine);
  return { mine, theirs, events: book.events };
}

const jsonOf = (event: BookEvent) =>
  toJson(EventSchema, fromBinary(EventSchema, eventCodec.encode(event)));

describe('a redacted event', () => {
  it('has its instant, and no sequence anywhere', () => {
    const { mine, events } = history();
    for (const event of events) {
      const redacted = redactEvent(event, new Set([mine]));
      expect(redacted.createdAt).toBe(event.createdAt);
      expect(JSON.stringify(jsonOf(redacted))).not.toContain('sequence');
    }
  });

  it('tells nothing that is secret, and no account of others', () => {
    const { mine, theirs, events } = history();
    const own = events.filter((event) => accountIdsOf(event).includes(mine));
    expect(own.length).toBeGreaterThan(4);
    for (const event of own) {
      const text = JSON.stringify(jsonOf(redactEvent(event, new Set([mine]))));
      expect(text).not.toMatch(/secret|SYSTEM_ACCOUNT|reversalOf|idempotencyKey|reference/);
      expect(text).not.toContain(theirs);
      expect(text).toContain(mine);
    }
  });

  it('keeps the kind and the unit of a transaction, and the own entries', () => {
    const { mine, events } = history();
    const event = events[2] as BookEvent;
    expect(jsonOf(redactEvent(event, new Set([mine])))).toMatchObject({
      transactionPosted: {
        transaction: {
          kind: 'TRANSACTION_KIND_POST',
          unitLabel: 'credits',
          entries: [{ accountId: mine, amount: '33', balanceAfter: '110' }],
        },
      },
    });
  });

  it('keeps an account of the bearer and its opening credit', () => {
    const { mine, events } = history();
    expect(jsonOf(redactEvent(events[0] as BookEvent, new Set([mine])))).toMatchObject({
      accountCreated: {
        account: { id: mine, customerId: 'mine', balance: '77' },
        opening: { transaction: { entries: [{ accountId: mine, amount: '77' }] } },
      },
    });
  });
});
