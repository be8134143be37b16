// What the next flush may expect of a book.
import { instantFromMs, type Sequence } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { genesisHash } from './chain-hash.ts';
import { createExpectation } from './expectation.ts';
import { expectationMsMax, expectationPauseMsMax } from './limits.ts';

const left = {
  sequence: 7 as Sequence,
  chainHash: genesisHash,
  lastInstant: instantFromMs(1_000),
  now: instantFromMs(1_002),
};

function open() {
  let at = 50.25;
  const expectation = createExpectation(() => at);
  return { expectation, pass: (ms: number) => void (at += ms) };
}

describe('an expectation', () => {
  it('knows nothing before anything was noted, nor after it was dropped', () => {
    const { expectation } = open();
    expect(expectation.head()).toBeUndefined();
    expectation.note(left);
    expect(expectation.head()).toEqual(left);
    expectation.drop();
    expect(expectation.head()).toBeUndefined();
  });

  it('reckons the clock on by whole milliseconds, never ahead', () => {
    const { expectation, pass } = open();
    expectation.note(left);
    pass(0.99);
    expect(expectation.head()?.now).toBe(1_002);
    pass(3.02);
    expect(expectation.head()).toEqual({ ...left, now: 1_006 });
  });

  it('expects nothing of a book that it has not heard of for long', () => {
    const { expectation, pass } = open();
    expectation.note(left);
    pass(expectationMsMax);
    expect(expectation.head()).toBeDefined();
    pass(0.1);
    expect(expectation.head()).toBeUndefined();
  });

  it('expects nothing for a while after a miss, and for twice as long after the next', () => {
    const { expectation, pass } = open();
    expectation.note(left);
    for (const pauseMs of [1, 2, 4]) {
      expectation.wasMissed();
      pass(pauseMs - 0.1);
      expect(expectation.head()).toBeUndefined();
      pass(0.1);
      expect(expectation.head()).toBeDefined();
    }
    expectation.wasMet();
    expectation.wasMissed();
    pass(1);
    expect(expectation.head()).toBeDefined();
  });

  it('never expects nothing for longer than the longest pause', () => {
    const { expectation, pass } = open();
    for (let miss = 0; miss < 20; miss++) expectation.wasMissed();
    expectation.note(left);
    pass(expectationPauseMsMax - 1);
    expect(expectation.head()).toBeUndefined();
    pass(1);
    expect(expectation.head()).toBeDefined();
  });

  it('never expects anything without a clock', () => {
    const expectation = createExpectation(undefined);
    expectation.note(left);
    expectation.wasMissed();
    expect(expectation.head()).toBeUndefined();
  });
});
