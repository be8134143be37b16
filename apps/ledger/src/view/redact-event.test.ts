// What of an event the bearer of an access token is shown.
import { eventCodec } from '@scrip/codec';
import { EventSchema } from '@scrip/contract';
import {
  accountIdsOf,
  instantFromMs,
  parseCaptureHold,
  parseCreateHold,
  parseCreateSchedule,
  parsePostOneSided,
  parsePostTransaction,
  parseReleaseHold,
  parseVoidGrant,
  type AccountId,
  type BookEvent,
} from '@scrip/kernel';
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
  useTerms(book, mine);
  return { mine, theirs, events: book.events };
}

/** Grants, holds and a schedule whose every word is secret. */
function useTerms(book: ReturnType<typeof createTestBook>, id: AccountId): void {
  const account = { kind: 'id', id } as const;
  const now = book.state.instant;
  let keyCount = 0;
  const named = () => {
    const idempotencyKey = `secret ${++keyCount}`;
    return { account, reference: 'secret', idempotencyKey, metadata: { secret: 'note' } };
  };
  const grant = (amount: string, from: number, to: number): void => {
    const terms = {
      category: 'promotional',
      priority: 7,
      source: 'secret',
      effectiveAt: instantFromMs(now + from),
      expiresAt: instantFromMs(now + to),
    } as const;
    book.submit(parsePostOneSided('credit', { ...named(), amount, terms }));
  };
  grant('5', 0, 50_000);
  grant('6', 1_000, 60_000);
  const [voided = ''] = book.state.grants.keys();
  for (const amount of ['3', '4', '2']) book.submit(parseCreateHold({ ...named(), amount }));
  const [captured = '', released = ''] = book.state.holds.keys();
  const capture = { ...named(), amount: '1', allowExcess: false, final: true };
  book.submit(parseCaptureHold({ ...capture, holdId: captured }));
  book.submit(parseReleaseHold({ holdId: released }));
  book.submit(parseVoidGrant({ grantId: voided, reference: 'secret' }));
  const period = { unit: 'month', count: 1 } as const;
  const plan = { amount: '8', cap: '9', source: 'secret', category: 'paid' } as const;
  book.submit(parseCreateSchedule({ ...named(), ...plan, period, leftover: 'roll_over' }));
  book.state.instant = instantFromMs(now + 3_600_000);
  book.submit({ kind: 'parsed', value: { kind: 'book_due_moves', account } });
}

const jsonOf = (event: BookEvent) =>
  toJson(EventSchema, fromBinary(EventSchema, eventCodec.encode(event)));

function jsonOfKind(events: readonly BookEvent[], kind: string, own: AccountId) {
  const event = events.find(({ change }) => change.kind === kind);
  return event && jsonOf(redactEvent(event, new Set([own])));
}

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
    expect(own.length).toBeGreaterThan(15);
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

  it('keeps what a grant is worth, when it counts, and in which order', () => {
    const { mine, events } = history();
    const change = jsonOfKind(events, 'grant_expired', mine) as { grantExpired: object };
    expect(change).toMatchObject({
      grantExpired: {
        grant: {
          accountId: mine,
          status: 'GRANT_STATUS_EXPIRED',
          category: 'GRANT_CATEGORY_PROMOTIONAL',
          priority: 7,
          amount: '6',
          expired: '6',
        },
        posted: { transaction: { entries: [{ amount: '6', allocations: [{ amount: '6' }] }] } },
        dueAt: expect.any(String) as string,
      },
    });
    expect(Object.keys((change.grantExpired as { grant: object }).grant)).not.toContain('source');
  });

  it('keeps what a hold keeps, and from which grants', () => {
    const { mine, events } = history();
    expect(jsonOfKind(events, 'hold_created', mine)).toMatchObject({
      holdCreated: {
        hold: { accountId: mine, amount: '3', status: 'HOLD_STATUS_PENDING' },
        heldAfter: '3',
      },
    });
    const captured = jsonOfKind(events, 'hold_captured', mine);
    expect(captured).toMatchObject({ holdCaptured: { hold: { captured: '1', remaining: '0' } } });
  });

  it('keeps a schedule and what it grants, without a word of the caller’s', () => {
    const { mine, events } = history();
    expect(jsonOfKind(events, 'grant_issued', mine)).toMatchObject({
      grantIssued: {
        schedule: { accountId: mine, amount: '8', cap: '9', issuedCount: 1 },
        grant: { amount: '8', status: 'GRANT_STATUS_ACTIVE' },
      },
    });
  });

  it('is none of a clock', () => {
    const book = createTestBook();
    book.submit({ kind: 'parsed', value: { kind: 'advance_clock', byMs: 1 } });
    const event = book.events[0] as BookEvent;
    expect(accountIdsOf(event)).toEqual([]);
    expect(() => redactEvent(event, new Set())).toThrow(/about no account/);
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
