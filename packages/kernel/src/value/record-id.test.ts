// The ids of records: UUIDs that lead to a place, and codes that meet no other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIds, type Sequence } from './id.ts';
import { instantFromMs } from './instant.ts';
import { isMadeUpCode, recordKinds, type RecordKind, type RecordPlace } from './record-id.ts';

const ids = createIds(new Uint8Array(32).fill(1));
const others = createIds(new Uint8Array(32).fill(2));
const at = instantFromMs(1_700_000_000_123);

const place: fc.Arbitrary<RecordPlace> = fc.record(
  {
    kind: fc.constantFrom(...(Object.keys(recordKinds) as RecordKind[])),
    sequence: fc.integer({ min: 1, max: 2 ** 42 - 1 }).map((n) => n as Sequence),
    line: fc.nat({ max: 2 ** 18 - 1 }),
  },
  { noNullPrototype: true },
);

describe('the id of a record', () => {
  it('is a UUID that leads to its place, whatever the place', () => {
    fc.assert(
      fc.property(place, (where) => {
        const id = ids.recordId(where, at);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(ids.recordPlace(id)).toEqual(where);
        expect(ids.recordPlace(id.toUpperCase())).toEqual(where);
      }),
    );
  });

  it('is another one in another book, and at another instant', () => {
    const where = { kind: 'coupon', sequence: 7 as Sequence, line: 0 } as const;
    const id = ids.recordId(where, at);
    expect(others.recordId(where, at)).not.toBe(id);
    expect(ids.recordId(where, instantFromMs(at + 1))).not.toBe(id);
    expect(others.recordPlace(id)).not.toEqual(where);
  });

  it.each(['', 'none', '01890a5d-ac96-774b-bcce-b302099a8057', `${'0'.repeat(32)}`])(
    'is not %j',
    (text) => expect(ids.recordPlace(text)).toBeUndefined(),
  );
});

describe('a code that is made up', () => {
  it('has the form that no caller may give, and is no other place’s', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(isMadeUpCode(ids.madeUpCode(a))).toBe(true);
        const isSamePlace = a.kind === b.kind && a.sequence === b.sequence && a.line === b.line;
        expect(ids.madeUpCode(a) === ids.madeUpCode(b)).toBe(isSamePlace);
      }),
    );
  });
});
