// Where pages of large items end.
import { create } from '@bufbuild/protobuf';
import { TransactionSchema } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { endEarly } from './page-bytes.ts';

const mebibyte = 1024 * 1024;

function pageOf(...sizes: readonly number[]) {
  const items = sizes.map((size, index) =>
    create(TransactionSchema, { id: String(index), reference: 'x'.repeat(size) }),
  );
  return { items, hasMore: false };
}

function endOf(page: ReturnType<typeof pageOf>, isBackwards = false) {
  const { items, hasMore } = endEarly(TransactionSchema, page, isBackwards);
  return { ids: items.map(({ id }) => id).join(''), hasMore };
}

describe('a page', () => {
  it('is whole as long as it has at most 2 MiB', () => {
    const almost = mebibyte - 100;
    expect(endOf(pageOf(almost, almost))).toEqual({ ids: '01', hasMore: false });
    expect(endOf(pageOf())).toEqual({ ids: '', hasMore: false });
  });

  it('ends before the item that is too much, and has more', () => {
    expect(endOf(pageOf(mebibyte, 9, mebibyte, 9))).toEqual({ ids: '01', hasMore: true });
  });

  it('keeps the items next to the cursor when it goes to newer ones', () => {
    expect(endOf(pageOf(9, mebibyte, 9, mebibyte), true)).toEqual({ ids: '23', hasMore: true });
  });

  it('has one item at least', () => {
    expect(endOf(pageOf(3 * mebibyte))).toEqual({ ids: '0', hasMore: false });
    expect(endOf(pageOf(3 * mebibyte, 1))).toEqual({ ids: '0', hasMore: true });
  });
});
