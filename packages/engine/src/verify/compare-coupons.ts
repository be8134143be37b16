// The stored rows of coupons and what comes of them, compared with what the events make.
import { customerIdOf, type Sequence, couponRowName, type CouponRowKey } from '@scrip/kernel';
import type { BookSnapshot } from '../port/audit-source.ts';
import type { EventCodec } from '../port/event-codec.ts';
import { customerLineOf, hashOfRow, type CouponRecords } from './coupon-records.ts';
import { DifferenceFound, expectSame } from './difference.ts';
import { addHash, noHashes, sameHashes } from './hash-sum.ts';

/** Compares records and customers' events with a replay. Throws the first difference. */
export async function compareCoupons(
  snapshot: BookSnapshot,
  records: CouponRecords,
  codec: EventCodec,
): Promise<void> {
  await compareRows(snapshot, records);
  let stored = noHashes;
  for await (const each of snapshot.customerEvents()) {
    stored = addHash(stored, customerLineOf(each));
  }
  if (sameHashes(stored, records.customerEvents)) return;
  const sequence = await firstDifferingEvent(snapshot, codec);
  const message = `Event ${sequence} is not stored as one of the customer that it is about.`;
  throw new DifferenceFound({ place: 'coupon', message, sequence });
}

async function compareRows(snapshot: BookSnapshot, { rows }: CouponRecords): Promise<void> {
  const seen = new Set<string>();
  for await (const row of snapshot.couponRecords()) {
    const name = couponRowName(row);
    const expected = rows.get(name);
    expectSame(expected !== undefined, {
      place: 'coupon',
      message: `No event makes the ${nameOf(row)}.`,
    });
    expectSame(hashOfRow(row) === expected.hash, {
      place: 'coupon',
      message: `The ${nameOf(row)} is stored with other details than its events make.`,
      sequence: expected.lastSequence,
    });
    seen.add(name);
  }
  if (seen.size === rows.size) return;
  for (const [name, missing] of rows) {
    if (seen.has(name)) continue;
    const message = `A ${missing.kind} of sequence ${missing.sequence} is missing.`;
    throw new DifferenceFound({ place: 'coupon', message, sequence: missing.lastSequence });
  }
}

/** Reads both once more, to name the sequence. */
async function firstDifferingEvent(snapshot: BookSnapshot, codec: EventCodec): Promise<Sequence> {
  const stored = new Map<Sequence, string>();
  for await (const { sequence, customerId } of snapshot.customerEvents()) {
    // An event that is stored for two customers is one of neither.
    stored.set(sequence, stored.has(sequence) ? '' : customerId);
  }
  for await (const { sequence, bytes } of snapshot.events()) {
    if (stored.get(sequence) !== customerIdOf(codec.decode(bytes))) return sequence;
    stored.delete(sequence);
  }
  // All expected ones are there, so one is left over.
  return Math.min(...stored.keys()) as Sequence;
}

function nameOf({ kind, sequence, line }: CouponRowKey): string {
  return `${kind} ${line} of sequence ${sequence}`;
}
