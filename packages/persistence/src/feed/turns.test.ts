// Who waits for whom.
import { describe, expect, it } from 'vitest';
import { createTurns, type Rank } from './turns.ts';

function take(countMax: number) {
  const turns = createTurns(countMax);
  const started: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const begin = (name: string, rank: Rank) =>
    turns.take(rank, () => {
      started.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
      });
    });
  return { turns, started, begin, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

describe('turns', () => {
  it('are so many at a time, in order', async () => {
    const { turns, started, begin, end } = take(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => begin(name, 'some_accounts'));
    await expect.poll(() => started).toEqual(['a', 'b']);
    expect(turns.waitingCount()).toBe(2);
    end('b');
    expect(await all[1]).toBe('b');
    await expect.poll(() => started).toEqual(['a', 'b', 'c']);
    expect(turns.waitingCount()).toBe(1);
  });

  it('are taken by whole books before some accounts', async () => {
    const { started, begin, end } = take(1);
    void begin('a', 'some_accounts');
    void begin('b', 'some_accounts');
    void begin('book', 'whole_book');
    await expect.poll(() => started).toEqual(['a']);
    end('a');
    await expect.poll(() => started).toEqual(['a', 'book']);
    end('book');
    await expect.poll(() => started).toEqual(['a', 'book', 'b']);
  });

  it('go on after work that fails', async () => {
    const { started, begin, end } = take(1);
    const failing = begin('a', 'whole_book');
    void begin('b', 'whole_book');
    await expect.poll(() => started).toEqual(['a']);
    end('a', new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await expect.poll(() => started).toEqual(['a', 'b']);
  });
});
