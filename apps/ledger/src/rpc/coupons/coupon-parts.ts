// What the RPCs about coupons stand on, and what they find in the events of their changes.
import type { CouponReader, Engine, LedgerReader } from '@scrip/engine';
import { assert, couponRecordsOf, type CouponRecord } from '@scrip/kernel';
import type { Done, Submit } from '../ledger/answer.ts';
import type { Read } from '../ledger/read.ts';
import type { ReadUpToDue } from './read-up-to-due.ts';

/** What the RPCs stand on. */
export type CouponPorts = {
  readonly engine: Pick<Engine, 'submit' | 'submitBatch'>;
  readonly reader: LedgerReader;
  readonly coupons: CouponReader;
};

/** The ports, with the ways that all RPCs take to them. */
export type CouponParts = CouponPorts & {
  readonly submit: Submit;
  readonly read: Read;
  readonly readUpToDue: ReadUpToDue;
};

type RecordOf<K extends CouponRecord['kind']> = Extract<
  CouponRecord,
  { readonly kind: K }
>['record'];

/** All records of a kind that a change touched, as it left them. */
export function recordsOf<K extends CouponRecord['kind']>(
  { event }: Done,
  kind: K,
): readonly RecordOf<K>[] {
  return couponRecordsOf(event).flatMap((each) =>
    each.kind === kind ? [each.record as RecordOf<K>] : [],
  );
}

/** The one record of a kind that a change was about, as it left it. */
export function recordOf<K extends CouponRecord['kind']>(done: Done, kind: K): RecordOf<K> {
  const [record] = recordsOf(done, kind);
  assert(record !== undefined, `the event is about a ${kind}`);
  return record;
}
