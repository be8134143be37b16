// A small history and a faultless record of it, for the tests of the judge to spoil.
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EntrySide, EventSchema, FeedPositionSchema, TransactionKind } from '@scrip/contract';
import type { Attempt, Told, Watch, WatchRecord } from '../record/watch.ts';
import { expectedOf, type Expected } from './filter.ts';
import { truthOf, type Truth } from './truth.ts';

export const accountIds = ['cca_0', 'cca_1'] as const;
const createdAtMs = 1_700_000_000_000;
const hash = 'ab'.repeat(32);

/** Two accounts, each credited again and again in turn; a seal after every event. */
export function exampleTruth(eventCount = 12): Truth {
  const bodies = Array.from({ length: eventCount }, (_, i) => toBinary(EventSchema, eventAt(i)));
  return truthOf({ bodies, seals: new Map(bodies.map((_, i) => [i + 1, hash])) });
}

export const everything: Watch = {
  scope: { kind: 'book' },
  kinds: [],
  start: { kind: 'beginning' },
  caller: { kind: 'key' },
};

export function recordOf(watch: Watch, attempts: readonly Attempt[]): WatchRecord {
  const record = { name: 'the watcher', watch, isPrompt: true, tellsAll: true, isFinished: true };
  return { ...record, attempts: [...attempts] };
}

/** A stream that tells these events one by one, and is live then. */
export function attemptOf(events: readonly Expected[], from = 0): Attempt {
  const events1 = events.map((event, i) => toldAt('events', event.sequence, i + 1));
  const last = events.at(-1)?.sequence ?? from;
  const told = [
    toldAt('started', from, 0),
    toldAt('heartbeat', from, 0),
    ...events1,
    toldAt('caught_up', last, events.length),
  ];
  return {
    openedAtMs: 0,
    told: told.map((each, i) => ({ ...each, atMs: i })),
    sequences: events.map(({ sequence }) => sequence),
    digests: events.map(({ digest }) => digest),
    end: { kind: 'left' },
  };
}

export function toldAt(kind: Told['kind'], sequence: number, deliveredCount: number): Told {
  const position = create(FeedPositionSchema, {
    sequence: BigInt(sequence),
    sealedSequence: BigInt(sequence),
    chainHash: Buffer.from(hash, 'hex'),
  });
  return { kind, atMs: 0, position, deliveredCount };
}

/** All that the watch should be told. */
export function allOf(truth: Truth, watch: Watch): readonly Expected[] {
  return expectedOf(truth, watch);
}

function eventAt(index: number) {
  const shared = {
    sequence: BigInt(index + 1),
    createdAt: timestampFromMs(createdAtMs + index * 1_000),
  };
  const accountId = accountIds[index % 2] ?? '';
  if (index < 2) {
    const account = { id: accountId, customerId: `customer ${index}`, externalId: 'secret' };
    const change = { case: 'accountCreated' as const, value: { account } };
    return create(EventSchema, { ...shared, change });
  }
  const transaction = {
    id: `cct_${index}`,
    kind: TransactionKind.CREDIT,
    reference: 'secret',
    idempotencyKey: `key ${index}`,
    entries: [{ accountId, side: EntrySide.CREDIT, amount: '1', balanceAfter: String(index >> 1) }],
  };
  const change = { case: 'transactionPosted' as const, value: { transaction } };
  return create(EventSchema, { ...shared, idempotencyKey: `key ${index}`, change });
}
