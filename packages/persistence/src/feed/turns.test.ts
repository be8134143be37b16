// Who waits for whom.
import type { FeedAsker } from '@scrip/engine';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

function take(countMax: number) {
  const turns = createTurns(countMax);
  const started: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const begin = (name: string, asker: FeedAsker) =>
    turns.take(asker, () => {
      started.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
      });
    });
  return { turns, started, begin, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

describe('turns', () => {
  it('are so many at a time, in order, and one less for streams', async () => {
    const { turns, started, begin, end } = take(3);
    const all = ['a', 'b', 'c', 'd'].map((name) => begin(name, 'account_stream'));
    await expect.poll(() => started).toEqual(['a', 'b']);
    expect(turns.waitingCount()).toBe(2);
    end('b');
    expect(await all[1]).toBe('b');
    await expect.poll(() => started).toEqual(['a', 'b', 'c']);
    expect(turns.waitingCount()).toBe(1);
  });

  it('are there at once for a look, however many streams read and wait', async () => {
    const { started, begin } = take(4);
    for (let i = 1; i <= 9; i++) void begin(`book ${i}`, 'book_stream');
    for (let i = 1; i <= 9; i++) void begin(`accounts ${i}`, 'account_stream');
    void begin('look', 'look');
    await expect.poll(() => started).toContain('look');
    expect(started).toEqual(['book 1', 'book 2', 'book 3', 'look']);
  });

  it('are taken by looks before streams', async () => {
    const { started, begin, end } = take(1);
    void begin('a', 'account_stream');
    void begin('b', 'book_stream');
    void begin('look', 'look');
    await expect.poll(() => started).toEqual(['a']);
    end('a');
    await expect.poll(() => started).toEqual(['a', 'look']);
    end('look');
    await expect.poll(() => started).toEqual(['a', 'look', 'b']);
  });

  it('come to streams of accounts while streams of whole books read in a loop', async () => {
    const { turns } = take(4);
    let isDone = false;
    let pageCount = 0;
    const readers = Array.from({ length: 16 }, async () => {
      while (!isDone && pageCount < 1_000) {
        await turns.take('book_stream', () => Promise.resolve());
        pageCount++;
      }
    });
    await turns.take('account_stream', () => Promise.resolve());
    isDone = true;
    expect(pageCount).toBeLessThan(10);
    await Promise.all(readers);
  });

  it('are given to both kinds of streams alike, or to the only one that waits', async () => {
    const { started, begin, end } = take(2);
    for (const i of [1, 2, 3]) void begin(`book ${i}`, 'book_stream');
    for (const i of [1, 2]) void begin(`accounts ${i}`, 'account_stream');
    const expected = ['book 1', 'accounts 1', 'book 2', 'accounts 2', 'book 3'];
    for (const [index, name] of expected.entries()) {
      await expect.poll(() => started).toEqual(expected.slice(0, index + 1));
      end(name);
    }
  });

  it('go on after work that fails', async () => {
    const { started, begin, end } = take(1);
    const failing = begin('a', 'look');
    void begin('b', 'book_stream');
    await expect.poll(() => started).toEqual(['a']);
    end('a', new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await expect.poll(() => started).toEqual(['a', 'b']);
  });
});
