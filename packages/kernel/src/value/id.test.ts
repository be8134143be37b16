// Ids decode to their place, only in their book, only as their kind.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIds, instantBits, type Sequence } from './id.ts';
import { instantFromMs } from './instant.ts';

const ids = createIds(new Uint8Array(32).fill(7));
const otherIds = createIds(new Uint8Array(32).fill(8));
const sequences = fc.integer({ min: 1, max: 2 ** 42 - 1 }).map((n) => n as Sequence);
const instants = fc.integer({ min: 0, max: 4e12 }).map(instantFromMs);
const lines = fc.integer({ min: 0, max: 127 });

describe('ids', () => {
  it('decode to the place they were made from', () => {
    fc.assert(
      fc.property(sequences, instants, lines, (sequence, instant, line) => {
        const bits = instantBits(instant);
        expect(ids.entryPlace(ids.entryId(sequence, instant, line))).toEqual({
          sequence,
          line,
          instantBits: bits,
        });
        const place = { sequence, line: 0, instantBits: bits };
        expect(ids.accountPlace(ids.accountId(sequence, instant))).toEqual(place);
        expect(ids.transactionPlace(ids.transactionId(sequence, instant))).toEqual(place);
      }),
    );
  });

  it('have the shape that the documented APIs show', () => {
    const id = ids.accountId(1 as Sequence, instantFromMs(1_700_000_000_000));
    expect(id).toMatch(/^cca_[0-9A-Za-z]{11}$/);
  });

  it('of another book decode to nothing that exists there', () => {
    let strangers = 0;
    for (let n = 1; n <= 2_000; n++) {
      const place = otherIds.accountPlace(ids.accountId(n as Sequence, instantFromMs(n)));
      if (place !== undefined && place.sequence <= 1_000_000) strangers++;
    }
    expect(strangers).toBe(0);
  });

  it('of another kind, length or alphabet decode to nothing', () => {
    const id = ids.transactionId(5 as Sequence, instantFromMs(5));
    const body = id.slice(4);
    // The largest text of eleven characters stands for more than 64 bits.
    const strange = [`cca_${body}`, `${id}0`, id.slice(0, -1), `cct_${'z'.repeat(11)}`, 'cct_'];
    for (const text of [...strange, `cct_${body.slice(1)}-`, body, '']) {
      expect(ids.transactionPlace(text)).toBeUndefined();
      expect(ids.accountPlace(text)).toBeUndefined();
    }
  });

  it('of neighbours share nothing that can be seen', () => {
    const texts = Array.from({ length: 1_000 }, (_, n) =>
      ids.accountId((n + 1) as Sequence, instantFromMs(1_700_000_000_000)),
    );
    const commonBeginnings = texts.filter(
      (text, n) => text.slice(0, 8) === texts[n + 1]?.slice(0, 8),
    );
    expect(new Set(texts).size).toBe(1_000);
    expect(commonBeginnings).toHaveLength(0);
  });
});
