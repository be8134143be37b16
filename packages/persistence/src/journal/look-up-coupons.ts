// Look-ups of coupons and what comes of them, under the lock: rows find the events, bodies tell.
import type { FoundCoupon, UnitOfWork } from '@scrip/engine';
import type { CouponNames, CouponRecord } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { couponKinds, fromToldCoupons, selectToldCoupons } from '../mapping/coupon-row.ts';
import type { WorkContext } from './work-context.ts';

/** Makes the look-up of records. */
export function createCouponLookUps(context: WorkContext): Pick<UnitOfWork, 'findCoupons'> {
  return { findCoupons: (names) => findCoupons(context, names) };
}

const nothing: CouponNames = { recordIds: [], codes: [], membershipTypeIds: [] };

/** Goes from what is named to what that leads to: a redemption, its credit, the credit's coupon. */
async function findCoupons(
  context: WorkContext,
  names: CouponNames,
): Promise<readonly FoundCoupon[]> {
  const named = await find(context, names);
  const first = named.map(({ found }) => found);
  const known = new Set(names.recordIds);
  const led = await find(context, {
    ...nothing,
    recordIds: distinct(first.flatMap(creditIdOf), known),
    membershipTypeIds: distinct(first.flatMap(typeIdOf), new Set(names.membershipTypeIds)),
  });
  const both = [...first, ...led.map(({ found }) => found)];
  const coupons = await find(context, {
    ...nothing,
    recordIds: distinct(both.flatMap(couponIdOf), known),
  });
  return [...named, ...led, ...coupons];
}

function creditIdOf({ kind, record }: CouponRecord): string | readonly [] {
  return kind === 'redemption' ? record.customerCreditId : [];
}

function typeIdOf({ kind, record }: CouponRecord): string | readonly [] {
  return kind === 'membership' ? record.membershipTypeId : [];
}

function couponIdOf({ kind, record }: CouponRecord): string | readonly [] {
  if (kind === 'customer_credit') return record.couponId;
  return kind === 'credit_rule' ? record.terms.couponId : [];
}

function distinct(ids: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return [...new Set(ids)].filter((id) => !known.has(id));
}

async function find(context: WorkContext, asked: CouponNames): Promise<readonly FoundCoupon[]> {
  const { run, book } = context;
  const probes = [byPlace(context, asked), byCode(context, asked), byType(context, asked)].flat();
  if (probes.length === 0) return [];
  const bookId = sql`${book.id}::int4`;
  const rows = await run(selectToldCoupons(sql.join(probes, sql` union `), { bookId }));
  const ids = new Set(asked.recordIds);
  return fromToldCoupons(rows, context).filter(({ found }) => isMeant(found, { ...asked, ids }));
}

/** Whether a record is one that was asked for: a guessed id leads to another's place. */
function isMeant(
  { kind, record }: CouponRecord,
  asked: CouponNames & { readonly ids: ReadonlySet<string> },
): boolean {
  if (asked.ids.has(kind === 'coupon_uses' ? record.couponId : record.id)) return true;
  if (kind === 'credit_rule') {
    return asked.membershipTypeIds.includes(record.terms.membershipTypeId);
  }
  if (kind !== 'coupon_code') return false;
  return asked.codes.some(({ couponId, code }) => {
    return couponId === record.couponId && code === record.code;
  });
}

// As it stands in the condition of the index on codes.
const codeKind = sql.lit(couponKinds.coupon_code);
const columns = sql`kind, sequence, line, last_sequence`;

/** A coupon comes with its uses. */
function byPlace({ book }: WorkContext, { recordIds }: CouponNames): RawBuilder<unknown>[] {
  const places = recordIds.flatMap((id) => {
    const place = book.ids.recordPlace(id);
    if (place === undefined) return [];
    return place.kind === 'coupon' ? [place, { ...place, kind: 'coupon_uses' as const }] : place;
  });
  if (places.length === 0) return [];
  return [
    sql`
    select r.*
    from unnest(
      ${places.map(({ kind }) => couponKinds[kind])}::int2[],
      ${places.map(({ sequence }) => sequence)}::int8[], ${places.map(({ line }) => line)}::int4[]
    ) as k (kind, sequence, line)
    cross join lateral (
      select ${columns} from coupon_record
      where book_id = ${book.id}::int4 and kind = k.kind and sequence = k.sequence
        and line = k.line limit 1
    ) r`,
  ];
}

function byCode({ book }: WorkContext, { codes }: CouponNames): RawBuilder<unknown>[] {
  if (codes.length === 0) return [];
  return [
    sql`
    select r.*
    from unnest(
      ${codes.map(({ couponId }) => couponId)}::text[], ${codes.map(({ code }) => code)}::text[]
    ) as k (coupon_id, code)
    cross join lateral (
      select ${columns} from coupon_record
      where book_id = ${book.id}::int4 and kind = ${codeKind} and parent_id = k.coupon_id
        and code = k.code limit 1
    ) r`,
  ];
}

function byType({ book }: WorkContext, { membershipTypeIds }: CouponNames): RawBuilder<unknown>[] {
  if (membershipTypeIds.length === 0) return [];
  return [
    sql`
    select r.*
    from unnest(${membershipTypeIds}::text[]) as k (id)
    cross join lateral (
      select ${columns} from coupon_record
      where book_id = ${book.id}::int4 and kind = ${couponKinds.credit_rule}::int2
        and parent_id = k.id
      order by sequence, line
    ) r`,
  ];
}
