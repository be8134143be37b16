// Cursors: what they tell, and to whom they mean something.
import { randomBytes } from 'node:crypto';
import { createIds, type Sequence } from '@scrip/kernel';
import type { Book } from '@scrip/engine';
import { describe, expect, it } from 'vitest';
import { createCursors } from './cursor.ts';

const bookOf = (fill: number): Book => {
  const idKey = new Uint8Array(32).fill(fill);
  return { id: 1, storeId: 'sto_00000000001', mode: 'test', idKey, ids: createIds(idKey) };
};
const book = bookOf(1);
const seal = { sequence: 9 as Sequence, chainHash: new Uint8Array(32).fill(5) };
const position = { sequence: 7 as Sequence, seal };
const { seal: sealed, open } = createCursors((byteCount) => new Uint8Array(randomBytes(byteCount)));

describe('a cursor', () => {
  it.each([
    ['with a seal', position],
    ['without a seal', { sequence: 7 as Sequence }],
    ['at the beginning', { sequence: 0 as Sequence }],
    ['at the largest sequence', { sequence: Number.MAX_SAFE_INTEGER as Sequence, seal }],
  ])('stands for a position %s', (_what, each) => {
    expect(open(book, sealed(book, each))).toEqual(each);
  });

  it('fits its field', () => {
    expect(sealed(book, position).length).toBeLessThanOrEqual(255);
  });

  it('is another one each time, and as long for every position', () => {
    const first = sealed(book, position);
    const second = sealed(book, position);
    expect(first).not.toBe(second);
    expect(sealed(book, { sequence: 0 as Sequence })).toHaveLength(first.length);
  });

  it('means nothing in another book', () => {
    expect(open(bookOf(2), sealed(book, position))).toBeUndefined();
  });

  it('means nothing when a bit of it was changed', () => {
    const bytes = Buffer.from(sealed(book, position), 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(open(book, changed.toString('base64url'))).toBeUndefined();
    }
  });

  it.each(['', 'x', 'cca_00000000001', 'A'.repeat(103), 'A'.repeat(255)])(
    'is none when it is made up: %s',
    (text) => {
      expect(open(book, text)).toBeUndefined();
    },
  );
});
